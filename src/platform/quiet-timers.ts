/** Timers of a store that is a guest in somebody's process: they do not keep it from ending. */

import type { TimerHandle } from '../base/environment.js'
import { NodeTimers } from './node-clock.js'

/** Longest delay setTimeout takes. */
const DELAY_MS_MAX = 0x7fffffff

export class QuietTimers extends NodeTimers {
  override after(delayMs: number, run: () => void): TimerHandle {
    const timer = setTimeout(run, Math.min(Math.ceil(delayMs), DELAY_MS_MAX)).unref()
    return { cancel: () => clearTimeout(timer) }
  }
}

/** Keeps the process from ending, however little it has to do, until the handle is cancelled. */
export function holdProcess(): TimerHandle {
  const timer = setInterval(() => {}, DELAY_MS_MAX)
  return { cancel: () => clearInterval(timer) }
}
