/** How far a long run has come, on one line of a terminal. */

import type { Clock } from '../../base/environment.js'
import { sizeText } from './text.js'

const FIRST_AFTER_US = 500_000
const INTERVAL_US = 100_000
const WIDTH = 30

export class ProgressBar {
  private readonly clock: Clock
  private readonly print: (text: string) => void
  private readonly totalBytes: number
  private readonly startUs: number
  private nextUs: number
  private isShown: boolean

  constructor(clock: Clock, totalBytes: number, print: (text: string) => void) {
    this.clock = clock
    this.print = print
    this.totalBytes = totalBytes
    this.startUs = clock.monotonicUs()
    this.nextUs = this.startUs + FIRST_AFTER_US
    this.isShown = false
  }

  show(offset: number): void {
    const nowUs = this.clock.monotonicUs()
    if (nowUs < this.nextUs) return
    this.nextUs = nowUs + INTERVAL_US
    this.isShown = true
    const part = this.totalBytes === 0 ? 1 : offset / this.totalBytes
    const filled = Math.round(part * WIDTH)
    const bar = `${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}`
    const leftSeconds = part === 0 ? 0 : ((nowUs - this.startUs) / 1e6) * (1 / part - 1)
    const figures = `${(part * 100).toFixed(1)} % of ${sizeText(this.totalBytes)}, ${Math.ceil(leftSeconds)} s left`
    this.print(`\r[${bar}] ${figures}   `)
  }

  /** Takes the line away. */
  end(): void {
    if (this.isShown) this.print(`\r${' '.repeat(WIDTH + 50)}\r`)
    this.isShown = false
  }
}
