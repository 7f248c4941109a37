/**
 * The log, in the line format that tools know: `pid:role day month year time.ms sign message`.
 *
 * Lines go to standard output or, with `logfile`, are appended to a file that is opened anew for each line, so that a
 * rotated file needs no signal.
 */

import { appendFileSync, writeSync } from 'node:fs'
import { pid } from 'node:process'
import type { Log, LogLevel } from '../base/environment.js'
import { nodeText } from './byte-string.js'
import type { SystemLog } from './system-log.js'

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']
const SIGNS = '.-*#'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Longer messages are cut, as the reference cuts them. */
const MESSAGE_CHARACTERS_MAX = 1023

export class NodeLog implements Log {
  level: LogLevel | 'nothing'
  /** M(aster), S(lave), C(hild), X (sentinel). */
  role: string
  /** Gets every message, too, when there is one. */
  system: SystemLog | undefined
  /** Empty: standard output. */
  private path: string

  constructor() {
    this.level = 'notice'
    this.role = 'M'
    this.system = undefined
    this.path = ''
  }

  /** Goes on in a file, '' for standard output. Throws when the file cannot be written. */
  moveTo(path: string): void {
    const file = nodeText(path)
    if (file !== '') appendFileSync(file, '')
    this.path = file
  }

  get isFile(): boolean {
    return this.path !== ''
  }

  write(level: LogLevel, message: string): void {
    const rank = LEVELS.indexOf(level)
    if (this.level === 'nothing' || rank < LEVELS.indexOf(this.level)) return
    this.append(`${pid}:${this.role} ${timestamp(new Date())} ${SIGNS[rank]} ${cut(message)}\n`)
    this.system?.write(level, cut(message))
  }

  /** Text without a head, for the logo and reports. */
  raw(text: string): void {
    if (this.level !== 'nothing') this.append(text)
  }

  private append(text: string): void {
    try {
      if (this.path === '') writeSync(1, text)
      else appendFileSync(this.path, text)
    } catch {
      // A log that cannot be written must not stop the server, and there is nowhere to say so.
    }
  }
}

function cut(message: string): string {
  return message.length > MESSAGE_CHARACTERS_MAX ? message.slice(0, MESSAGE_CHARACTERS_MAX) : message
}

function timestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(date.getDate())} ${MONTHS[date.getMonth()]!} ${date.getFullYear()}`
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
