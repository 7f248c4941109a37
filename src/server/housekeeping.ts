/** Recurring work of any store, embedded or served: freeing in slices, and what the reference's serverCron does with data. */

import { SLICE_US, STOP, type TimeEvent } from '../engine/time-events.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'

/** Blocks freed between two looks at the clock. */
const FREE_BATCH = 256
const RECLAIM_INTERVAL_MS = 1

export function startHousekeeping(store: Store): void {
  let reclaim: TimeEvent | undefined
  const { clock } = store.environment
  const runReclaim = (): number => {
    const endUs = clock.monotonicUs() + SLICE_US
    let hasMore = true
    while (hasMore && clock.monotonicUs() < endUs) hasMore = store.keyspace.reclaimer.runSlice(FREE_BATCH)
    if (hasMore) return RECLAIM_INTERVAL_MS
    reclaim = undefined
    return STOP
  }
  store.keyspace.reclaimer.onWork = () => {
    reclaim ??= store.timeEvents.add('reclaim', 0, runReclaim)
  }
  store.timeEvents.add('cron', 0, () => {
    const used = store.usedMemory
    if (used > store.statistics[Stat.peakMemory]!) store.statistics[Stat.peakMemory] = used
    return 1000 / store.config.values.hz
  })
}
