/**
 * One command being executed: its arguments, its session, and what it may do.
 *
 * Instances are reused, one for each level of nesting (a command, a command in EXEC, a command of a script). Arguments are
 * ranges of a buffer that someone else owns; what is kept beyond the call is copied.
 */

import { equalsIgnoreCase, latin1 } from '../base/bytes.js'
import { parseDouble } from '../base/double.js'
import { type Int64, parseInt64 } from '../base/int64.js'
import { parseInteger } from '../base/integer.js'
import { Slice } from '../base/slice.js'
import type { Arena } from '../memory/arena.js'
import type { Pointer } from '../memory/pointer.js'
import type { Database } from '../keyspace/database.js'
import { type Type, typeOf } from '../keyspace/entry.js'
import type { Keyspace } from '../keyspace/keyspace.js'
import { KEYS_AHEAD } from '../keyspace/look-ahead.js'
import { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { type Client, ClientFlag } from './client.js'
import type { CommandGroup, CommandSpec } from './command.js'
import type { EffectPart } from './effects.js'
import { EventClass } from './key-events.js'
import type { Store } from './store.js'

const EMPTY_BYTES = new Uint8Array(0)
const EMPTY_RANGES = new Int32Array(0)

/** What becomes of a command's effects. */
export const Propagation = {
  /** As sent, when it changed something. */
  asSent: 0,
  /** By other words, which have been added already. */
  replaced: 1,
  none: 2,
  /** As sent, even if it changed nothing. */
  forced: 3,
} as const

export class Call {
  readonly store: Store
  readonly keyspace: Keyspace
  readonly arena: Arena
  command: CommandSpec
  client: Client
  reply: ReplyWriter
  database: Database
  /** Arguments with the command name at 0: the i-th is bytes[starts[i], ends[i]). */
  argc: number
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  /** Time as the command sees it, ms since 1970; the same for a whole transaction. */
  nowMs: number
  /** An error reply was written. */
  hasFailed: boolean
  propagation: number
  private readonly sliceA: Slice

  constructor(store: Store, client: Client, command: CommandSpec) {
    this.store = store
    this.keyspace = store.keyspace
    this.arena = store.keyspace.arena
    this.command = command
    this.client = client
    this.reply = client.reply
    this.database = client.database
    this.argc = 0
    this.bytes = EMPTY_BYTES
    this.starts = EMPTY_RANGES
    this.ends = EMPTY_RANGES
    this.nowMs = 0
    this.hasFailed = false
    this.propagation = Propagation.asSent
    this.sliceA = new Slice()
  }

  // Arguments.

  length(index: number): number {
    return this.ends[index]! - this.starts[index]!
  }

  /** The argument's bytes; the view is reused by the next call of this method. */
  slice(index: number): Slice {
    const slice = this.sliceA
    slice.bytes = this.bytes
    slice.start = this.starts[index]!
    slice.end = this.ends[index]!
    return slice
  }

  /** A copy of the argument's bytes. */
  copyBytes(index: number): Uint8Array {
    return this.bytes.slice(this.starts[index]!, this.ends[index]!)
  }

  /** The argument as a string of one character a byte. Allocates: for cold commands. */
  text(index: number): string {
    return latin1(this.bytes, this.starts[index]!, this.ends[index]!)
  }

  /** True when the argument is the word whose lower-case bytes are `lower`, in any case. */
  is(index: number, lower: Uint8Array): boolean {
    return equalsIgnoreCase(this.bytes, this.starts[index]!, this.ends[index]!, lower)
  }

  /**
   * The argument as an integer.
   *
   * @returns a safe integer, ±Infinity for a 64-bit integer beyond those, NaN for anything else; nothing is replied
   */
  parseInteger(index: number): number {
    return parseInteger(this.bytes, this.starts[index]!, this.ends[index]!)
  }

  /** The argument as an integer; replies "not an integer" and returns NaN when it is none. May return ±Infinity, see above. */
  integer(index: number): number {
    const value = parseInteger(this.bytes, this.starts[index]!, this.ends[index]!)
    if (Number.isNaN(value)) this.fail(ErrorReply.notAnInteger)
    return value
  }

  /** All 64 bits of an integer argument; false, with the error replied, when it is none. */
  int64(index: number, into: Int64): boolean {
    if (parseInt64(this.bytes, this.starts[index]!, this.ends[index]!, into)) return true
    this.fail(ErrorReply.notAnInteger)
    return false
  }

  /** The argument as a double, NaN when it is none; nothing is replied. */
  float(index: number): number {
    return parseDouble(this.bytes, this.starts[index]!, this.ends[index]!)
  }

  // Keys. An entry is 0 when the key is missing (or past its time).

  /** Looks a key up to read it: counts a hit or a miss, notes the access. */
  findRead(index: number): Pointer {
    return this.database.lookupRead(this.bytes, this.starts[index]!, this.ends[index]!, this.touches)
  }

  /** Looks a key up to change it. */
  findWrite(index: number): Pointer {
    return this.database.lookupWrite(this.bytes, this.starts[index]!, this.ends[index]!, this.touches)
  }

  /** Call it before the key at `index`, in a loop over keys: brings the next few near (keyspace/look-ahead.ts). */
  lookAhead(index: number, step: number): void {
    if ((index - 1) % (KEYS_AHEAD * step) !== 0) return
    this.keyspace.lookAhead.take(this.bytes, this.starts, this.ends, index, this.argc, step, this.database.keys)
  }

  /** Looks a key up without a trace. */
  peek(index: number): Pointer {
    return this.database.peek(this.bytes, this.starts[index]!, this.ends[index]!)
  }

  /** True when the entry is of a type; otherwise replies WRONGTYPE. Only for entries that exist. */
  hasType(entry: Pointer, type: Type): boolean {
    if (typeOf(this.arena, entry) === type) return true
    this.fail(ErrorReply.wrongType)
    return false
  }

  get touches(): boolean {
    return (this.client.flags & ClientFlag.noTouch) === 0
  }

  // Outcome.

  /** Replies with an error. */
  fail(error: ErrorReply): void {
    this.hasFailed = true
    this.reply.error(error)
    this.store.executor.countError(error)
  }

  /**
   * Notes that the data set changed.
   *
   * @param count  changes, as `dirty` counts them
   * @param event  announced for the key at `index`, in the class of the command's group
   */
  changed(count: number, event?: string, index = 1): void {
    this.store.dirty += count
    if (event !== undefined && this.store.keyEvents !== undefined) {
      this.notify(groupEventClass(this.command.group), event, index)
    }
  }

  /** Announces an event for the key at an argument. */
  notify(eventClass: number, event: string, index: number): void {
    const listener = this.store.keyEvents
    if (listener === undefined) return
    listener.keyEvent(eventClass, event, this.database, this.bytes, this.starts[index]!, this.ends[index]!)
  }

  /** True when effects are wanted; spares building other words for nobody. */
  get propagates(): boolean {
    return this.store.effects.isActive
  }

  /** Tells the feed other words than the client's. May be called several times: they form one unit. */
  propagateAs(parts: readonly EffectPart[]): void {
    this.propagation = Propagation.replaced
    if (this.store.effects.isActive) this.store.effects.addParts(this.database.index, parts)
  }

  /** Tells the feed the client's words, but for the one at an argument, which is `word` up to `wordEnd`. */
  propagateReplacing(index: number, word: Uint8Array, wordEnd: number): void {
    this.propagation = Propagation.replaced
    const { argc, bytes, database, ends, starts } = this
    const { effects } = this.store
    if (effects.isActive) effects.addRequestReplacing(database.index, bytes, starts, ends, argc, index, word, wordEnd)
  }

  /** Keeps the command from the feed. */
  propagateNothing(): void {
    this.propagation = Propagation.none
  }
}

function groupEventClass(group: CommandGroup): number {
  switch (group) {
    case 'string':
    case 'bitmap':
    case 'hyperloglog':
      return EventClass.string
    case 'list':
      return EventClass.list
    case 'set':
      return EventClass.set
    case 'hash':
      return EventClass.hash
    case 'sorted-set':
    case 'geo':
      return EventClass.sortedSet
    case 'stream':
      return EventClass.stream
    default:
      return EventClass.generic
  }
}
