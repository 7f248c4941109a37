/**
 * Doubles in text, read and written byte for byte as Redis 7.2 does.
 *
 * Reading follows the C library's strtod: decimal and hexadecimal notation, "inf", "infinity" and "nan" in any case.
 * Reading and writing allocate nothing for the usual texts: decimals of at most 15 digits or so are read with one exact
 * multiplication or division, and longer ones go through `Number`, which rounds correctly.
 */

import { fractionToNumber, parseExponent, parseHexFraction } from './binary-fraction.js'
import { equalsIgnoreCase, isSpace, latin1, latin1Bytes, lowerCase } from './bytes.js'
import { writeGrisu } from './grisu.js'
import { writeUint64Halves } from './int64.js'
import { writeInteger } from './integer.js'

/** Room for any text of `writeDouble` and `writeGrisu`; the longest known is "-12345678901234567" and seven zeros. */
export const DOUBLE_TEXT_BYTES_MAX = 32

const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const TWO_32 = 0x1_0000_0000

/** Integers up to here are written as integers, beyond in the notation of `writeGrisu`. */
const INTEGER_NOTATION_MAX = 2 ** 62

/** The powers of ten that doubles hold exactly. */
const EXACT_POWERS = new Float64Array([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
])
const EXACT_POWER_MAX = 22

const INF = latin1Bytes('inf')
const INFINITY = latin1Bytes('infinity')

/** What `parseMagnitude` says of a nonzero text that rounds to zero; no magnitude is negative. */
const UNDERFLOW = -1

/**
 * Reads a float argument: the whole range must be a number, without spaces; what overflows, or vanishes to zero, is
 * refused, while "inf" is a number.
 *
 * @returns NaN when refused ("nan" is refused as well)
 */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return NaN
  const sign = bytes[start]
  const at = sign === MINUS || sign === PLUS ? start + 1 : start
  const magnitude = parseMagnitude(bytes, at, end)
  if (magnitude === UNDERFLOW) return NaN
  if (magnitude === Infinity && !isInfinityWord(bytes, at, end)) return NaN
  return sign === MINUS ? -magnitude : magnitude
}

/**
 * Reads a float the way a bare strtod call does, where Redis makes one (score ranges): the range ends at its first NUL,
 * leading white space is skipped, no text at all is 0, and overflow and underflow are Infinity and 0.
 *
 * @returns NaN when anything follows the number, and for "nan"
 */
export function parseDoubleLoose(bytes: Uint8Array, start: number, end: number): number {
  let stop = start
  while (stop < end && bytes[stop] !== 0) stop++
  if (start === stop) return 0
  let at = start
  while (at < stop && isSpace(bytes[at])) at++
  const sign = at < stop ? bytes[at] : 0
  if (sign === MINUS || sign === PLUS) at++
  const magnitude = parseMagnitude(bytes, at, stop)
  const value = magnitude === UNDERFLOW ? 0 : magnitude
  return sign === MINUS ? -value : value
}

/** Reads a number without a sign. @returns NaN when it is none, UNDERFLOW when only rounding makes it zero */
function parseMagnitude(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 2 && bytes[start] === ZERO && lowerCase(bytes[start + 1]) === 0x78) {
    const fraction = parseHexFraction(bytes, start + 2, end)
    if (fraction === undefined) return NaN
    const value = fractionToNumber(fraction)
    return value === 0 && fraction.mantissa !== 0n ? UNDERFLOW : value
  }
  if (isInfinityWord(bytes, start, end)) return Infinity
  return parseDecimal(bytes, start, end)
}

function isInfinityWord(bytes: Uint8Array, start: number, end: number): boolean {
  if (start >= end || lowerCase(bytes[start]) !== INF[0]) return false
  return equalsIgnoreCase(bytes, start, end, INF) || equalsIgnoreCase(bytes, start, end, INFINITY)
}

function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  let mantissa = 0
  let exponent = 0
  let at = start
  let digits = 0
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9) break
    mantissa = mantissa * 10 + digit
    digits++
  }
  if (at < end && bytes[at] === POINT) {
    const pointAt = at
    for (at++; at < end; at++) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      mantissa = mantissa * 10 + digit
    }
    exponent = pointAt + 1 - at
    digits -= exponent
  }
  if (digits === 0) return NaN
  if (at < end) {
    if (lowerCase(bytes[at]) !== 0x65) return NaN
    exponent += parseExponent(bytes, at + 1, end)
    if (Number.isNaN(exponent)) return NaN
  }
  if (mantissa === 0) return 0

  // An exact mantissa and an exact power: the one operation rounds correctly.
  if (mantissa <= Number.MAX_SAFE_INTEGER) {
    if (exponent >= 0 && exponent <= EXACT_POWER_MAX) return mantissa * EXACT_POWERS[exponent]
    if (exponent < 0 && exponent >= -EXACT_POWER_MAX) return mantissa / EXACT_POWERS[-exponent]
  }
  const value = Number(latin1(bytes, start, end))
  return value === 0 ? UNDERFLOW : value
}

/**
 * Writes a double as replies and stored scores show it: integers up to 2^62 as such, the others with as many digits as
 * they need; "inf", "-inf", "nan", "-0".
 *
 * @param out  has room for DOUBLE_TEXT_BYTES_MAX at `at`
 * @returns the index after the text
 */
export function writeDouble(value: number, out: Uint8Array, at: number): number {
  if (value >= -INTEGER_NOTATION_MAX && value <= INTEGER_NOTATION_MAX && Math.floor(value) === value && value !== 0) {
    if (value >= -Number.MAX_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return writeInteger(value, out, at)
    if (value < 0) {
      out[at++] = MINUS
      value = -value
    }
    const high = Math.floor(value / TWO_32)
    return writeUint64Halves(high, value - high * TWO_32, out, at)
  }
  return writeGrisu(value, out, at)
}

/** The text of `writeDouble`. */
export function formatDouble(value: number): string {
  const out = new Uint8Array(DOUBLE_TEXT_BYTES_MAX)
  return latin1(out, 0, writeDouble(value, out, 0))
}

/**
 * C's `%.<digits>f`: the exact value rounded to so many decimals, halves to the even digit. (`toFixed` rounds halves away
 * from zero, writes no "-0.00", and changes its notation at 1e21.)
 */
export function formatFixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Infinity || value === -Infinity) return value < 0 ? '-inf' : 'inf'
  const sign = value < 0 || (value === 0 && 1 / value < 0) ? '-' : ''
  const magnitude = Math.abs(value)
  if (magnitude >= 1e21) return sign + BigInt(magnitude).toString() + (digits > 0 ? '.' + '0'.repeat(digits) : '')
  const text = magnitude.toFixed(digits)
  // Halfway between two decimals lie exactly the odd multiples of 2^-(digits + 1).
  const isHalf = (magnitude * 2 ** (digits + 1)) % 2 === 1
  const last = text.charCodeAt(text.length - 1) - ZERO
  return sign + (isHalf && last % 2 === 1 ? text.slice(0, -1) + String(last - 1) : text)
}

/** C's `%.17g`, which ZSCAN shows: 17 significant digits, without trailing zeros. */
export function formatDouble17(value: number): string {
  if (value === 0 || value - value !== 0) return formatDouble(value)
  const sign = value < 0 ? '-' : ''
  const magnitude = Math.abs(value)
  const [digits, power] = magnitude.toExponential(16).split('e') as [string, string]
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 17) return sign + trimZeros(formatFixed(magnitude, 16 - exponent))

  // Halves, which toExponential would round away from zero, occur down to 1e-8 only, and above 1e17 not at all.
  const isSmall = exponent < 0 && exponent >= -8
  const plain = isSmall ? formatFixed(magnitude, 16 - exponent).replace(/^[0.]+/, '') : digits.replace('.', '')
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${sign}${trimZeros(`${plain[0]}.${plain.slice(1)}`)}e${exponent < 0 ? '-' : '+'}${size}`
}

/** A double with up to 17 decimals and no exponent, as coordinates are shown: `%.17f` without trailing zeros. */
export function formatHumanDouble(value: number): string {
  const text = trimZeros(formatFixed(value, 17))
  return text === '-0' ? '0' : text
}

/** Cuts zeros off the end of the decimals, and the point when none is left. */
export function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/**
 * Writes a double with a fixed number of decimals by scaling it to an integer, as GEODIST does: fast, and for large values
 * less exact than `formatFixed`. The scaled value must be a safe integer.
 *
 * @returns the index after the text
 */
export function writeScaled(value: number, decimals: number, out: Uint8Array, at: number): number {
  let scaled = roundHalfEven(value * EXACT_POWERS[decimals])
  if (scaled < 0) {
    out[at++] = MINUS
    scaled = -scaled
  }
  const whole = Math.floor(scaled / EXACT_POWERS[decimals])
  at = writeInteger(whole, out, at)
  out[at] = POINT
  let rest = scaled - whole * EXACT_POWERS[decimals]
  for (let i = decimals; i > 0; i--) {
    const tenth = Math.floor(rest / 10)
    out[at + i] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return at + decimals + 1
}

/** The nearest integer, halves to the even one: the C library's rint. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  if (rest > 0.5) return floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
