/**
 * What only the process itself can tell: loaded into the server's process before the server (`node --import`), it answers
 * questions over the channel to its parent. Used where it is not the CPU time that counts, since watching takes some.
 */

import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'

/** Asked for by any message; everything counts since the question before. */
export interface InsideFigures {
  /** Longest stall of the event loop: how late a timer ran, in ms. */
  readonly loopDelayMaxMs: number
  readonly scavenges: number
  readonly markSweeps: number
  readonly collectionMs: number
  /** V8 heap in use after a full collection, in bytes. */
  readonly heapUsedBytes: number
}

const RESOLUTION_MS = 1
/** `detail.kind` of the entries that collections make. */
const SCAVENGE = 1

if (process.send !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect = runInThisContext('gc') as () => void
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let scavenges = 0
  let markSweeps = 0
  let collectionMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if ((entry as { detail?: { kind?: number } }).detail?.kind === SCAVENGE) scavenges++
      else markSweeps++
      collectionMs += entry.duration
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  delay.enable()
  process.on('message', () => {
    // What has been observed and not yet told belongs to this answer; the collection that follows does not.
    setImmediate(() => {
      const loopDelayMaxMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
      const seen = { loopDelayMaxMs, scavenges, markSweeps, collectionMs }
      observer.disconnect()
      collect()
      const figures: InsideFigures = { ...seen, heapUsedBytes: getHeapStatistics().used_heap_size }
      scavenges = 0
      markSweeps = 0
      collectionMs = 0
      observer.observe({ entryTypes: ['gc'] })
      delay.reset()
      process.send!(figures)
    })
  })
  process.channel?.unref()
}
