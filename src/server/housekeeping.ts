/**
 * Recurring work of any store, embedded or served: what the reference's serverCron does with data, freeing in slices, and the
 * parameters that steer both.
 */

import { SLICE_US, STOP, type TimeEvent } from '../engine/time-events.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { effectiveHz } from '../introspection/hertz.js'
import { infoFigures } from '../introspection/info/figures.js'
import { ExpireCycle } from '../keyspace/expire-cycle.js'

/** Blocks freed between two looks at the clock. */
const FREE_BATCH = 256
const RECLAIM_INTERVAL_MS = 1

export function startHousekeeping(store: Store): void {
  const cycle = new ExpireCycle(store.keyspace, store.environment.clock)
  applyParameters(store, cycle)
  startReclaiming(store)
  const expire = startExpiring(store, cycle)
  store.timeEvents.add('cron', 0, () => {
    if (!store.isCronPaused) {
      noteFigures(store)
      expire()
    }
    return 1000 / effectiveHz(store)
  })
}

/** What INFO shows of the past: the most memory that was in use, and rates. */
function noteFigures(store: Store): void {
  const { environment, services, statistics } = store
  const startUs = environment.clock.monotonicUs()
  const used = store.usedMemory
  if (used > statistics[Stat.peakMemory]!) statistics[Stat.peakMemory] = used
  services.get(infoFigures).sample(startUs)
  statistics[Stat.cronTimeUs]! += environment.clock.monotonicUs() - startUs
}

/** Lets a slice of the expiry cycle run with every cron, and more after pauses while there is more to do. */
function startExpiring(store: Store, cycle: ExpireCycle): () => void {
  const runSlice = (): number => {
    if (store.isCronPaused || store.isReplica) return STOP
    store.executor.beginBatch()
    const hasMore = cycle.runSlice(SLICE_US)
    checkMemory(store)
    return hasMore ? cycle.pauseMs(SLICE_US) : STOP
  }
  let isBehind = false
  const slice: TimeEvent = store.timeEvents.add('expire', 0, () => {
    const delayMs = runSlice()
    isBehind = delayMs !== STOP
    return delayMs
  })
  return () => {
    if (!isBehind) slice.reschedule(0)
  }
}

/** Frees what the reclaimer has, a slice at a time, whenever it has something. */
function startReclaiming(store: Store): void {
  const { clock } = store.environment
  const { reclaimer } = store.keyspace
  let isWaiting = false
  reclaimer.onWork = () => {
    if (isWaiting) return
    isWaiting = true
    store.timeEvents.add('reclaim', 0, () => {
      const endUs = clock.monotonicUs() + SLICE_US
      let hasMore = true
      while (hasMore && clock.monotonicUs() < endUs) hasMore = reclaimer.runSlice(FREE_BATCH)
      checkMemory(store)
      isWaiting = hasMore
      return hasMore ? RECLAIM_INTERVAL_MS : STOP
    })
  }
}

function checkMemory(store: Store): void {
  if (store.memoryLimit.limitBytes !== Infinity) store.memoryLimit.check()
}

function applyParameters(store: Store, cycle: ExpireCycle): void {
  const { config, keyspace } = store
  const apply = (): undefined => {
    const { values } = config
    cycle.effort = values['active-expire-effort']
    keyspace.lfuDecayMinutes = values['lfu-decay-time']
    keyspace.lfuLogFactor = values['lfu-log-factor']
    keyspace.setLfu(values['maxmemory-policy'].endsWith('lfu'))
    keyspace.lazyFreesExpired = values['lazyfree-lazy-expire']
    keyspace.lazyFreesDeleted = values['lazyfree-lazy-user-del']
    keyspace.lazyFreesOverwritten = values['lazyfree-lazy-server-del']
  }
  apply()
  config.onChange(
    [
      'active-expire-effort', 'lfu-decay-time', 'lfu-log-factor', 'maxmemory-policy',
      'lazyfree-lazy-expire', 'lazyfree-lazy-user-del', 'lazyfree-lazy-server-del',
    ],
    apply,
  ) // prettier-ignore
}
