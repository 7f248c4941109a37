/**
 * Exact binary fractions, mantissa times a power of two, and their rounding: what reading floating-point text needs where
 * hardware arithmetic would round twice. Cold code, hence BigInt.
 */

/** The value mantissa · 2^exponent, never negative. */
export interface BinaryFraction {
  readonly mantissa: bigint
  readonly exponent: number
}

/** Hexadecimal digits kept exactly; of the rest it only matters whether they are all zero. */
const HEX_DIGITS_KEPT = 32

/** Exponents beyond are clamped: far outside of every format, and sums of them stay exact. */
const EXPONENT_CLAMP = 2 ** 40

/**
 * Reads what follows "0x": digits with an optional point, then an optional exponent of two, as "1.8p-3".
 *
 * @returns undefined when the range is not exactly that
 */
export function parseHexFraction(bytes: Uint8Array, start: number, end: number): BinaryFraction | undefined {
  let mantissa = 0n
  let kept = 0
  let exponent = 0
  let isPastPoint = false
  let hasDigits = false
  let isSticky = false
  let at = start
  for (; at < end; at++) {
    const digit = hexDigit(bytes[at])
    if (digit < 0) {
      if (bytes[at] !== 0x2e || isPastPoint) break
      isPastPoint = true
      continue
    }
    hasDigits = true
    if (kept < HEX_DIGITS_KEPT) {
      mantissa = mantissa * 16n + BigInt(digit)
      if (mantissa !== 0n) kept++
      if (isPastPoint) exponent -= 4
    } else {
      if (digit !== 0) isSticky = true
      if (!isPastPoint) exponent += 4
    }
  }
  if (!hasDigits) return undefined
  if (at < end) {
    if ((bytes[at] | 0x20) !== 0x70) return undefined
    const power = parseExponent(bytes, at + 1, end)
    if (Number.isNaN(power)) return undefined
    exponent += power
  }
  return { mantissa: mantissa * 2n + (isSticky ? 1n : 0n), exponent: exponent - 1 }
}

/** Reads a decimal exponent, sign optional, clamped to ±2^40. @returns NaN when the range is none */
export function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = start < end && bytes[start] === 0x2d
  let at = start < end && (isNegative || bytes[start] === 0x2b) ? start + 1 : start
  if (at >= end) return NaN
  let value = 0
  for (; at < end; at++) {
    const digit = bytes[at] - 0x30
    if (digit < 0 || digit > 9) return NaN
    if (value < EXPONENT_CLAMP) value = value * 10 + digit
  }
  if (value > EXPONENT_CLAMP) value = EXPONENT_CLAMP
  return isNegative ? -value : value
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** The nearest double; Infinity when it is too large, 0 when it is too small. */
export function fractionToNumber(value: BinaryFraction): number {
  if (value.mantissa === 0n) return 0
  const top = value.exponent + bitLength(value.mantissa)
  if (top > 1024) return Infinity
  if (top < -1074) return 0
  // Keep 53 bits, or fewer where the double is subnormal; the rest rounds here, once.
  const exponent = Math.max(top - 53, -1074)
  const kept = shiftRounded(value.mantissa, value.exponent - exponent)
  // In two steps, since 2^exponent alone may be no normal number.
  const half = Math.trunc(exponent / 2)
  return Number(kept) * 2 ** half * 2 ** (exponent - half)
}

/** mantissa · 2^shift as an integer, to the nearest, halves to the even one. */
export function shiftRounded(mantissa: bigint, shift: number): bigint {
  if (shift >= 0) return mantissa << BigInt(shift)
  const bits = BigInt(-shift)
  const whole = mantissa >> bits
  const rest = mantissa - (whole << bits)
  const half = 1n << (bits - 1n)
  if (rest > half || (rest === half && (whole & 1n) === 1n)) return whole + 1n
  return whole
}

/** Bits needed for a value above 0. */
export function bitLength(value: bigint): number {
  if (value <= 0xffffffffn) return 32 - Math.clz32(Number(value))
  if (value <= 0xffffffffffffffffn) return 64 - Math.clz32(Number(value >> 32n))
  const hex = value.toString(16)
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0], 16)) - 28)
}
