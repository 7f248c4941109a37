/**
 * HyperLogLog: an estimate of how many different elements were added, in at most 12 KB, with a standard error of 0.81 %.
 *
 * A value is a plain string of bytes, and every byte of it is the same as a real server's, since clients read, write and move
 * them:
 *
 *     0   "HYLL"
 *     4   0 dense, 1 sparse
 *     5   three zeros
 *     8   the last estimate, 64 bits, little-endian; the top bit says that it is out of date
 *     16  registers: hyperloglog-dense.ts, hyperloglog-sparse.ts
 *
 * An element's hash chooses one of 16384 registers by its low 14 bits. The register keeps the largest rank seen, the position of
 * the lowest 1 among the other 50 bits, counted from 1. Source: Flajolet et al. 2007; Heule, Nunkesser, Hall 2013.
 */

import type { Int64 } from '../base/int64.js'
import { type HashWords, murmurHash64A } from '../base/murmur64.js'
import { countDense, countRegisters, DENSE_BYTES, type Histogram, REGISTERS } from './hyperloglog-dense.js'
import { estimate, RANK_BITS } from './hyperloglog-estimate.js'
import { countSparse, writeEmptySparse } from './hyperloglog-sparse.js'

export const HEADER_BYTES = 16
export const DENSE_VALUE_BYTES = HEADER_BYTES + DENSE_BYTES
/** Of a value without elements. */
export const EMPTY_VALUE_BYTES = HEADER_BYTES + 2

export const Form = { dense: 0, sparse: 1 } as const
export type Form = (typeof Form)[keyof typeof Form]

const FORM_AT = 4
const CACHE_AT = 8
const STALE_AT = 15
const STALE_BIT = 0x80
const TWO_32 = 0x100000000

const HASH_SEED = 0xadc83b19
const INDEX_MASK = REGISTERS - 1
const INDEX_BITS = 14
/** Bits of the rank that stand in the low word of the hash. */
const LOW_RANK_BITS = 32 - INDEX_BITS

/** `positionOf` packs the register into the low bits and the rank above them. */
export const RANK_SHIFT = INDEX_BITS
export const REGISTER_MASK = INDEX_MASK

const hash: HashWords = { high: 0, low: 0 }

/** Which register an element belongs to, and its rank there: `rank << RANK_SHIFT | register`. */
export function positionOf(bytes: Uint8Array, start: number, end: number): number {
  murmurHash64A(bytes, start, end, HASH_SEED, hash)
  const { high, low } = hash
  const lowRank = low >>> INDEX_BITS
  let rank = RANK_BITS + 1
  if (lowRank !== 0) rank = 32 - Math.clz32(lowRank & -lowRank)
  else if (high !== 0) rank = LOW_RANK_BITS + 32 - Math.clz32(high & -high)
  return (rank << RANK_SHIFT) | (low & INDEX_MASK)
}

/** True when the bytes can be a HyperLogLog. Whether the runs of a sparse one add up is found when they are read. */
export function isHyperLogLog(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES) return false
  if (bytes[start] !== 0x48 || bytes[start + 1] !== 0x59 || bytes[start + 2] !== 0x4c || bytes[start + 3] !== 0x4c) {
    return false
  }
  const form = bytes[start + FORM_AT]
  return form === Form.sparse || (form === Form.dense && end - start === DENSE_VALUE_BYTES)
}

/** Writes a value without elements, of EMPTY_VALUE_BYTES. */
export function writeEmpty(bytes: Uint8Array, start: number): void {
  bytes.fill(0, start, start + HEADER_BYTES)
  bytes[start] = 0x48
  bytes[start + 1] = 0x59
  bytes[start + 2] = 0x4c
  bytes[start + 3] = 0x4c
  bytes[start + FORM_AT] = Form.sparse
  writeEmptySparse(bytes, start + HEADER_BYTES)
}

export function formOf(bytes: Uint8Array, start: number): Form {
  return bytes[start + FORM_AT] as Form
}

export function setForm(bytes: Uint8Array, start: number, form: Form): void {
  bytes[start + FORM_AT] = form
}

export function isCacheStale(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + STALE_AT] & STALE_BIT) !== 0
}

export function markStale(bytes: Uint8Array, start: number): void {
  bytes[start + STALE_AT] |= STALE_BIT
}

/** The estimate kept with the value; any 63 bits, as a client may have written them. */
export function readCache(bytes: Uint8Array, start: number, into: Int64): void {
  into.low = readWord(bytes, start + CACHE_AT) >>> 0
  into.high = readWord(bytes, start + CACHE_AT + 4)
}

/** @param count  what `countOf` returned */
export function writeCache(bytes: Uint8Array, start: number, count: number): void {
  // An infinite estimate is written as the smallest 64-bit integer, which is stale at once.
  const isFinite = count !== Infinity
  writeWord(bytes, start + CACHE_AT, isFinite ? count >>> 0 : 0)
  writeWord(bytes, start + CACHE_AT + 4, isFinite ? Math.floor(count / TWO_32) : 1 << 31)
}

/** Estimates anew. @returns an integer or Infinity; -1 when the runs of a sparse value do not add up */
export function countOf(bytes: Uint8Array, start: number, end: number, histogram: Histogram): number {
  if (formOf(bytes, start) === Form.dense) countDense(bytes, start + HEADER_BYTES, histogram)
  else if (!countSparse(bytes, start + HEADER_BYTES, end, histogram)) return -1
  return estimate(histogram.counts)
}

/** Estimates from registers that lie one a byte. */
export function countOfRegisters(registers: Uint8Array, histogram: Histogram): number {
  countRegisters(registers, histogram)
  return estimate(histogram.counts)
}

function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word
  bytes[at + 1] = word >>> 8
  bytes[at + 2] = word >>> 16
  bytes[at + 3] = word >>> 24
}
