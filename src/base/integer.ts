/**
 * Decimal integers in ASCII, read and written in place.
 *
 * Reading is strict, so that a text which parses is the only text of its value and may be stored as the value: an
 * optional '-', then digits without leading zeros; "-0", "+1", " 1" and "" are refused, and so is what exceeds 64 bits.
 * Source: observed behaviour of Redis 7.2 wherever it says "value is not an integer or out of range".
 */

import { assert } from './assert.js'

const ZERO = 0x30
const MINUS = 0x2d

/** "-9223372036854775808", the longest text. */
export const INTEGER_TEXT_BYTES_MAX = 20

/** Numbers of this many digits straddle the end of the 64-bit range. */
const INT64_DIGITS = 19

/** The digits of 2^63 - 1. */
const INT64_LIMIT = new Uint8Array([9, 2, 2, 3, 3, 7, 2, 0, 3, 6, 8, 5, 4, 7, 7, 5, 8, 0, 7])

const BILLION = 1e9
const BILLION_DIGITS = 9

/**
 * Reads a decimal 64-bit integer.
 *
 * @returns the value when it is a safe integer; Infinity or -Infinity when it is an int64 beyond the safe range
 *          (`parseInt64` in int64.ts then reads it exactly); NaN when it is no int64 at all
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length <= 0 || length > INTEGER_TEXT_BYTES_MAX) return NaN
  const first = bytes[start] - ZERO
  if (length === 1) return first >= 0 && first <= 9 ? first : NaN

  const isNegative = bytes[start] === MINUS
  let at = isNegative ? start + 1 : start
  if (bytes[at] === ZERO) return NaN

  let value = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  // Sums that pass 2^53 may be rounded but never back below it, so this test is exact.
  if (value <= Number.MAX_SAFE_INTEGER) return isNegative ? -value : value
  return fitsInt64(bytes, isNegative ? start + 1 : start, end, isNegative) ? (isNegative ? -Infinity : Infinity) : NaN
}

/** Whether the run of digits, known to have no leading zero, is at most 2^63 - 1 (2^63 when negative). */
function fitsInt64(bytes: Uint8Array, start: number, end: number, isNegative: boolean): boolean {
  if (end - start !== INT64_DIGITS) return end - start < INT64_DIGITS
  for (let i = 0; i < INT64_DIGITS; i++) {
    const difference = bytes[start + i] - ZERO - INT64_LIMIT[i]
    if (difference === 0) continue
    return difference < 0 || (isNegative && i === INT64_DIGITS - 1 && difference === 1)
  }
  return true
}

/**
 * Writes `value`, a safe integer, as decimal text.
 *
 * @returns the index after the last digit
 */
export function writeInteger(value: number, out: Uint8Array, at: number): number {
  if (value < 0) {
    out[at++] = MINUS
    value = -value
  }
  if (value <= 0x7fffffff) return writeDigits(value, out, at, at + digitCount(value))
  assert(value <= Number.MAX_SAFE_INTEGER)
  // Exact: below 2^53 the quotient is less than 2^24, where one half unit in the last place is less than 1 / BILLION.
  const billions = Math.floor(value / BILLION)
  const end = writeDigits(billions, out, at, at + digitCount(billions))
  return writeDigits(value - billions * BILLION, out, end, end + BILLION_DIGITS)
}

/** The number of bytes `writeInteger` would write. */
export function integerLength(value: number): number {
  if (value < 0) return 1 + integerLength(-value)
  if (value <= 0x7fffffff) return digitCount(value)
  assert(value <= Number.MAX_SAFE_INTEGER)
  return BILLION_DIGITS + digitCount(Math.floor(value / BILLION))
}

/** Fills `out[start, end)` with the last digits of `value`, 0 .. 2^31 - 1, padded with zeros on the left. */
export function writeDigits(value: number, out: Uint8Array, start: number, end: number): number {
  let rest = value | 0
  for (let at = end - 1; at >= start; at--) {
    const tenth = (rest / 10) | 0
    out[at] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return end
}

/** The number of decimal digits of `value`, 0 .. 2^31 - 1. */
export function digitCount(value: number): number {
  if (value < 10000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4
  if (value < 1000000) return value < 100000 ? 5 : 6
  if (value < 100000000) return value < 10000000 ? 7 : 8
  return value < 1000000000 ? 9 : 10
}
