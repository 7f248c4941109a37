/**
 * Numbers as configuration texts spell them. The grammars are those of C's strtoll and of the reference's own parsers,
 * because what is refused, cut off or wrapped around is visible in CONFIG SET. All 64 bits count, hence BigInt; this is
 * cold code.
 */

import { cString } from './file-syntax.js'

export const INT_MIN = -(2n ** 31n)
export const INT_MAX = 2n ** 31n - 1n
export const UINT_MAX = 2n ** 32n - 1n
export const LONG_MIN = -(2n ** 63n)
export const LONG_MAX = 2n ** 63n - 1n
export const ULONG_MAX = 2n ** 64n - 1n

const KB = 1024n
const MB = 1024n * KB
const GB = 1024n * MB

const LONG_DIGITS_MAX = 22
const DECIMAL = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/
const OCTAL = /^[ \t\n\v\f\r]*([+-]?)([0-7]+)/

/** A strict int64: no blanks, no plus sign, no leading zeros, no "-0". */
export function parseInt64Text(text: string): bigint | undefined {
  if (text.length > 20 || !/^(?:0|-?[1-9][0-9]*)$/.test(text)) return undefined
  const value = BigInt(text)
  return value < LONG_MIN || value > LONG_MAX ? undefined : value
}

export interface ScannedLong {
  /** Clamped to int64. */
  readonly value: bigint
  /** Nothing follows the number. True for the empty text as well, whose value is 0. */
  readonly isWhole: boolean
  readonly overflows: boolean
}

/** C's strtoll: leading blanks and a sign are fine, and it stops at the first character that is no digit. */
export function scanLong(text: string, radix: 8 | 10): ScannedLong {
  const source = cString(text)
  const match = (radix === 8 ? OCTAL : DECIMAL).exec(source)
  if (match === null) return { value: 0n, isWhole: source === '', overflows: false }

  const digits = match[2]!.replace(/^0+(?=.)/, '')
  const magnitude = digits.length > LONG_DIGITS_MAX ? ULONG_MAX : BigInt(radix === 8 ? `0o${digits}` : digits)
  const value = match[1] === '-' ? -magnitude : magnitude
  const clamped = value < LONG_MIN ? LONG_MIN : value > LONG_MAX ? LONG_MAX : value
  return { value: clamped, isWhole: match[0].length === source.length, overflows: clamped !== value }
}

/** A count of bytes in the largest unit that divides it, as CONFIG REWRITE writes it. */
export function formatMemory(bytes: bigint): string {
  if (bytes === 0n) return '0'
  if (bytes % GB === 0n) return `${bytes / GB}gb`
  if (bytes % MB === 0n) return `${bytes / MB}mb`
  return bytes % KB === 0n ? `${bytes / KB}kb` : String(bytes)
}
