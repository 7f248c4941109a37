/**
 * Integers of 1 to 64 bits at any position of a bitmap, the most significant bit first, and their arithmetic: what happens when
 * a result does not fit.
 *
 * The rules of overflow are those observed of Redis 7.2, with one oddity: of a value to be written that is so negative that its
 * distance from the greatest that fits passes 64 bits, `saturate` makes the greatest and not the least.
 */

import {
  add,
  assign,
  compare,
  compareUnsigned,
  fromNumber,
  Int64,
  negate,
  shiftLeft,
  shiftRight,
  shiftRightUnsigned,
  subtract,
  truncateSigned,
  truncateUnsigned,
} from '../base/int64.js'

/** What becomes of a result that does not fit: its low bits, the nearest that fits, or nothing. */
export const Overflow = { wrap: 0, saturate: 1, fail: 2 } as const
export type Overflow = (typeof Overflow)[keyof typeof Overflow]

/**
 * Reads the integer at a position.
 *
 * @param start, end  the bitmap; behind its end there are zeros
 * @param position    of its first bit, from the start of the bitmap; may pass 2^31
 */
export function readField(
  bytes: Uint8Array, start: number, end: number, position: number, bits: number, isSigned: boolean, into: Int64,
): void {
  const at = start + Math.floor(position / 8)
  const shift = position & 7
  into.high = wordAt(bytes, at, end)
  into.low = wordAt(bytes, at + 4, end) >>> 0
  if (shift !== 0) {
    shiftLeft(into, shift, into)
    into.low = (into.low | (byteAt(bytes, at + 8, end) >>> (8 - shift))) >>> 0
  }
  if (isSigned) shiftRight(into, 64 - bits, into)
  else shiftRightUnsigned(into, 64 - bits, into)
} // prettier-ignore

/** Writes the low `bits` bits of `value` at a position; the bytes must be there. */
export function writeField(bytes: Uint8Array, start: number, position: number, bits: number, value: Int64): void {
  assign(value, rest)
  const last = position + bits - 1
  let at = start + Math.floor(last / 8)
  let unused = 7 - (last & 7) // low bits of the byte that belong to what follows
  for (let left = bits; left > 0;) {
    const count = Math.min(left, 8 - unused)
    const mask = ((1 << count) - 1) << unused
    bytes[at] = (bytes[at] & ~mask) | (((rest.low & 0xff) << unused) & mask)
    shiftRightUnsigned(rest, count, rest)
    left -= count
    unused = 0
    at--
  }
}

/**
 * into = value + increment, as an integer of so many bits.
 *
 * @param value      for an increment of 0 any int64, else one that fits
 * @returns false when the sum does not fit; `into` is then what `overflow` makes of it
 */
export function addToField(
  value: Int64, increment: Int64, bits: number, isSigned: boolean, overflow: Overflow, into: Int64,
): boolean {
  const excess = isSigned ? signedExcess(value, increment, bits) : unsignedExcess(value, increment, bits)
  if (excess !== 0 && overflow === Overflow.saturate) assign(excess > 0 ? greatest : least, into)
  else {
    add(value, increment, into)
    if (excess !== 0 && isSigned) truncateSigned(into, bits, into)
    else if (excess !== 0) truncateUnsigned(into, bits, into)
  }
  return excess === 0
} // prettier-ignore

const rest = new Int64()
const least = new Int64()
const greatest = new Int64()
const room = new Int64()
const ZERO = new Int64()

/** 1 when the sum is above the range, -1 when it is below, 0 when it fits. Leaves the range in `least` and `greatest`. */
function unsignedExcess(value: Int64, increment: Int64, bits: number): number {
  assign(ZERO, least)
  setOnes(bits, greatest)
  if (compareUnsigned(value, greatest) > 0) return 1
  const direction = compare(increment, ZERO)
  if (direction > 0) {
    subtract(greatest, value, room)
    return compare(increment, room) > 0 ? 1 : 0
  }
  negate(value, room)
  return direction < 0 && compare(increment, room) < 0 ? -1 : 0
}

/** The same for signed integers. The differences may wrap; see the oddity above. */
function signedExcess(value: Int64, increment: Int64, bits: number): number {
  setOnes(bits - 1, greatest)
  least.high = ~greatest.high
  least.low = ~greatest.low >>> 0
  if (compare(value, greatest) > 0) return 1
  subtract(greatest, value, room)
  if (compare(increment, room) > 0 && (bits !== 64 || (value.high >= 0 && compare(increment, ZERO) > 0))) return 1
  if (compare(value, least) < 0) return -1
  subtract(least, value, room)
  if (compare(increment, room) < 0 && (bits !== 64 || (value.high < 0 && compare(increment, ZERO) < 0))) return -1
  return 0
}

/** The greatest integer of so many bits, 0 .. 63. */
function setOnes(bits: number, into: Int64): void {
  fromNumber(-1, into)
  if (bits === 0) assign(ZERO, into)
  else shiftRightUnsigned(into, 64 - bits, into)
}

/** Four bytes, the first the most significant. */
function wordAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
  const upper = (byteAt(bytes, at, end) << 24) | (byteAt(bytes, at + 1, end) << 16)
  return upper | (byteAt(bytes, at + 2, end) << 8) | byteAt(bytes, at + 3, end)
}

function byteAt(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? bytes[at] : 0
}
