/**
 * The 80-bit floating point of x86, as much of it as INCRBYFLOAT and HINCRBYFLOAT need: read, add, write.
 *
 * Redis computes these two in C's `long double`, which on x86-64 has a 64-bit mantissa, and shows 17 decimals; a double
 * would give other digits. The arithmetic is exact in BigInt and then rounded once, as the hardware rounds: to the
 * nearest, halves to the even mantissa. Cold code: a few microseconds a call.
 */

import { bitLength, fractionToNumber, parseExponent, parseHexFraction, shiftRounded } from './binary-fraction.js'
import { equalsIgnoreCase, latin1, latin1Bytes, lowerCase } from './bytes.js'

/** A text this long or longer is refused unread. */
const TEXT_BYTES_MAX = 5 * 1024

const MANTISSA_BITS = 64
/** The least exponent of a mantissa's last bit; there the numbers are subnormal. */
const EXPONENT_MIN = -16445
/** Values from 2^16384 on are infinite. */
const TOP_MAX = 16384
/** No decimal exponent beyond this, either way, yields a finite number above zero. */
const DECIMAL_EXPONENT_MAX = 5000

const DECIMALS = 17

/** Numbers of so many digits are safe integers. */
const SAFE_DIGITS = 15

/** The powers of ten that usual texts need. */
const TENS: readonly bigint[] = Array.from({ length: 32 }, (_, power) => 10n ** BigInt(power))
const TEN_TO_DECIMALS = TENS[DECIMALS]

const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const INF = latin1Bytes('inf')
const INFINITY = latin1Bytes('infinity')

/** ± mantissa · 2^exponent; the mantissa has at most 64 bits, and infinity is an exponent of Infinity. */
export interface LongDouble {
  readonly isNegative: boolean
  readonly mantissa: bigint
  readonly exponent: number
}

/** What a missing key counts as. */
export const LONG_DOUBLE_ZERO: LongDouble = Object.freeze({ isNegative: false, mantissa: 0n, exponent: 0 })

/**
 * Reads a number in the notations of strtold. The whole range must be one, without spaces; what overflows, or vanishes to
 * zero, is refused, while "inf" is a number.
 *
 * @returns undefined when refused ("nan" is refused as well)
 */
export function parseLongDouble(bytes: Uint8Array, start: number, end: number): LongDouble | undefined {
  if (end - start >= TEXT_BYTES_MAX || start >= end) return undefined
  const isNegative = bytes[start] === MINUS
  const at = isNegative || bytes[start] === PLUS ? start + 1 : start
  if (equalsIgnoreCase(bytes, at, end, INF) || equalsIgnoreCase(bytes, at, end, INFINITY)) return infinity(isNegative)

  if (end - at > 2 && bytes[at] === ZERO && lowerCase(bytes[at + 1]) === 0x78) {
    const fraction = parseHexFraction(bytes, at + 2, end)
    if (fraction === undefined) return undefined
    if (fraction.mantissa === 0n) return LONG_DOUBLE_ZERO
    return inRange(fromRatio(isNegative, fraction.mantissa, 1n, fraction.exponent))
  }
  return parseDecimal(bytes, at, end, isNegative)
}

function parseDecimal(bytes: Uint8Array, start: number, end: number, isNegative: boolean): LongDouble | undefined {
  const pointAt = skipDigits(bytes, start, end)
  const hasPoint = pointAt < end && bytes[pointAt] === POINT
  const at = hasPoint ? skipDigits(bytes, pointAt + 1, end) : pointAt
  const decimals = hasPoint ? at - pointAt - 1 : 0
  const digits = pointAt - start + decimals
  if (digits === 0) return undefined
  const mantissa = parseDigits(bytes, start, at, digits)

  let exponent = -decimals
  if (at < end) {
    if (lowerCase(bytes[at]) !== 0x65) return undefined
    exponent += parseExponent(bytes, at + 1, end)
    if (Number.isNaN(exponent)) return undefined
  }
  if (mantissa === 0n) return LONG_DOUBLE_ZERO
  if (exponent > DECIMAL_EXPONENT_MAX || exponent < -DECIMAL_EXPONENT_MAX - digits) return undefined
  if (exponent >= 0) return inRange(fromRatio(isNegative, mantissa * tenTo(exponent), 1n, 0))
  return inRange(fromRatio(isNegative, mantissa, tenTo(-exponent), 0))
}

/** The digits of a range, in which there may be a point as well. */
function parseDigits(bytes: Uint8Array, start: number, end: number, digits: number): bigint {
  if (digits > SAFE_DIGITS) return BigInt(latin1(bytes, start, end).replace('.', ''))
  let value = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] !== POINT) value = value * 10 + (bytes[at] - ZERO)
  }
  return BigInt(value)
}

function tenTo(power: number): bigint {
  return power < TENS.length ? TENS[power] : 10n ** BigInt(power)
}

function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9) at++
  return at
}

/** Refuses a nonzero text that became infinite or zero. */
function inRange(value: LongDouble): LongDouble | undefined {
  return value.mantissa === 0n ? undefined : value
}

/** The sum, rounded; infinite or NaN operands and results are found with `isFinite`. */
export function addLongDouble(a: LongDouble, b: LongDouble): LongDouble {
  if (!isFinite(a)) return a
  if (!isFinite(b)) return b
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = signedMantissa(a, exponent) + signedMantissa(b, exponent)
  if (sum === 0n) return LONG_DOUBLE_ZERO
  return sum < 0n ? round(true, -sum, exponent) : round(false, sum, exponent)
}

function signedMantissa(value: LongDouble, exponent: number): bigint {
  const mantissa = value.mantissa << BigInt(value.exponent - exponent)
  return value.isNegative ? -mantissa : mantissa
}

/** Whether it is a number proper. Of two opposite infinities the sum is, here, infinite; Redis refuses both alike. */
export function isFinite(value: LongDouble): boolean {
  return value.exponent !== Infinity
}

/** Exact for every finite double. */
export function longDoubleFromNumber(value: number): LongDouble {
  if (value === 0) return LONG_DOUBLE_ZERO
  if (value - value !== 0) return infinity(value < 0)
  // Scaled by powers of two, which is exact, until the value is an integer.
  let mantissa = Math.abs(value)
  let exponent = 0
  while (mantissa !== Math.floor(mantissa)) {
    mantissa *= 2
    exponent--
  }
  return round(value < 0, BigInt(mantissa), exponent)
}

/** The nearest double. */
export function longDoubleToNumber(value: LongDouble): number {
  const magnitude = isFinite(value) ? fractionToNumber(value) : Infinity
  return value.isNegative ? -magnitude : magnitude
}

/**
 * The text that INCRBYFLOAT replies and stores: no exponent, at most 17 decimals, no trailing zeros, never "-0".
 */
export function formatLongDouble(value: LongDouble): string {
  if (!isFinite(value)) return value.isNegative ? '-inf' : 'inf'
  const scaled = shiftRounded(value.mantissa * TEN_TO_DECIMALS, value.exponent)
  if (scaled === 0n) return '0'
  const whole = (scaled / TEN_TO_DECIMALS).toString()
  const decimals = (scaled % TEN_TO_DECIMALS).toString().padStart(DECIMALS, '0').replace(/0+$/, '')
  return (value.isNegative ? '-' : '') + (decimals === '' ? whole : `${whole}.${decimals}`)
}

function infinity(isNegative: boolean): LongDouble {
  return { isNegative, mantissa: 0n, exponent: Infinity }
}

/** Rounds numerator / denominator · 2^exponent, above zero. */
function fromRatio(isNegative: boolean, numerator: bigint, denominator: bigint, exponent: number): LongDouble {
  if (denominator === 1n) return round(isNegative, numerator, exponent)
  // Two bits more than are kept, and one below them that says whether the division left anything.
  const shift = Math.max(0, MANTISSA_BITS + 2 + bitLength(denominator) - bitLength(numerator))
  const shifted = numerator << BigInt(shift)
  const quotient = shifted / denominator
  const isInexact = quotient * denominator !== shifted
  return round(isNegative, quotient * 2n + (isInexact ? 1n : 0n), exponent - shift - 1)
}

/** Rounds mantissa · 2^exponent, above zero, to what the format holds. */
function round(isNegative: boolean, mantissa: bigint, exponent: number): LongDouble {
  const top = exponent + bitLength(mantissa)
  if (top > TOP_MAX) return infinity(isNegative)
  if (top < EXPONENT_MIN) return LONG_DOUBLE_ZERO
  const lowest = Math.max(top - MANTISSA_BITS, EXPONENT_MIN)
  // Nothing to round off: keep the short mantissa, sums of short ones are cheaper.
  if (lowest <= exponent) return { isNegative, mantissa, exponent }
  const kept = shiftRounded(mantissa, exponent - lowest)
  if (kept === 0n) return LONG_DOUBLE_ZERO
  if (lowest + bitLength(kept) > TOP_MAX) return infinity(isNegative)
  return { isNegative, mantissa: kept, exponent: lowest }
}
