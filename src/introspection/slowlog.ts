/**
 * The slow log: calls that took longer than `slowlog-log-slower-than`, newest first, with what they were asked to do.
 *
 * Entries hold their own, shortened copies of the arguments. Waiting (in a blocking command, in a pause) does not count as
 * taking long. Limits are those of Redis.
 */

import { latin1Bytes } from '../base/bytes.js'
import type { Config } from '../config/config.js'
import type { Call } from '../engine/call.js'
import { Flag } from '../engine/command.js'
import type { CallObserver } from '../engine/executor.js'
import { defineService } from '../engine/services.js'
import { REDACTED, secretArguments } from './redaction.js'

/** Arguments an entry shows; with more, the last one tells how many are left out. */
export const SLOWLOG_ARGS_MAX = 32
/** Bytes an argument shows. */
export const SLOWLOG_ARG_BYTES_MAX = 128

export interface SlowlogEntry {
  readonly id: number
  readonly timeSeconds: number
  readonly durationUs: number
  readonly args: readonly Uint8Array[]
  /** Who called, and under which name. */
  readonly address: string
  readonly name: string
}

export class Slowlog implements CallObserver {
  /** Oldest first; those before `head` are gone. */
  private entries: (SlowlogEntry | undefined)[]
  private head: number
  private nextId: number
  private slowerThanUs: number
  private lengthMax: number

  constructor(config: Config) {
    this.entries = []
    this.head = 0
    this.nextId = 0
    this.slowerThanUs = config.values['slowlog-log-slower-than']
    this.lengthMax = config.values['slowlog-max-len']
  }

  get thresholdUs(): number {
    return this.slowerThanUs < 0 ? Infinity : this.slowerThanUs
  }

  get length(): number {
    return this.entries.length - this.head
  }

  /** @param slowerThanUs  negative: nothing is logged */
  configure(slowerThanUs: number, lengthMax: number): void {
    this.slowerThanUs = slowerThanUs
    this.lengthMax = lengthMax
    if (slowerThanUs >= 0) this.trim()
  }

  observe(call: Call, durationUs: number): void {
    if ((call.command.flags & Flag.skipSlowlog) !== 0) return
    const { client } = call
    this.entries.push({
      id: this.nextId++,
      timeSeconds: Math.floor(call.store.environment.clock.nowMs() / 1000),
      durationUs: Math.floor(durationUs),
      args: shortArguments(call),
      address: client.port.address,
      name: client.name,
    })
    this.trim()
  }

  /** The n-th newest, from 0. */
  entry(index: number): SlowlogEntry {
    return this.entries[this.entries.length - 1 - index]!
  }

  reset(): void {
    this.entries = []
    this.head = 0
  }

  private trim(): void {
    while (this.length > this.lengthMax) this.entries[this.head++] = undefined
    if (this.head * 2 <= this.entries.length) return
    this.entries.splice(0, this.head)
    this.head = 0
  }
}

export const slowlogService = defineService<Slowlog>('slowlog')

function shortArguments(call: Call): Uint8Array[] {
  const secrets = secretArguments(call)
  const isCut = call.argc > SLOWLOG_ARGS_MAX
  const shown = isCut ? SLOWLOG_ARGS_MAX - 1 : call.argc
  const args: Uint8Array[] = []
  for (let i = 0; i < shown; i++) args.push(secrets.includes(i) ? REDACTED : shortArgument(call, i))
  if (isCut) args.push(latin1Bytes(`... (${call.argc - shown} more arguments)`))
  return args
}

function shortArgument(call: Call, index: number): Uint8Array {
  const length = call.length(index)
  if (length <= SLOWLOG_ARG_BYTES_MAX) return call.copyBytes(index)
  const start = call.starts[index]!
  const note = latin1Bytes(`... (${length - SLOWLOG_ARG_BYTES_MAX} more bytes)`)
  const short = new Uint8Array(SLOWLOG_ARG_BYTES_MAX + note.length)
  short.set(call.bytes.subarray(start, start + SLOWLOG_ARG_BYTES_MAX), 0)
  short.set(note, SLOWLOG_ARG_BYTES_MAX)
  return short
}
