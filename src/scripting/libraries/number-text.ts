/** Numbers as C's printf prints them with `%.<precision>g`, and as strtod reads them. */

/** Integers up to here have at most 14 digits, and print the same with any precision from 14 on. */
const PLAIN_MAX = 99_999_999_999_999

export function formatGeneral(value: number, precision: number): string {
  if (precision >= 14 && Number.isInteger(value) && Math.abs(value) <= PLAIN_MAX) {
    return value === 0 && 1 / value < 0 ? '-0' : String(value)
  }
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (value === 0) return 1 / value < 0 ? '-0' : '0'
  const scientific = value.toExponential(precision - 1)
  const split = scientific.indexOf('e')
  const exponent = Number(scientific.slice(split + 1))
  if (exponent < -4 || exponent >= precision) return withExponent(scientific.slice(0, split), exponent)
  return trimFraction(value.toFixed(Math.max(0, precision - 1 - exponent)))
}

function withExponent(mantissa: string, exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  return `${trimFraction(mantissa)}e${exponent < 0 ? '-' : '+'}${digits}`
}

function trimFraction(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** What strtod found at the start of a range. */
export interface ScannedNumber {
  value: number
  /** Where the number ends; where it would begin when there is none. */
  end: number
}

const ZERO = 0x30
const NINE = 0x39
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const SMALL = 0x20
/** Digits of an integer that a double surely holds. */
const EXACT_DIGITS_MAX = 15

/** Reads the longest number at `start`, as strtod does in the C locale: decimal, hexadecimal, infinity or NaN. */
export function scanNumber(bytes: Uint8Array, start: number, end: number, into: ScannedNumber): void {
  let at = start
  const sign = bytes[at]!
  if (at < end && (sign === MINUS || sign === PLUS)) at++
  const digits = at
  let value = 0
  while (at < end && isDigit(bytes[at]!)) value = value * 10 + (bytes[at++]! - ZERO)
  const next = at < end ? bytes[at]! : 0
  if (
    at > digits &&
    at - digits <= EXACT_DIGITS_MAX &&
    next !== DOT &&
    (next | SMALL) !== 0x65 &&
    (next | SMALL) !== 0x78
  ) {
    into.value = sign === MINUS ? -value : value
    into.end = at
    return
  }
  scanLong(bytes, start, end, digits, into)
}

function scanLong(bytes: Uint8Array, start: number, end: number, digits: number, into: ScannedNumber): void {
  const isNegative = bytes[start] === MINUS
  const word = wordAt(bytes, digits, end)
  into.end = start
  into.value = 0
  if (/^(?:inf|nan)/.test(word)) {
    const isNan = word.startsWith('nan')
    into.value = isNan ? NaN : Infinity
    into.end = digits + (word.startsWith('infinity') ? 8 : 3)
  } else if (/^0x\.?[0-9a-f]/.test(word)) scanHexadecimal(bytes, digits + 2, end, into)
  else scanDecimal(bytes, digits, end, into)
  if (isNegative) into.value = -into.value
}

function scanDecimal(bytes: Uint8Array, digits: number, end: number, into: ScannedNumber): void {
  let at = digits
  let count = 0
  for (; at < end && isDigit(bytes[at]!); at++) count++
  if (at < end && bytes[at] === DOT) {
    let after = at + 1
    for (; after < end && isDigit(bytes[after]!); after++) count++
    if (count > 0) at = after
  }
  if (count === 0) return
  at = skipExponent(bytes, at, end, 0x65)
  into.value = Number(textOf(bytes, digits, at))
  into.end = at
}

function scanHexadecimal(bytes: Uint8Array, digits: number, end: number, into: ScannedNumber): void {
  let at = digits
  let value = 0
  let scale = 0
  let hasPoint = false
  for (; at < end; at++) {
    const digit = hexDigit(bytes[at]!)
    if (digit < 0) {
      if (bytes[at] !== DOT || hasPoint) break
      hasPoint = true
      continue
    }
    value = value * 16 + digit
    if (hasPoint) scale -= 4
  }
  const mantissaEnd = at
  at = skipExponent(bytes, at, end, 0x70)
  if (at > mantissaEnd) scale += Number(textOf(bytes, mantissaEnd + 1, at))
  into.value = value * 2 ** scale
  into.end = at
}

/** The end of an exponent at `at`; `at` when there is none. */
function skipExponent(bytes: Uint8Array, at: number, end: number, letter: number): number {
  if (at >= end || (bytes[at]! | SMALL) !== letter) return at
  let after = at + 1
  if (after < end && (bytes[after] === MINUS || bytes[after] === PLUS)) after++
  if (after >= end || !isDigit(bytes[after]!)) return at
  while (after < end && isDigit(bytes[after]!)) after++
  return after
}

export function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - ZERO
  const letter = byte | SMALL
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function wordAt(bytes: Uint8Array, start: number, end: number): string {
  return textOf(bytes, start, Math.min(end, start + 8)).toLowerCase()
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!)
  return text
}
