/**
 * Turns what a command has replied into JavaScript values, in place: from the bytes in the session's output buffer, which
 * nobody else sees. It trusts them, for they are the reply writer's own, and finds them complete.
 *
 * (ReplyDecoder reads bytes of any origin as they arrive; this reader does the little that is left to do without that, and
 * makes short strings faster than TextDecoder does: bench/embed/calls.bench.ts.)
 */

import { assert } from '../base/assert.js'
import { latin1, utf8 } from '../base/bytes.js'
import { parseDouble } from '../base/double.js'
import { parseInteger } from '../base/integer.js'
import type { OutputBuffer } from '../protocol/output-buffer.js'
import { ReplyError, ReplyType } from '../protocol/reply-decoder.js'

/**
 * What a command replies, as a value.
 *
 * Strings are text or, where bytes were asked for, Uint8Arrays; integers are numbers while they are safe and bigints
 * beyond; nil is null. Maps, sets, doubles and booleans exist in RESP3 only. An error within an array (of EXEC) is a
 * ReplyError. `undefined` is no reply at all.
 */
export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | ReplyError
  | readonly Reply[]
  | ReadonlyMap<Reply, Reply>
  | ReadonlySet<Reply>

/** Strings up to this length are made without TextDecoder if they are ASCII. */
const LOOP_BYTES_MAX = 64

const NO_BYTES = new Uint8Array(0)
const CR = 0x0d
const ZERO = 0x30
const MINUS = 0x2d

export class ReplyReader {
  private bytes: Uint8Array
  private at: number
  private end: number
  private givesBytes: boolean

  constructor() {
    this.bytes = NO_BYTES
    this.at = 0
    this.end = 0
    this.givesBytes = false
  }

  /** Opens what is pending; it has to stay where it is while it is read. */
  open(output: OutputBuffer, givesBytes: boolean): void {
    this.givesBytes = givesBytes
    if (output.segmentCount === 1) {
      this.bytes = output.segmentBytes(0)
      this.at = output.segmentStart(0)
      this.end = output.segmentEnd(0)
    } else this.openJoined(output)
  }

  get hasMore(): boolean {
    return this.at < this.end
  }

  /** Whether what comes next is a message that no command asked for. */
  get isAtPush(): boolean {
    return this.bytes[this.at] === ReplyType.push
  }

  /** Reads the next value; there is one. */
  read(): Reply {
    const type = this.bytes[this.at++]!
    switch (type) {
      case ReplyType.bulk:
        return this.readBulk()
      case ReplyType.simple:
        return this.readSimple()
      case ReplyType.integer:
        return this.readInteger()
      default:
        return this.readRarer(type as ReplyType)
    }
  }

  private openJoined(output: OutputBuffer): void {
    const joined = new Uint8Array(output.pendingBytes)
    let at = 0
    for (let i = 0; i < output.segmentCount; i++) {
      const start = output.segmentStart(i)
      const end = output.segmentEnd(i)
      joined.set(output.segmentBytes(i).subarray(start, end), at)
      at += end - start
    }
    this.bytes = joined
    this.at = 0
    this.end = at
  }

  private readRarer(type: ReplyType): Reply {
    switch (type) {
      case ReplyType.array:
      case ReplyType.push:
        return this.readArray()
      case ReplyType.map:
        return this.readMap()
      case ReplyType.set:
        return this.readSet()
      case ReplyType.error:
        return this.readError()
      case ReplyType.verbatim:
        return this.readVerbatim()
      case ReplyType.attribute:
        return this.skipAttribute()
      default:
        return this.readLine(type)
    }
  }

  private readBulk(): Reply {
    const length = this.readLength()
    if (length < 0) return null
    const start = this.at
    const end = start + length
    this.at = end + 2
    return this.givesBytes ? this.bytes.slice(start, end) : text(this.bytes, start, end)
  }

  private readSimple(): Reply {
    const start = this.at
    const end = this.lineEnd()
    const { bytes } = this
    if (end - start === 2 && bytes[start] === 0x4f && bytes[start + 1] === 0x4b) return 'OK'
    return text(bytes, start, end)
  }

  private readInteger(): Reply {
    const start = this.at
    const end = this.lineEnd()
    const value = parseInteger(this.bytes, start, end)
    return Number.isFinite(value) ? value : BigInt(latin1(this.bytes, start, end))
  }

  private readVerbatim(): Reply {
    const length = this.readLength()
    const start = this.at
    this.at = start + length + 2
    return text(this.bytes, start + 4, start + length)
  }

  private readError(): Reply {
    const start = this.at
    return new ReplyError(utf8(this.bytes, start, this.lineEnd()))
  }

  private readLine(type: ReplyType): Reply {
    const start = this.at
    const end = this.lineEnd()
    switch (type) {
      case ReplyType.nil:
        return null
      case ReplyType.boolean:
        return this.bytes[start] === 0x74 // t
      case ReplyType.double:
        return parseDouble(this.bytes, start, end)
      default:
        assert(type === ReplyType.bigNumber)
        return BigInt(latin1(this.bytes, start, end))
    }
  }

  private readArray(): Reply {
    const count = this.readLength()
    if (count < 0) return null
    const items: Reply[] = []
    for (let i = 0; i < count; i++) items.push(this.read())
    return items
  }

  private readMap(): Reply {
    const count = this.readLength()
    const map = new Map<Reply, Reply>()
    for (let i = 0; i < count; i++) {
      const key = this.read()
      map.set(key, this.read())
    }
    return map
  }

  private readSet(): Reply {
    const count = this.readLength()
    const set = new Set<Reply>()
    for (let i = 0; i < count; i++) set.add(this.read())
    return set
  }

  /** Facts about the value that follows, which is all that is given. */
  private skipAttribute(): Reply {
    const count = this.readLength()
    for (let i = 0; i < count * 2; i++) this.read()
    return this.read()
  }

  /** The number on the line of a header; -1 for a nil of RESP2. */
  private readLength(): number {
    const { bytes } = this
    let at = this.at
    if (bytes[at] === MINUS) {
      this.at = at + 4
      return -1
    }
    let value = 0
    for (let byte = bytes[at]!; byte !== CR; byte = bytes[++at]!) value = value * 10 + byte - ZERO
    this.at = at + 2
    return value
  }

  /** Where the line ends; goes on behind it. */
  private lineEnd(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && bytes[at] !== CR) at++
    assert(at < end)
    this.at = at + 2
    return at
  }
}

/**
 * Text of UTF-8 bytes. Short ASCII text is made by `fromCharCode`, which with its arguments written out is compiled to a plain
 * allocation (with a list of them it takes five times as long).
 */
function text(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > LOOP_BYTES_MAX) return utf8(bytes, start, end)
  let made = ''
  let at = start
  while (at + 8 <= end) {
    const a = bytes[at]!
    const b = bytes[at + 1]!
    const c = bytes[at + 2]!
    const d = bytes[at + 3]!
    const e = bytes[at + 4]!
    const f = bytes[at + 5]!
    const g = bytes[at + 6]!
    const h = bytes[at + 7]!
    if ((a | b | c | d | e | f | g | h) > 0x7f) return utf8(bytes, start, end)
    made += String.fromCharCode(a, b, c, d, e, f, g, h)
    at += 8
  }
  while (at + 2 <= end) {
    const a = bytes[at]!
    const b = bytes[at + 1]!
    if ((a | b) > 0x7f) return utf8(bytes, start, end)
    made += String.fromCharCode(a, b)
    at += 2
  }
  if (at === end) return made
  const last = bytes[at]!
  return last > 0x7f ? utf8(bytes, start, end) : made + String.fromCharCode(last)
}
