/**
 * 64-bit integers as two 32-bit halves, for values that may leave the safe range of numbers.
 *
 * An `Int64` is a place for 64 bits in two's complement, reused by its owner; functions write their result into one, and
 * the result may be an operand as well. Signed and unsigned readings share the bits: add, subtract, shifts and the byte
 * forms serve both, and where the reading matters the unsigned one has a name of its own.
 */

import { assert } from './assert.js'
import { isSpace, readInt32BE, readInt32LE, readUint32BE, readUint32LE, writeUint32BE, writeUint32LE } from './bytes.js'
import { integerLength, parseInteger, writeDigits, writeInteger } from './integer.js'

const TWO_32 = 0x1_0000_0000
const TWO_16 = 0x1_0000
const BILLION = 1e9
const BILLION_DIGITS = 9
const ZERO = 0x30
const MINUS = 0x2d
const PLUS = 0x2b

export class Int64 {
  /** Upper 32 bits, as a signed integer. */
  high: number
  /** Lower 32 bits, as an unsigned integer. */
  low: number

  constructor(high = 0, low = 0) {
    this.high = high | 0
    this.low = low >>> 0
  }
}

/** Takes an integer of either reading, -2^63 .. 2^64 - 1; above 2^53 what a number can hold. */
export function fromNumber(value: number, into: Int64): Int64 {
  assert(value >= -9223372036854775808)
  assert(value < 18446744073709551616)
  const high = Math.floor(value / TWO_32)
  into.high = high | 0
  into.low = value - high * TWO_32
  return into
}

/** The nearest number; exact when `isSafe`. */
export function toNumber(value: Int64): number {
  return value.high * TWO_32 + value.low
}

/** The nearest number of the unsigned reading. */
export function toNumberUnsigned(value: Int64): number {
  return (value.high >>> 0) * TWO_32 + value.low
}

/** Whether the signed reading is a safe integer, so that `toNumber` is exact. */
export function isSafe(value: Int64): boolean {
  if (value.high >= -0x200000 && value.high < 0x200000) return value.high !== -0x200000 || value.low !== 0
  return false
}

/** Whether the unsigned reading is a safe integer, so that `toNumberUnsigned` is exact. */
export function isSafeUnsigned(value: Int64): boolean {
  return value.high >>> 0 < 0x200000
}

export function assign(from: Int64, into: Int64): void {
  into.high = from.high
  into.low = from.low
}

export function equals(a: Int64, b: Int64): boolean {
  return a.low === b.low && a.high === b.high
}

/** @returns -1, 0 or 1 */
export function compare(a: Int64, b: Int64): number {
  if (a.high !== b.high) return a.high < b.high ? -1 : 1
  if (a.low !== b.low) return a.low < b.low ? -1 : 1
  return 0
}

/** @returns -1, 0 or 1 */
export function compareUnsigned(a: Int64, b: Int64): number {
  if (a.high !== b.high) return a.high >>> 0 < b.high >>> 0 ? -1 : 1
  if (a.low !== b.low) return a.low < b.low ? -1 : 1
  return 0
}

/** @returns false when the signed sum overflows; `into` then holds its low 64 bits */
export function add(a: Int64, b: Int64, into: Int64): boolean {
  const low = a.low + b.low
  const carry = low >= TWO_32 ? 1 : 0
  const high = (a.high + b.high + carry) | 0
  const isExact = ((a.high ^ high) & (b.high ^ high)) >= 0
  into.high = high
  into.low = low - carry * TWO_32
  return isExact
}

/** @returns false when the signed difference overflows; `into` then holds its low 64 bits */
export function subtract(a: Int64, b: Int64, into: Int64): boolean {
  const low = a.low - b.low
  const borrow = low < 0 ? 1 : 0
  const high = (a.high - b.high - borrow) | 0
  const isExact = ((a.high ^ b.high) & (a.high ^ high)) >= 0
  into.high = high
  into.low = low + borrow * TWO_32
  return isExact
}

/** @returns false for -2^63, which stays as it is */
export function negate(value: Int64, into: Int64): boolean {
  const low = value.low
  const high = value.high
  into.low = -low >>> 0
  into.high = (~high + (low === 0 ? 1 : 0)) | 0
  return high !== -0x80000000 || low !== 0
}

/** @returns false when the unsigned sum passes 2^64 - 1; `into` then holds its low 64 bits */
export function addUnsigned(a: Int64, b: Int64, into: Int64): boolean {
  const low = a.low + b.low
  const carry = low >= TWO_32 ? 1 : 0
  const high = (a.high >>> 0) + (b.high >>> 0) + carry
  into.high = high | 0
  into.low = low - carry * TWO_32
  return high < TWO_32
}

/**
 * into = into * factor + addend, in the unsigned reading; factor and addend are integers, 0 .. 2^32.
 *
 * @returns false when the result passes 2^64 - 1; `into` then holds its low 64 bits
 */
export function multiplyAddUnsigned(into: Int64, factor: number, addend: number): boolean {
  // Four limbs of 16 bits: a limb times the factor plus the carry stays below 2^49.
  const limb0 = (into.low & 0xffff) * factor + addend
  const limb1 = (into.low >>> 16) * factor + Math.floor(limb0 / TWO_16)
  const limb2 = (into.high & 0xffff) * factor + Math.floor(limb1 / TWO_16)
  const limb3 = (into.high >>> 16) * factor + Math.floor(limb2 / TWO_16)
  into.low = (limb1 % TWO_16) * TWO_16 + (limb0 % TWO_16)
  into.high = ((limb3 % TWO_16) * TWO_16 + (limb2 % TWO_16)) | 0
  return limb3 < TWO_32 / TWO_16
}

/** Shifts towards the high end, `count` 0 .. 63. */
export function shiftLeft(value: Int64, count: number, into: Int64): void {
  const high = value.high
  const low = value.low
  if (count >= 32) {
    into.high = low << (count - 32)
    into.low = 0
  } else if (count > 0) {
    into.high = (high << count) | (low >>> (32 - count))
    into.low = (low << count) >>> 0
  } else {
    assign(value, into)
  }
}

/** Shifts towards the low end, `count` 0 .. 63, filling with the sign. */
export function shiftRight(value: Int64, count: number, into: Int64): void {
  const high = value.high
  const low = value.low
  if (count >= 32) {
    into.high = high >> 31
    into.low = (high >> (count - 32)) >>> 0
  } else if (count > 0) {
    into.high = high >> count
    into.low = ((low >>> count) | (high << (32 - count))) >>> 0
  } else {
    assign(value, into)
  }
}

/** Shifts towards the low end, `count` 0 .. 63, filling with zeros. */
export function shiftRightUnsigned(value: Int64, count: number, into: Int64): void {
  const high = value.high
  const low = value.low
  if (count >= 32) {
    into.high = 0
    into.low = high >>> (count - 32)
  } else if (count > 0) {
    into.high = (high >>> count) | 0
    into.low = ((low >>> count) | (high << (32 - count))) >>> 0
  } else {
    assign(value, into)
  }
}

/** Keeps the low `bits`, 1 .. 64, as an unsigned integer. */
export function truncateUnsigned(value: Int64, bits: number, into: Int64): void {
  shiftLeft(value, 64 - bits, into)
  shiftRightUnsigned(into, 64 - bits, into)
}

/** Keeps the low `bits`, 1 .. 64, as a signed integer: the top one of them is the sign. */
export function truncateSigned(value: Int64, bits: number, into: Int64): void {
  shiftLeft(value, 64 - bits, into)
  shiftRight(into, 64 - bits, into)
}

/**
 * Reads a decimal int64 in the strict grammar of `parseInteger`.
 *
 * @returns false when it is none; `into` is then undefined
 */
export function parseInt64(bytes: Uint8Array, start: number, end: number, into: Int64): boolean {
  const value = parseInteger(bytes, start, end)
  if (Number.isNaN(value)) return false
  if (value - value === 0) {
    fromNumber(value, into)
    return true
  }
  accumulateDigits(bytes, value < 0 ? start + 1 : start, end, into)
  if (value < 0) negate(into, into)
  return true
}

/**
 * Reads a decimal uint64 in the strict grammar of `parseInteger`, without a sign.
 *
 * @returns false when it is none; `into` is then undefined
 */
export function parseUint64(bytes: Uint8Array, start: number, end: number, into: Int64): boolean {
  const value = parseInteger(bytes, start, end)
  if (value < 0) return false
  if (value <= Number.MAX_SAFE_INTEGER) {
    fromNumber(value, into)
    return true
  }
  return bytes[start] !== ZERO && areDigits(bytes, start, end) && accumulateDigits(bytes, start, end, into)
}

/**
 * Reads a decimal uint64 the way a bare strtoull call does, where Redis makes one (stream ids, cursors): the range ends
 * at its first NUL; white space, a '+' and leading zeros may come first. A '-' negates modulo 2^64 ("-01" is
 * 2^64 - 1), except that a plain negative int64 such as "-1" is refused.
 *
 * @returns false when it is none; `into` is then undefined
 */
export function parseUint64Loose(bytes: Uint8Array, start: number, end: number, into: Int64): boolean {
  let stop = start
  while (stop < end && bytes[stop] !== 0) stop++
  const value = parseInteger(bytes, start, stop)
  if (value < 0) return false
  if (value <= Number.MAX_SAFE_INTEGER) {
    fromNumber(value, into)
    return true
  }
  let at = start
  while (at < stop && isSpace(bytes[at])) at++
  const isNegative = at < stop && bytes[at] === MINUS
  if (isNegative || (at < stop && bytes[at] === PLUS)) at++
  if (!areDigits(bytes, at, stop) || !accumulateDigits(bytes, at, stop, into)) return false
  if (isNegative) negate(into, into)
  return true
}

/** Whether the range is digits and at least one. */
function areDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9) return false
  }
  return start < end
}

/** Reads a run of digits, a billion at a time. @returns false when it passes 2^64 - 1 */
function accumulateDigits(bytes: Uint8Array, start: number, end: number, into: Int64): boolean {
  into.high = 0
  into.low = 0
  let at = start
  while (at < end) {
    let factor = 1
    let piece = 0
    for (; at < end && factor < BILLION; at++) {
      factor *= 10
      piece = piece * 10 + (bytes[at] - ZERO)
    }
    if (!multiplyAddUnsigned(into, factor, piece)) return false
  }
  return true
}

/** Writes the signed reading in decimal. @returns the index after the last digit */
export function writeInt64(value: Int64, out: Uint8Array, at: number): number {
  if (isSafe(value)) return writeInteger(toNumber(value), out, at)
  if (value.high >= 0) return writeUint64Halves(value.high, value.low, out, at)
  out[at++] = MINUS
  return writeUint64Halves(negatedHigh(value), -value.low >>> 0, out, at)
}

/** Writes the unsigned reading in decimal. @returns the index after the last digit */
export function writeUint64(value: Int64, out: Uint8Array, at: number): number {
  return writeUint64Halves(value.high >>> 0, value.low, out, at)
}

/** The number of bytes `writeInt64` would write. */
export function int64Length(value: Int64): number {
  if (isSafe(value)) return integerLength(toNumber(value))
  if (value.high >= 0) return BILLION_DIGITS + integerLength(billions(value.high, value.low))
  return 1 + BILLION_DIGITS + integerLength(billions(negatedHigh(value), -value.low >>> 0))
}

/** Writes an unsigned integer given as two unsigned halves. @returns the index after the last digit */
export function writeUint64Halves(high: number, low: number, out: Uint8Array, at: number): number {
  const quotient = billions(high, low)
  // Below 2^30, so the low 32 bits of the product tell it.
  const rest = (low - Math.imul(quotient, BILLION)) >>> 0
  if (quotient === 0) return writeInteger(rest, out, at)
  const end = writeInteger(quotient, out, at)
  return writeDigits(rest, out, end, end + BILLION_DIGITS)
}

/** How many times a billion goes into an unsigned integer given as two unsigned halves: at most 18446744073. */
function billions(high: number, low: number): number {
  // Long division, 16 bits at a time; remainders stay below 2^30, so every step stays below 2^46.
  const top = Math.floor(high / BILLION)
  const middle = (high - top * BILLION) * TWO_16 + (low >>> 16)
  const middleQuotient = Math.floor(middle / BILLION)
  const bottom = (middle - middleQuotient * BILLION) * TWO_16 + (low & 0xffff)
  return top * TWO_32 + middleQuotient * TWO_16 + Math.floor(bottom / BILLION)
}

/** The upper half of -value, unsigned: of -2^63 too, which has no positive Int64. */
function negatedHigh(value: Int64): number {
  return (~value.high + (value.low === 0 ? 1 : 0)) >>> 0
}

export function readInt64LE(bytes: Uint8Array, at: number, into: Int64): void {
  into.low = readUint32LE(bytes, at)
  into.high = readInt32LE(bytes, at + 4)
}

export function readInt64BE(bytes: Uint8Array, at: number, into: Int64): void {
  into.high = readInt32BE(bytes, at)
  into.low = readUint32BE(bytes, at + 4)
}

export function writeInt64LE(value: Int64, bytes: Uint8Array, at: number): void {
  writeUint32LE(value.low, bytes, at)
  writeUint32LE(value.high, bytes, at + 4)
}

export function writeInt64BE(value: Int64, bytes: Uint8Array, at: number): void {
  writeUint32BE(value.high, bytes, at)
  writeUint32BE(value.low, bytes, at + 4)
}
