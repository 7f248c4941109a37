/**
 * Time that passes only when it is told to, with the timers that fall due as it passes.
 *
 * Work that belongs to the end of a loop turn does not wait for time to pass: it runs when the loop comes to it, as in any
 * store, or at the next `advance`, whichever is first.
 */

import type { Clock, TimerHandle, Timers } from '../base/environment.js'
import { type HeapEntry, MinHeap } from '../base/min-heap.js'

/** Up to here timers run to the millisecond. */
const EXACT_MS_MAX = 1_000_000
/** Rounds that a longer advance is divided into: recurring work falls due twenty times a second, too often for a month of it. */
const ROUNDS = 20_000

/** Behind a wall clock that was read less than this ago, the executor counts on by itself. */
const WALL_CLOCK_MS = 2

export class VirtualTime implements Clock, Timers {
  /** What the clock on the wall shows, ms since 1970. */
  private wallMs: number
  /** Ms since the start; grows also when the wall clock is set back. */
  private passedMs: number
  private readonly waiting: MinHeap<() => void>
  private turnEnd: (() => void)[]
  private isTurnEndScheduled: boolean
  private readonly loop: Timers

  /** @param loop  tells when a turn of the real event loop ends */
  constructor(startMs: number, loop: Timers) {
    this.wallMs = startMs
    this.passedMs = 0
    this.waiting = new MinHeap()
    this.turnEnd = []
    this.isTurnEndScheduled = false
    this.loop = loop
  }

  nowMs(): number {
    return this.wallMs
  }

  monotonicUs(): number {
    return this.passedMs * 1000
  }

  after(delayMs: number, run: () => void): TimerHandle {
    const entry = this.waiting.push(this.passedMs + Math.max(0, Math.ceil(delayMs)), run)
    return new VirtualTimer(this.waiting, entry)
  }

  atTurnEnd(run: () => void): void {
    this.turnEnd.push(run)
    if (this.isTurnEndScheduled) return
    this.isTurnEndScheduled = true
    this.loop.atTurnEnd(() => this.endTurn())
  }

  soon(run: () => void): void {
    this.atTurnEnd(run)
  }

  /**
   * Sets the clock on the wall. The other clock moves by as little as makes the executor look at both again, and no timer
   * runs for it.
   */
  setWall(nowMs: number): void {
    this.wallMs = nowMs
    this.passedMs += WALL_CLOCK_MS
  }

  /**
   * Lets time pass and runs what falls due, in order; in a long advance up to one round late, as after a sleep of the machine.
   *
   * @param milliseconds  whole, 0 or more
   */
  advance(milliseconds: number): void {
    const untilMs = this.passedMs + milliseconds
    const stepMs = milliseconds <= EXACT_MS_MAX ? 1 : Math.ceil(milliseconds / ROUNDS)
    this.endTurn()
    while (this.waiting.leastKey <= untilMs) {
      const laterMs = Math.max(0, this.waiting.leastKey - this.passedMs)
      this.moveTo(Math.min(untilMs, this.passedMs + Math.ceil(laterMs / stepMs) * stepMs))
      this.waiting.pop()!.value()
      this.endTurn()
    }
    this.moveTo(untilMs)
  }

  private moveTo(passedMs: number): void {
    this.wallMs += passedMs - this.passedMs
    this.passedMs = passedMs
  }

  private endTurn(): void {
    this.isTurnEndScheduled = false
    while (this.turnEnd.length > 0) {
      const work = this.turnEnd
      this.turnEnd = []
      for (const run of work) run()
    }
  }
}

class VirtualTimer implements TimerHandle {
  private readonly waiting: MinHeap<() => void>
  private readonly entry: HeapEntry<() => void>

  constructor(waiting: MinHeap<() => void>, entry: HeapEntry<() => void>) {
    this.waiting = waiting
    this.entry = entry
  }

  cancel(): void {
    this.waiting.remove(this.entry)
  }
}
