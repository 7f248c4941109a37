/**
 * Recurring work of any store, embedded or served: what the reference's serverCron does with data, freeing in slices, and the
 * parameters that steer both.
 */

import { State } from '../engine/command.js'
import { latencyEvents } from '../engine/latency-events.js'
import { SLICE_US, STOP, type TimeEvent } from '../engine/time-events.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { effectiveHz } from '../introspection/hertz.js'
import { infoFigures } from '../introspection/info/figures.js'
import { ExpireCycle } from '../keyspace/expire-cycle.js'
import { FieldExpireCycle } from '../keyspace/field-expire-cycle.js'

/** Blocks freed, and buckets joined, between two looks at the clock. */
const FREE_BATCH = 256
const JOIN_BATCH = 256
/** Ticks of the cron without a command after which the store counts as idle: about a second. */
const IDLE_TICKS = 10
/** Pause between slices of work that is nobody's hurry. */
const PAUSE_MS = 1

export function startHousekeeping(store: Store): void {
  const cycle = new ExpireCycle(store.keyspace, store.environment.clock)
  applyParameters(store, cycle)
  startReclaiming(store)
  const expire = repeating(store, 'expire', () => {
    if (store.isReplica || (store.state & State.busyScript) !== 0) return STOP
    const hasMore = runExpireSlice(store, cycle)
    checkMemory(store)
    return hasMore ? cycle.pauseMs(SLICE_US) : STOP
  })
  const fields = new FieldExpireCycle(store.keyspace, store.environment.clock)
  const expireFields = repeating(store, 'expire fields', () => {
    if (store.isReplica || (store.state & State.busyScript) !== 0) return STOP
    store.executor.beginBatch()
    return fields.runSlice(SLICE_US) ? cycle.pauseMs(SLICE_US) : STOP
  })
  const shrink = repeating(store, 'shrink', () =>
    runBatches(store, () => store.keyspace.shrinkTables(JOIN_BATCH)) ? PAUSE_MS : STOP,
  )
  const release = releasing(store)
  store.timeEvents.add('cron', 0, () => {
    release()
    // While a script is busy, nothing else may change the data.
    if (!store.isCronPaused && (store.state & State.busyScript) === 0) {
      noteFigures(store)
      expire()
      expireFields()
      shrink()
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

/**
 * Returns a check that gives dropped segments back to the system. V8 frees them only when it collects its heap, which hardly
 * ever happens here, and a collection on demand takes some 10 ms: the check waits until nobody has sent a command for a while.
 */
function releasing(store: Store): () => void {
  const { arena } = store.keyspace
  let reserved = arena.reservedBytes
  let commands = 0
  let idleTicks = 0
  let hasDropped = false
  return () => {
    const now = arena.reservedBytes
    const commandsNow = store.statistics[Stat.commands]!
    if (now < reserved) hasDropped = true
    idleTicks = commandsNow === commands && now === reserved ? idleTicks + 1 : 0
    commands = commandsNow
    reserved = now
    if (!hasDropped || idleTicks < IDLE_TICKS) return
    hasDropped = false
    store.environment.host.releaseMemory()
  }
}

function runExpireSlice(store: Store, cycle: ExpireCycle): boolean {
  const { clock } = store.environment
  store.executor.beginBatch()
  const startUs = clock.monotonicUs()
  const hasMore = cycle.runSlice(SLICE_US)
  const { services } = store
  if (services.has(latencyEvents))
    services.get(latencyEvents).note('expire-cycle', (clock.monotonicUs() - startUs) / 1000)
  return hasMore
}

/** Frees what the reclaimer has, a slice at a time, whenever it has something. */
function startReclaiming(store: Store): void {
  const { reclaimer } = store.keyspace
  reclaimer.onWork = repeating(store, 'reclaim', () => {
    const hasMore = runBatches(store, () => reclaimer.runSlice(FREE_BATCH))
    checkMemory(store)
    return hasMore ? PAUSE_MS : STOP
  })
}

/**
 * Work in slices that ends by itself and is called for again. While slices are still to come, calling has no effect.
 *
 * @param runSlice  returns the pause in ms before the next slice, or STOP
 */
function repeating(store: Store, name: string, runSlice: () => number): () => void {
  let isWaiting = false
  const event: TimeEvent = store.timeEvents.add(name, 0, () => {
    const delayMs = runSlice()
    isWaiting = delayMs !== STOP
    return delayMs
  })
  event.cancel()
  return () => {
    if (isWaiting) return
    isWaiting = true
    event.reschedule(0)
  }
}

/** Runs a batch after the other until a slice's time is over; false when a batch was the last. */
function runBatches(store: Store, runBatch: () => boolean): boolean {
  const { clock } = store.environment
  const endUs = clock.monotonicUs() + SLICE_US
  while (runBatch()) if (clock.monotonicUs() >= endUs) return true
  return false
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
