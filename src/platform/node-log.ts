/**
 * The log, in the line format that tools know: `pid:role day month year time.ms sign message`.
 *
 * Lines go to standard output or, with `logfile`, are appended to a file that is opened anew for each line, so that a
 * rotated file needs no signal.
 */

import { appendFileSync, writeSync } from 'node:fs'
import { pid } from 'node:process'
import type { Log, LogLevel } from '../base/environment.js'

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']
const SIGNS = '.-*#'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export class NodeLog implements Log {
  level: LogLevel | 'nothing'
  /** Empty: standard output. */
  file: string
  /** M(aster), S(lave), C(hild), X (sentinel). */
  role: string

  constructor() {
    this.level = 'notice'
    this.file = ''
    this.role = 'M'
  }

  write(level: LogLevel, message: string): void {
    const rank = LEVELS.indexOf(level)
    if (this.level === 'nothing' || rank < LEVELS.indexOf(this.level)) return
    this.append(`${pid}:${this.role} ${timestamp(new Date())} ${SIGNS[rank]} ${message}\n`)
  }

  /** A line without head, for the banner and reports. */
  raw(text: string): void {
    if (this.level !== 'nothing') this.append(text)
  }

  private append(line: string): void {
    try {
      if (this.file === '') writeSync(1, line)
      else appendFileSync(this.file, line)
    } catch {
      // A log that cannot be written must not stop the server, and there is nowhere to say so.
    }
  }
}

function timestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(date.getDate())} ${MONTHS[date.getMonth()]!} ${date.getFullYear()}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
