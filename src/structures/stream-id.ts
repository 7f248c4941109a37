/**
 * Stream ids: two unsigned 64-bit numbers, milliseconds and a sequence number, ordered by the first and then the second.
 *
 * An id is kept as four words of 32 bits (signed, so that they are small integers to V8; compared as unsigned), in the arena as
 * in the reused objects here. The textual forms and what is refused are observed behaviour of Redis 7.2.
 */

import { Int64, parseUint64Loose, writeUint64Halves } from '../base/int64.js'
import { writeInteger } from '../base/integer.js'

const TWO_32 = 0x100000000
/** From here on the high half of a 64-bit number makes it unsafe as a JavaScript number. */
const SAFE_HIGH = 0x200000
const ZERO = 0x30
const NINE = 0x39
const MINUS = 0x2d
const PLUS = 0x2b
const STAR = 0x2a

/** "18446744073709551615-18446744073709551615". */
export const ID_TEXT_BYTES_MAX = 41
/** Longer texts are refused whatever they say. */
const ACCEPTED_BYTES_MAX = 127
/** So many digits are a safe integer. */
const SAFE_DIGITS = 15

/** Words of an id. */
export const ID_WORDS = 4

export class StreamId {
  msHigh: number
  msLow: number
  seqHigh: number
  seqLow: number

  constructor() {
    this.msHigh = 0
    this.msLow = 0
    this.seqHigh = 0
    this.seqLow = 0
  }
}

export function setId(id: StreamId, msHigh: number, msLow: number, seqHigh: number, seqLow: number): void {
  id.msHigh = msHigh
  id.msLow = msLow
  id.seqHigh = seqHigh
  id.seqLow = seqLow
}

export function assignId(from: StreamId, into: StreamId): void {
  setId(into, from.msHigh, from.msLow, from.seqHigh, from.seqLow)
}

/** 0-0. */
export function setIdZero(id: StreamId): void {
  setId(id, 0, 0, 0, 0)
}

/** The greatest id there is. */
export function setIdMax(id: StreamId): void {
  setId(id, -1, -1, -1, -1)
}

/** @param ms  a safe integer, not negative */
export function setIdMs(id: StreamId, ms: number): void {
  setId(id, (ms / TWO_32) | 0, ms | 0, 0, 0)
}

export function isIdZero(id: StreamId): boolean {
  return (id.msHigh | id.msLow | id.seqHigh | id.seqLow) === 0
}

export function isIdMax(id: StreamId): boolean {
  return (id.msHigh & id.msLow & id.seqHigh & id.seqLow) === -1
}

/** @returns below 0, 0 or above 0 */
export function compareIds(a: StreamId, b: StreamId): number {
  if (a.msHigh !== b.msHigh) return a.msHigh >>> 0 < b.msHigh >>> 0 ? -1 : 1
  if (a.msLow !== b.msLow) return a.msLow >>> 0 < b.msLow >>> 0 ? -1 : 1
  if (a.seqHigh !== b.seqHigh) return a.seqHigh >>> 0 < b.seqHigh >>> 0 ? -1 : 1
  if (a.seqLow !== b.seqLow) return a.seqLow >>> 0 < b.seqLow >>> 0 ? -1 : 1
  return 0
}

/** Reads the four words of an id. */
export function loadId(words: Int32Array, at: number, into: StreamId): void {
  into.msHigh = words[at]
  into.msLow = words[at + 1]
  into.seqHigh = words[at + 2]
  into.seqLow = words[at + 3]
}

export function storeId(words: Int32Array, at: number, id: StreamId): void {
  words[at] = id.msHigh
  words[at + 1] = id.msLow
  words[at + 2] = id.seqHigh
  words[at + 3] = id.seqLow
}

/** Compares the id whose words stand at `at` with another. */
export function compareStoredId(words: Int32Array, at: number, id: StreamId): number {
  let word = words[at]
  if (word !== id.msHigh) return word >>> 0 < id.msHigh >>> 0 ? -1 : 1
  word = words[at + 1]
  if (word !== id.msLow) return word >>> 0 < id.msLow >>> 0 ? -1 : 1
  word = words[at + 2]
  if (word !== id.seqHigh) return word >>> 0 < id.seqHigh >>> 0 ? -1 : 1
  word = words[at + 3]
  if (word !== id.seqLow) return word >>> 0 < id.seqLow >>> 0 ? -1 : 1
  return 0
}

/** Makes it the next id; false, and 0-0, when there is none. */
export function incrementId(id: StreamId): boolean {
  id.seqLow = (id.seqLow + 1) | 0
  if (id.seqLow !== 0) return true
  id.seqHigh = (id.seqHigh + 1) | 0
  if (id.seqHigh !== 0) return true
  id.msLow = (id.msLow + 1) | 0
  if (id.msLow !== 0) return true
  id.msHigh = (id.msHigh + 1) | 0
  return id.msHigh !== 0
}

/** Makes it the id before; false, and the greatest, when there is none. */
export function decrementId(id: StreamId): boolean {
  id.seqLow = (id.seqLow - 1) | 0
  if (id.seqLow !== -1) return true
  id.seqHigh = (id.seqHigh - 1) | 0
  if (id.seqHigh !== -1) return true
  id.msLow = (id.msLow - 1) | 0
  if (id.msLow !== -1) return true
  id.msHigh = (id.msHigh - 1) | 0
  return id.msHigh !== -1
}

/** Writes `ms-seq` in decimal; returns the end. At most ID_TEXT_BYTES_MAX bytes. */
export function writeId(id: StreamId, out: Uint8Array, at: number): number {
  return writeSequence(id, out, writeMs(id, out, at))
}

/** Writes `ms-`, which `writeSequence` completes. */
export function writeMs(id: StreamId, out: Uint8Array, at: number): number {
  const dash = writeHalf(id.msHigh, id.msLow, out, at)
  out[dash] = MINUS
  return dash + 1
}

export function writeSequence(id: StreamId, out: Uint8Array, at: number): number {
  if (id.seqHigh === 0 && id.seqLow >>> 0 < 10) {
    out[at] = ZERO + id.seqLow
    return at + 1
  }
  return writeHalf(id.seqHigh, id.seqLow, out, at)
}

function writeHalf(high: number, low: number, out: Uint8Array, at: number): number {
  if (high >>> 0 < SAFE_HIGH) return writeInteger((high >>> 0) * TWO_32 + (low >>> 0), out, at)
  return writeUint64Halves(high >>> 0, low >>> 0, out, at)
}

/** What a text is as an id. */
export const IdText = {
  invalid: 0,
  whole: 1,
  /** `ms-*`: the sequence number is to be chosen; it is 0 in the id. */
  anySequence: 2,
} as const
export type IdText = (typeof IdText)[keyof typeof IdText]

/** How ids are read. */
export const IdForm = {
  /** `ms` or `ms-seq`. */
  plain: 0,
  /** Also `-` and `+`, the least and the greatest. */
  special: 1,
  /** Also `ms-*`. */
  openSequence: 2,
} as const
export type IdForm = (typeof IdForm)[keyof typeof IdForm]

const number64 = new Int64(0, 0)

/**
 * Reads an id.
 *
 * @param isLast  where the sequence number is missing it is the greatest instead of 0
 * @returns false when it is none; `into` is undefined then
 */
export function parseId(
  bytes: Uint8Array, start: number, end: number, form: IdForm, isLast: boolean, into: StreamId,
): IdText {
  if (end - start > ACCEPTED_BYTES_MAX) return IdText.invalid
  let stop = start
  while (stop < end && bytes[stop] !== 0) stop++
  if (stop - start === 1 && (bytes[start] === MINUS || bytes[start] === PLUS)) {
    if (form !== IdForm.special) return IdText.invalid
    if (bytes[start] === MINUS) setIdZero(into)
    else setIdMax(into)
    return IdText.whole
  }
  let dash = start
  while (dash < stop && bytes[dash] !== MINUS) dash++
  if (!parseHalf(bytes, start, dash)) return IdText.invalid
  into.msHigh = number64.high
  into.msLow = number64.low | 0
  if (dash === stop) {
    into.seqHigh = into.seqLow = isLast ? -1 : 0
    return IdText.whole
  }
  into.seqHigh = into.seqLow = 0
  if (form === IdForm.openSequence && stop - dash === 2 && bytes[dash + 1] === STAR) return IdText.anySequence
  if (!parseHalf(bytes, dash + 1, stop)) return IdText.invalid
  into.seqHigh = number64.high
  into.seqLow = number64.low | 0
  return IdText.whole
} // prettier-ignore

/** Reads a number into `number64`; short runs of digits, which most are, without ceremony. */
function parseHalf(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > SAFE_DIGITS || end === start) return parseUint64Loose(bytes, start, end, number64)
  let value = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte < ZERO || byte > NINE) return parseUint64Loose(bytes, start, end, number64)
    value = value * 10 + (byte - ZERO)
  }
  number64.high = (value / TWO_32) | 0
  number64.low = value >>> 0
  return true
}
