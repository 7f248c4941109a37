/**
 * Recurring and one-off work of a store: a min-heap of time events over one platform timer.
 *
 * An event runs for at most its budget and says when it wants to run again, so that expiry, freeing, client time-outs and
 * later snapshots share the loop with commands. Time is the store's clock: in a simulation, the simulation's.
 */

import type { Clock, TimerHandle, Timers } from '../base/environment.js'
import { type HeapEntry, MinHeap } from '../base/min-heap.js'

/** How long one slice of background work may take before it yields to commands, in microseconds. */
export const SLICE_US = 1000
/** Events run in one go before the loop gets its turn again. */
const EVENTS_PER_TURN_MAX = 64
/** Once they have taken this long, ms, what else is due waits for the next turn: while one event runs, another's pause ends. */
const TURN_MS = 0.5

export const STOP = -1

/** Runs one slice; returns the delay in ms until the next, or STOP. */
export type TimeEventRun = (nowMs: number) => number

export interface TimeEvent {
  readonly name: string
  cancel(): void
  /** Moves the next run. */
  reschedule(delayMs: number): void
}

export class TimeEvents {
  private readonly clock: Clock
  private readonly timers: Timers
  private readonly heap: MinHeap<ScheduledEvent>
  private timer: TimerHandle | undefined
  private timerDueMs: number
  private isStopped: boolean
  private isRunning: boolean
  private readonly tick: () => void

  constructor(clock: Clock, timers: Timers) {
    this.clock = clock
    this.timers = timers
    this.heap = new MinHeap()
    this.timer = undefined
    this.timerDueMs = Infinity
    this.isStopped = false
    this.isRunning = false
    this.tick = () => this.runDue()
  }

  get size(): number {
    return this.heap.size
  }

  add(name: string, delayMs: number, run: TimeEventRun): TimeEvent {
    const event = new ScheduledEvent(this, name, run)
    event.entry = this.heap.push(this.monotonicMs() + delayMs, event)
    this.arm()
    return event
  }

  /** Ends all events; nothing runs afterwards. */
  stop(): void {
    this.isStopped = true
    this.timer?.cancel()
    this.timer = undefined
    while (this.heap.size > 0) this.heap.pop()
  }

  /** Moves an event to `delayMs` from now. */
  move(event: ScheduledEvent, delayMs: number): void {
    if (this.isStopped) return
    if (event.entry !== undefined) this.heap.remove(event.entry)
    event.entry = this.heap.push(this.monotonicMs() + delayMs, event)
    this.arm()
  }

  drop(event: ScheduledEvent): void {
    if (event.entry !== undefined) this.heap.remove(event.entry)
    event.entry = undefined
  }

  private monotonicMs(): number {
    return this.clock.monotonicUs() / 1000
  }

  private runDue(): void {
    this.timer = undefined
    this.timerDueMs = Infinity
    this.isRunning = true
    const endMs = this.monotonicMs() + TURN_MS
    for (let ran = 0; ran < EVENTS_PER_TURN_MAX && !this.isStopped; ran++) {
      // Asked anew each time: what an event adds for now runs in this turn, and the loop need not wake up again for it.
      const nowMs = this.monotonicMs()
      if (this.heap.leastKey > nowMs || (nowMs > endMs && ran > 0)) break
      const event = this.heap.pop()!.value
      event.entry = undefined
      const delayMs = event.run(this.clock.nowMs())
      if (delayMs !== STOP && event.entry === undefined && !event.isCancelled && !this.isStopped) {
        event.entry = this.heap.push(this.monotonicMs() + delayMs, event)
      }
    }
    this.isRunning = false
    this.arm()
  }

  private arm(): void {
    if (this.isStopped || this.isRunning || this.heap.size === 0) return
    const dueMs = this.heap.leastKey
    if (this.timer !== undefined && this.timerDueMs <= dueMs) return
    this.timer?.cancel()
    this.timerDueMs = dueMs
    this.timer = this.timers.after(Math.max(0, dueMs - this.monotonicMs()), this.tick)
  }
}

class ScheduledEvent implements TimeEvent {
  readonly name: string
  readonly run: TimeEventRun
  entry: HeapEntry<ScheduledEvent> | undefined
  isCancelled: boolean
  private readonly owner: TimeEvents

  constructor(owner: TimeEvents, name: string, run: TimeEventRun) {
    this.owner = owner
    this.name = name
    this.run = run
    this.entry = undefined
    this.isCancelled = false
  }

  cancel(): void {
    this.isCancelled = true
    this.owner.drop(this)
  }

  reschedule(delayMs: number): void {
    this.isCancelled = false
    this.owner.move(this, delayMs)
  }
}
