/**
 * Holds back rewrites that keep failing: each leaves a small increment, and retried ten times a second they would become many.
 * From the third failure in a row on it waits a minute, then two, four, and so on up to an hour.
 */

const FREE_FAILURES = 3
const MINUTES_MAX = 60
const MS_PER_MINUTE = 60_000

/** The answer while a delay that was announced before lasts. */
export const WAITING = -1

export class RetryDelay {
  private minutes: number
  private untilMs: number

  constructor() {
    this.minutes = 0
    this.untilMs = 0
  }

  /** Minutes of the delay that begins now; 0 when another try is free; WAITING while a delay lasts. */
  next(failures: number, nowMs: number): number {
    if (failures < FREE_FAILURES) {
      this.minutes = 0
      this.untilMs = 0
      return 0
    }
    if (this.untilMs !== 0) {
      if (nowMs < this.untilMs) return WAITING
      this.untilMs = 0
      return 0
    }
    this.minutes = Math.min(MINUTES_MAX, this.minutes === 0 ? 1 : this.minutes * 2)
    this.untilMs = nowMs + this.minutes * MS_PER_MINUTE
    return this.minutes
  }
}
