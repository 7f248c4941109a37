/**
 * Listpacks: short sequences of strings and integers in one run of bytes. This file reads them; listpack-edit.ts changes them.
 *
 *     | total bytes, u32 LE | elements, u16 LE | entry | entry | … | 0xFF |
 *
 *     entry:  | encoding, and what it holds | length of that, to be read backwards, 1 .. 5 bytes |
 *
 *     0xxxxxxx                     7-bit unsigned integer
 *     10llllll                     string of up to 63 bytes
 *     110xxxxx xxxxxxxx            13-bit signed integer
 *     1110llll llllllll            string of up to 4095 bytes
 *     11110000 and 4 bytes         string, its length in 32 bits
 *     11110001 .. 11110100         integers of 16, 24, 32, 64 bits, little endian
 *
 * An element that reads as a 64-bit integer in its only decimal form is kept as one, in the shortest encoding. 65535 elements in
 * the header mean that nobody has counted. The format is that of Redis 7, byte for byte, since RDB files hold it so.
 *
 * A listpack is (bytes, start); a place in it is `at`, an index into the same bytes: of an entry, or of the end mark behind the
 * last. Walk with `for (let at = first(start); bytes[at] !== END; at = next(bytes, at))`. Nothing here checks bounds: bytes
 * from outside pass `isValid` first.
 */

import { assert } from '../base/assert.js'
import { readInt32LE, readUint32LE, writeUint16LE, writeUint32LE } from '../base/bytes.js'
import { Int64, fromNumber, isSafe, parseInt64, toNumber, writeInt64 } from '../base/int64.js'
import { INTEGER_TEXT_BYTES_MAX, parseInteger, writeInteger } from '../base/integer.js'

export const HEADER_BYTES = 6
/** The byte behind the last entry. */
export const END = 0xff
export const EMPTY_BYTES = HEADER_BYTES + 1
/** In the header: more elements than it can hold. */
export const UNCOUNTED = 0xffff

export const STRING_32 = 0xf0
export const INTEGER_16 = 0xf1
export const INTEGER_24 = 0xf2
export const INTEGER_32 = 0xf3
export const INTEGER_64 = 0xf4

const COUNT_AT = 4
const TWO_32 = 0x100000000

/** An element as `read` and `readText` show it. Instances are reused. */
export class ListpackElement {
  isInteger: boolean
  /** Of an integer: its value when that is safe, otherwise Infinity with its sign. */
  value: number
  /** Of an integer beyond the safe ones: all of it. */
  readonly int64: Int64
  /** Of a string: its bytes, in the listpack. `readText` sets these for integers, too. */
  bytes: Uint8Array
  start: number
  end: number
  private readonly digits: Uint8Array

  constructor() {
    this.isInteger = false
    this.value = 0
    this.int64 = new Int64(0, 0)
    this.digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX + 4)
    this.bytes = this.digits
    this.start = 0
    this.end = 0
  }

  get length(): number {
    return this.end - this.start
  }

  /** Writes an integer out, so that `bytes` holds its text. */
  spellInteger(): void {
    const { digits, value } = this
    this.bytes = digits
    this.start = 0
    const isExact = value !== Infinity && value !== -Infinity
    this.end = isExact ? writeInteger(value, digits, 0) : writeInt64(this.int64, digits, 0)
  }
}

export function totalBytes(bytes: Uint8Array, start: number): number {
  return readUint32LE(bytes, start)
}

export function setTotalBytes(bytes: Uint8Array, start: number, total: number): void {
  writeUint32LE(total, bytes, start)
}

/** What the header says: UNCOUNTED when there are too many. */
export function headerCount(bytes: Uint8Array, start: number): number {
  return bytes[start + COUNT_AT] | (bytes[start + COUNT_AT + 1] << 8)
}

export function setHeaderCount(bytes: Uint8Array, start: number, count: number): void {
  writeUint16LE(count < UNCOUNTED ? count : UNCOUNTED, bytes, start + COUNT_AT)
}

/** Number of elements; walks, and notes the result, where the header does not say. */
export function count(bytes: Uint8Array, start: number): number {
  const noted = bytes[start + COUNT_AT] | (bytes[start + COUNT_AT + 1] << 8)
  if (noted !== UNCOUNTED) return noted
  let counted = 0
  for (let at = start + HEADER_BYTES; bytes[at] !== END; at = next(bytes, at)) counted++
  if (counted < UNCOUNTED) setHeaderCount(bytes, start, counted)
  return counted
}

export function writeEmpty(bytes: Uint8Array, start: number): void {
  writeUint32LE(EMPTY_BYTES, bytes, start)
  writeUint16LE(0, bytes, start + COUNT_AT)
  bytes[start + HEADER_BYTES] = END
}

/** The first entry, or the end mark. */
export function first(start: number): number {
  return start + HEADER_BYTES
}

/** The place of the end mark. */
export function endOf(bytes: Uint8Array, start: number): number {
  return start + readUint32LE(bytes, start) - 1
}

/** The last entry, or -1. */
export function last(bytes: Uint8Array, start: number): number {
  return previous(bytes, start, start + readUint32LE(bytes, start) - 1)
}

/** The entry behind the one at `at`, or the end mark. */
export function next(bytes: Uint8Array, at: number): number {
  const head = bytes[at]
  if (head < 0x80) return at + 2
  if (head < 0xc0) {
    const body = 1 + (head & 63)
    return at + body + 1
  }
  if (head < 0xe0) return at + 3
  const body = bodyBytes(bytes, at)
  return at + body + backLengthBytes(body)
}

/** The entry in front of a place, or -1. */
export function previous(bytes: Uint8Array, start: number, at: number): number {
  if (at === start + HEADER_BYTES) return -1
  const lastByte = bytes[at - 1]
  if (lastByte < 0x80) return at - 1 - lastByte
  const body = readBackLength(bytes, at - 1)
  return at - body - backLengthBytes(body)
}

/** The entry of an index, from the end when negative; -1 when there is none. */
export function seek(bytes: Uint8Array, start: number, index: number): number {
  const counted = headerCount(bytes, start)
  if (counted !== UNCOUNTED) {
    if (index < 0) index += counted
    if (index < 0 || index >= counted) return -1
    if (index > counted >>> 1) index -= counted
  }
  if (index < 0) {
    let at = last(bytes, start)
    for (; index < -1 && at >= 0; index++) at = previous(bytes, start, at)
    return at
  }
  let at = start + HEADER_BYTES
  for (; index > 0 && bytes[at] !== END; index--) at = next(bytes, at)
  return bytes[at] === END ? -1 : at
}

/** Bytes of a whole entry. */
export function entryBytes(bytes: Uint8Array, at: number): number {
  return next(bytes, at) - at
}

/** Bytes of an entry without the length behind it. */
export function bodyBytes(bytes: Uint8Array, at: number): number {
  const head = bytes[at]
  if (head < 0x80) return 1
  if (head < 0xc0) return 1 + (head & 63)
  if (head < 0xe0) return 2
  if (head < 0xf0) return 2 + (((head & 15) << 8) | bytes[at + 1])
  switch (head) {
    case STRING_32:
      return 5 + readUint32LE(bytes, at + 1)
    case INTEGER_16:
      return 3
    case INTEGER_24:
      return 4
    case INTEGER_32:
      return 5
    default:
      assert(head === INTEGER_64)
      return 9
  }
}

/** How many bytes the length behind a body takes. The limits are the reference's, one below what would fit. */
export function backLengthBytes(body: number): number {
  if (body <= 127) return 1
  if (body < 16383) return 2
  if (body < 2097151) return 3
  return body < 268435455 ? 4 : 5
}

/** Writes the length of a body behind it; returns the end. */
export function writeBackLength(bytes: Uint8Array, at: number, body: number): number {
  const length = backLengthBytes(body)
  let rest = body
  for (let i = length - 1; i > 0; i--) {
    bytes[at + i] = (rest & 127) | 128
    rest >>>= 7
  }
  bytes[at] = rest
  return at + length
}

/** Reads the length whose last byte is at `at`; -1 when it is none. */
function readBackLength(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let shift = 0; shift <= 28; shift += 7, at--) {
    const byte = bytes[at]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return value
  }
  return -1
}

export function isInteger(bytes: Uint8Array, at: number): boolean {
  const head = bytes[at]
  return head < 0x80 || (head >= 0xc0 && head < 0xe0) || head > STRING_32
}

/** Where the bytes of a string begin; their number is `stringLength`. */
export function stringStart(bytes: Uint8Array, at: number): number {
  const head = bytes[at]
  return head < 0xc0 ? at + 1 : head < 0xf0 ? at + 2 : at + 5
}

export function stringLength(bytes: Uint8Array, at: number): number {
  const head = bytes[at]
  if (head < 0xc0) return head & 63
  return head < 0xf0 ? ((head & 15) << 8) | bytes[at + 1] : readUint32LE(bytes, at + 1)
}

/** The value of an integer of at most 32 bits, or a number near that of a larger one. */
export function integerAt(bytes: Uint8Array, at: number): number {
  const head = bytes[at]
  if (head < 0x80) return head
  if (head < 0xe0) return (((head << 8) | bytes[at + 1]) << 19) >> 19
  switch (head) {
    case INTEGER_16:
      return ((bytes[at + 1] | (bytes[at + 2] << 8)) << 16) >> 16
    case INTEGER_24:
      return ((bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16)) << 8) >> 8
    case INTEGER_32:
      return readInt32LE(bytes, at + 1)
    default:
      return readInt32LE(bytes, at + 5) * TWO_32 + readUint32LE(bytes, at + 1)
  }
}

/** Shows the element at `at`, an integer as one. */
export function read(bytes: Uint8Array, at: number, into: ListpackElement): void {
  if (!isInteger(bytes, at)) {
    into.isInteger = false
    into.bytes = bytes
    into.start = stringStart(bytes, at)
    into.end = into.start + stringLength(bytes, at)
    return
  }
  into.isInteger = true
  if (bytes[at] !== INTEGER_64) {
    into.value = integerAt(bytes, at)
    return
  }
  into.int64.low = readUint32LE(bytes, at + 1)
  into.int64.high = readInt32LE(bytes, at + 5)
  if (isSafe(into.int64)) into.value = toNumber(into.int64)
  else into.value = into.int64.high < 0 ? -Infinity : Infinity
}

/** Shows the element at `at` as bytes, whatever it is kept as; those of an integer last until `into` is used again. */
export function readText(bytes: Uint8Array, at: number, into: ListpackElement): void {
  read(bytes, at, into)
  if (into.isInteger) into.spellInteger()
}

/** Whether the element at `at` is `value[valueStart, valueEnd)`. */
export function equalsAt(
  bytes: Uint8Array, at: number, value: Uint8Array, valueStart: number, valueEnd: number,
): boolean {
  if (!isInteger(bytes, at)) return stringEquals(bytes, at, value, valueStart, valueEnd)
  if (!sought.parse(value, valueStart, valueEnd)) return false
  return sought.equals(bytes, at)
} // prettier-ignore

/**
 * Finds an element.
 *
 * @param at    where to begin: an entry, or the end mark
 * @param skip  elements passed over after each one that is compared: 1 to look at the fields of a hash, 0 at everything
 * @returns its place, or -1
 */
export function find(
  bytes: Uint8Array, at: number, value: Uint8Array, valueStart: number, valueEnd: number, skip: number,
): number {
  const length = valueEnd - valueStart
  const firstByte = length > 0 ? value[valueStart] : -1
  // Members and fields often begin alike and differ at their end.
  const lastByte = length > 0 ? value[valueEnd - 1] : -1
  // A text that begins like no integer equals none, so entries that hold integers need not be looked at.
  const isNumber = mayBeInteger(firstByte, length) && sought.parse(value, valueStart, valueEnd)
  while (bytes[at] !== END) {
    const head = bytes[at]
    if (head >= 0x80 && head < 0xc0) {
      const end = at + 1 + (head & 63)
      if ((head & 63) === length && (length === 0 || (bytes[end - 1] === lastByte && bytes[at + 1] === firstByte))) {
        if (sameBytes(bytes, at + 1, value, valueStart, length)) return at
      }
      at = end + 1
    } else {
      if (!isInteger(bytes, at)) {
        if (stringEquals(bytes, at, value, valueStart, valueEnd)) return at
      } else if (isNumber && sought.equals(bytes, at)) return at
      at = next(bytes, at)
    }
    for (let i = skip; i > 0 && bytes[at] !== END; i--) at = next(bytes, at)
  }
  return -1
} // prettier-ignore

/**
 * Whether bytes are a listpack: its total and its end mark, and when `deep` every entry and the number of elements. For bytes
 * from outside; those of the arena are valid.
 */
export function isValid(bytes: Uint8Array, start: number, length: number, deep: boolean): boolean {
  if (length < EMPTY_BYTES || readUint32LE(bytes, start) !== length) return false
  const end = start + length - 1
  if (bytes[end] !== END) return false
  if (!deep) return true
  let counted = 0
  let at = start + HEADER_BYTES
  while (at < end) {
    if (bytes[at] === END) return false
    at = nextChecked(bytes, at, end)
    if (at < 0) return false
    counted++
  }
  const noted = headerCount(bytes, start)
  return noted === UNCOUNTED || noted === counted
}

/** Asserts that a listpack of the arena is whole. */
export function validate(bytes: Uint8Array, start: number, length: number): void {
  assert(totalBytes(bytes, start) <= length)
  assert(isValid(bytes, start, totalBytes(bytes, start), true))
}

/** Like `next`, for an entry of which nothing is known: -1 when it reaches beyond `end` or is broken. */
function nextChecked(bytes: Uint8Array, at: number, end: number): number {
  const head = bytes[at]
  if (head > INTEGER_64) return -1
  const known = head === STRING_32 ? 5 : head >= 0xe0 && head < 0xf0 ? 2 : 1
  if (at + known > end) return -1
  const body = bodyBytes(bytes, at)
  const after = at + body + backLengthBytes(body)
  if (after > end) return -1
  return readBackLength(bytes, after - 1) === body ? after : -1
}

function stringEquals(
  bytes: Uint8Array, at: number, value: Uint8Array, valueStart: number, valueEnd: number,
): boolean {
  const length = valueEnd - valueStart
  return stringLength(bytes, at) === length && sameBytes(bytes, stringStart(bytes, at), value, valueStart, length)
} // prettier-ignore

function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  const aEnd = aStart + length
  let i = aStart
  let j = bStart
  for (const foursEnd = aEnd - 3; i < foursEnd; i += 4, j += 4) {
    const isDifferent = (a[i] ^ b[j]) | (a[i + 1] ^ b[j + 1]) | (a[i + 2] ^ b[j + 2]) | (a[i + 3] ^ b[j + 3])
    if (isDifferent !== 0) return false
  }
  for (; i < aEnd; i++, j++) if (a[i] !== b[j]) return false
  return true
}

/** Whether a text of this first byte and length can be an integer at all. */
export function mayBeInteger(firstByte: number, length: number): boolean {
  return length <= INTEGER_TEXT_BYTES_MAX && ((firstByte >= 0x30 && firstByte <= 0x39) || firstByte === 0x2d)
}

/** An integer that entries are compared with. */
class SoughtInteger {
  /** NaN beyond 32 bits, which only an entry of 64 bits can equal. */
  private small: number
  private readonly int64: Int64

  constructor() {
    this.small = NaN
    this.int64 = new Int64(0, 0)
  }

  /** False when the text is no integer. */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    const value = parseInteger(bytes, start, end)
    if (Number.isNaN(value)) return false
    this.small = (value | 0) === value ? value : NaN
    if (value === Infinity || value === -Infinity) return parseInt64(bytes, start, end, this.int64)
    fromNumber(value, this.int64)
    return true
  }

  equals(bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== INTEGER_64) return integerAt(bytes, at) === this.small
    return readUint32LE(bytes, at + 1) === this.int64.low && readInt32LE(bytes, at + 5) === this.int64.high
  }
}

const sought = new SoughtInteger()
