/**
 * MONITOR: tells clients of every command that is run, as a status line, after it has run.
 *
 *     +1700000000.123456 [0 127.0.0.1:50000] "set" "key" "value"
 *
 * In place of the address stands `unix:path`, or `lua` for what a script does. Commands inside of EXEC come before EXEC. A
 * command that wants to be shown before what it causes (EVAL) is marked `skipMonitor` and calls `feed` itself.
 */

import { utf8Bytes } from '../base/bytes.js'
import type { Clock } from '../base/environment.js'
import type { Call } from '../engine/call.js'
import { type Client, type ClientPart, Gate } from '../engine/client.js'
import { State } from '../engine/command.js'
import type { CallMonitor, Executor } from '../engine/executor.js'
import { defineService } from '../engine/services.js'
import { REDACTED, secretArguments } from './redaction.js'

/** A line that grew longer than this gives its memory back. */
const LINE_BYTES_KEPT_MAX = 65536

const HEX = utf8Bytes('0123456789abcdef')
const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SMALL_X = 0x78

export class Monitors implements CallMonitor, ClientPart {
  private readonly executor: Executor
  private readonly clock: Clock
  private readonly clients: Set<Client>
  private line: Uint8Array
  private end: number
  /** Wall-clock time in µs at zero of the monotonic clock. */
  private epochUs: number

  constructor(executor: Executor, clock: Clock) {
    this.executor = executor
    this.clock = clock
    this.clients = new Set()
    this.line = new Uint8Array(1024)
    this.end = 0
    this.epochUs = 0
  }

  get count(): number {
    return this.clients.size
  }

  add(client: Client): void {
    client.gate |= Gate.monitor
    client.join(this)
    this.clients.add(client)
    this.executor.monitor = this
  }

  forget(client: Client): void {
    client.gate &= ~Gate.monitor
    this.clients.delete(client)
    if (this.clients.size === 0) this.executor.monitor = undefined
  }

  feed(call: Call): void {
    if ((call.store.state & State.loading) !== 0) return
    this.write(call)
    for (const client of this.clients) {
      if (!client.takesReplies) continue
      client.reply.raw(this.line, 0, this.end)
      client.port.outputReady()
    }
    if (this.line.length > LINE_BYTES_KEPT_MAX) this.line = new Uint8Array(1024)
  }

  private write(call: Call): void {
    this.end = 0
    this.text(`+${this.timestamp()} [${call.client.database.index} ${origin(call.client)}]`)
    const secrets = secretArguments(call)
    for (let i = 0; i < call.argc; i++) {
      if (secrets.includes(i)) this.quoted(REDACTED, 0, REDACTED.length)
      else this.quoted(call.bytes, call.starts[i]!, call.ends[i]!)
    }
    this.text('\r\n')
  }

  /** Seconds with six places. The wall clock has ms only: the monotonic clock fills in what is below, set anew when it drifts. */
  private timestamp(): string {
    const wallMs = this.clock.nowMs()
    const steadyUs = this.clock.monotonicUs()
    if (Math.floor((this.epochUs + steadyUs) / 1000) !== wallMs) this.epochUs = wallMs * 1000 - steadyUs
    const us = Math.floor(this.epochUs + steadyUs)
    return `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}`
  }

  private text(text: string): void {
    const bytes = utf8Bytes(text)
    this.reserve(bytes.length)
    this.line.set(bytes, this.end)
    this.end += bytes.length
  }

  /** A blank and the argument in quotes, escaped where it is not printable. */
  private quoted(bytes: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 4 + 3)
    const out = this.line
    let at = this.end
    out[at++] = SPACE
    out[at++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      const letter = escapeLetter(byte)
      if (letter !== 0) {
        out[at++] = BACKSLASH
        out[at++] = letter
      } else if (byte >= SPACE && byte < 0x7f) out[at++] = byte
      else {
        out[at++] = BACKSLASH
        out[at++] = SMALL_X
        out[at++] = HEX[byte >>> 4]!
        out[at++] = HEX[byte & 15]!
      }
    }
    out[at++] = QUOTE
    this.end = at
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.line.length) return
    const larger = new Uint8Array(Math.max(this.end + bytes, this.line.length * 2))
    larger.set(this.line.subarray(0, this.end))
    this.line = larger
  }
}

export const monitors = defineService<Monitors>('monitors')

function origin({ port }: Client): string {
  if (port.kind === 'internal') return 'lua'
  return port.kind === 'unix' ? `unix:${port.address.replace(/:0$/, '')}` : port.address
}

/** What stands behind the backslash for a byte that has a short escape; 0 for others. */
function escapeLetter(byte: number): number {
  switch (byte) {
    case BACKSLASH:
    case QUOTE:
      return byte
    case 0x0a:
      return 0x6e
    case 0x0d:
      return 0x72
    case 0x09:
      return 0x74
    case 0x07:
      return 0x61
    case 0x08:
      return 0x62
    default:
      return 0
  }
}
