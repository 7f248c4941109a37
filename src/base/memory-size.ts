/**
 * Amounts of memory: as redis.conf writes them ("64mb", "1G", "100"), and as INFO shows them ("1.05M").
 */

import { formatFixed } from './double.js'

/** Letters after the digits, in any case. With a "b" they count in 1024s, without in 1000s. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['', 1n],
  ['b', 1n],
  ['k', 1000n],
  ['kb', 1024n],
  ['m', 1000n ** 2n],
  ['mb', 1024n ** 2n],
  ['g', 1000n ** 3n],
  ['gb', 1024n ** 3n],
])

/** More digits are refused. */
const DIGITS_MAX = 127

const UINT64_MAX = 2n ** 64n - 1n

/**
 * Reads an amount of memory. As in Redis: the digits may be missing and then count as 0; no sign, no space, no point;
 * digits beyond 64 bits count as 2^64 - 1, and a product beyond 64 bits loses its upper bits.
 *
 * @returns bytes, 0 .. 2^64 - 1; undefined when the text is no amount
 */
export function parseMemorySize(text: string): bigint | undefined {
  const match = /^([0-9]*)([a-z]*)$/i.exec(text)
  if (match === null) return undefined
  const digits = match[1] ?? ''
  const unit = UNITS.get((match[2] ?? '').toLowerCase())
  if (unit === undefined || digits.length > DIGITS_MAX) return undefined
  const count = BigInt(digits) // of '' it is 0
  return BigInt.asUintN(64, (count > UINT64_MAX ? UINT64_MAX : count) * unit)
}

/** Bytes as INFO's `_human` fields show them: "512B", "1.05M"; units of 1024 up to P, beyond that plain bytes again. */
export function formatMemorySize(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`
  let size = 1024
  for (const unit of 'KMGTP') {
    if (bytes < size * 1024) return formatFixed(bytes / size, 2) + unit
    size *= 1024
  }
  return `${BigInt(bytes)}B`
}
