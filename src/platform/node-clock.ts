/** Time, randomness and timers of the real world. */

import { randomFillSync } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock, Random, TimerHandle, Timers } from '../base/environment.js'

export class NodeClock implements Clock {
  nowMs(): number {
    return Date.now()
  }

  monotonicUs(): number {
    return performance.now() * 1000
  }
}

/** Numbers drawn from the system's generator, a block at a time. */
export class NodeRandom implements Random {
  private readonly block: Uint32Array
  private used: number

  constructor() {
    this.block = new Uint32Array(1024)
    this.used = this.block.length
  }

  next32(): number {
    if (this.used === this.block.length) {
      randomFillSync(this.block)
      this.used = 0
    }
    return this.block[this.used++]!
  }

  fill(bytes: Uint8Array): void {
    randomFillSync(bytes)
  }
}

export class NodeTimers implements Timers {
  after(delayMs: number, run: () => void): TimerHandle {
    // Node counts from the start of the turn, which may be a millisecond ago: a long delay would end too early, and the
    // loop wake up twice. A short one is not worth waiting longer for.
    const wanted = Math.ceil(delayMs) + (delayMs >= LONG_DELAY_MS ? 1 : 0)
    const timer = setTimeout(run, Math.min(wanted, DELAY_MS_MAX))
    return { cancel: () => clearTimeout(timer) }
  }

  atTurnEnd(run: () => void): void {
    setImmediate(run)
  }

  soon(run: () => void): void {
    setImmediate(run)
  }
}

const LONG_DELAY_MS = 10

/** Longest delay setTimeout takes; the caller sees that it is not due yet and waits again. */
const DELAY_MS_MAX = 0x7fffffff
