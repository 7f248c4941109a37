/**
 * The system logger, through the program `logger`, which Linux, the BSDs and macOS have: Node itself cannot send to it.
 *
 * One `logger` runs as long as the server does and reads a line a message, each with its priority before it (RFC 5424,
 * section 6.2.1: facility times 8 plus severity).
 */

import { type ChildProcess, spawn } from 'node:child_process'
import type { LogLevel } from '../base/environment.js'

const FACILITIES: Readonly<Record<string, number>> = {
  user: 1,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
}
const SEVERITIES: Readonly<Record<LogLevel, number>> = { debug: 7, verbose: 6, notice: 5, warning: 4 }
/** Messages are dropped while so many bytes wait for a logger that does not read. */
const PENDING_BYTES_MAX = 1 << 20

export class SystemLog {
  private readonly child: ChildProcess
  private readonly facility: number
  private isGone: boolean

  /** @param onGone  told once, when there is no such program or it has ended */
  constructor(identity: string, facility: string, onGone: (reason: string) => void) {
    this.facility = FACILITIES[facility] ?? FACILITIES['local0']!
    this.isGone = false
    this.child = spawn('logger', ['-t', identity, '--prio-prefix'], { stdio: ['pipe', 'ignore', 'ignore'] })
    const gone = (reason: string): void => {
      if (this.isGone) return
      this.isGone = true
      onGone(reason)
    }
    this.child.on('error', (error) => gone(error.message))
    this.child.on('exit', (status) => gone(`logger ended with status ${status ?? 'unknown'}`))
    this.child.stdin?.on('error', (error) => gone(error.message))
    this.child.unref()
  }

  write(level: LogLevel, message: string): void {
    const { stdin } = this.child
    if (this.isGone || stdin === null || stdin.writableLength > PENDING_BYTES_MAX) return
    stdin.write(`<${this.facility * 8 + SEVERITIES[level]}>${message.replaceAll('\n', ' ')}\n`)
  }
}
