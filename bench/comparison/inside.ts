/**
 * What only the process itself can tell: loaded into the server's process before the server (`node --expose-gc --import`), it
 * answers questions on a descriptor that it inherits. Used where it is not the CPU time that counts, since watching takes some.
 */

import { Socket } from 'node:net'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

/** Where questions come in and answers go out. */
const INSIDE_DESCRIPTOR = 3

/** Asked for by any byte; everything counts since the question before. */
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

function tell(): void {
  const loopDelayMaxMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
  const seen = { loopDelayMaxMs, scavenges, markSweeps, collectionMs }
  observer.disconnect() // the collection that follows is ours
  globalThis.gc!()
  const figures: InsideFigures = { ...seen, heapUsedBytes: getHeapStatistics().used_heap_size }
  scavenges = 0
  markSweeps = 0
  collectionMs = 0
  observer.observe({ entryTypes: ['gc'] })
  delay.reset()
  channel.write(`${JSON.stringify(figures)}\n`)
}

const channel = new Socket({ fd: INSIDE_DESCRIPTOR, readable: true, writable: true })
channel.unref()
channel.on('data', () => setImmediate(tell)) // what has been observed by now is told to the observer first
channel.on('error', () => {})
observer.observe({ entryTypes: ['gc'] })
delay.enable()
