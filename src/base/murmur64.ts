/**
 * MurmurHash64A, the 64-bit variant of MurmurHash2 by Austin Appleby, in 32-bit words: HyperLogLog's hash.
 *
 * Not keyed and stored in files by what it does to values, so it can never change. A 64-bit product modulo 2^64 is made of
 * three 32-bit ones: low by low gives the low word and a carry, the crossed ones go into the high word alone.
 */

/** A hash in two words, both as int32 so that they stay small integers. */
export interface HashWords {
  high: number
  low: number
}

/** The multiplier 0xc6a4a7935bd1e995 in two words, and the low one in two halves. */
const MIX_HIGH = 0xc6a4a793 | 0
const MIX_LOW = 0x5bd1e995
const MIX_LOW_UPPER = 0x5bd1
const MIX_LOW_LOWER = 0xe995
/** Words are folded by a shift of 47, which takes 15 from the high word. */
const FOLD_SHIFT = 15

export function murmurHash64A(bytes: Uint8Array, start: number, end: number, seed: number, into: HashWords): void {
  const length = end - start
  let high = (multiplyHigh(length) + Math.imul(length, MIX_HIGH)) | 0
  let low = seed ^ Math.imul(length, MIX_LOW)
  let at = start
  for (const blocksEnd = start + (length & ~7); at < blocksEnd; at += 8) {
    let wordLow = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
    let wordHigh = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24)
    wordHigh = (multiplyHigh(wordLow) + Math.imul(wordLow, MIX_HIGH) + Math.imul(wordHigh, MIX_LOW)) | 0
    wordLow = Math.imul(wordLow, MIX_LOW) ^ (wordHigh >>> FOLD_SHIFT)
    high ^= (multiplyHigh(wordLow) + Math.imul(wordLow, MIX_HIGH) + Math.imul(wordHigh, MIX_LOW)) | 0
    low ^= Math.imul(wordLow, MIX_LOW)
    high = (multiplyHigh(low) + Math.imul(low, MIX_HIGH) + Math.imul(high, MIX_LOW)) | 0
    low = Math.imul(low, MIX_LOW)
  }
  if (at < end) {
    low ^= lastWord(bytes, at, end)
    high ^= lastWord(bytes, at + 4, end)
    high = (multiplyHigh(low) + Math.imul(low, MIX_HIGH) + Math.imul(high, MIX_LOW)) | 0
    low = Math.imul(low, MIX_LOW)
  }
  low ^= high >>> FOLD_SHIFT
  into.high = (multiplyHigh(low) + Math.imul(low, MIX_HIGH) + Math.imul(high, MIX_LOW)) | 0
  into.low = Math.imul(low, MIX_LOW) ^ (into.high >>> FOLD_SHIFT)
}

/** The word at `at`, zeros from `end` on. */
function lastWord(bytes: Uint8Array, at: number, end: number): number {
  if (at + 3 < end) return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
  let word = 0
  if (at + 2 < end) word = bytes[at + 2] << 16
  if (at + 1 < end) word |= bytes[at + 1] << 8
  if (at < end) word |= bytes[at]
  return word
}

/** The high word of the product of an unsigned word and MIX_LOW. */
function multiplyHigh(word: number): number {
  const lower = word & 0xffff
  const upper = word >>> 16
  const carried = (Math.imul(upper, MIX_LOW_LOWER) + (Math.imul(lower, MIX_LOW_LOWER) >>> 16)) >>> 0
  const crossed = (Math.imul(lower, MIX_LOW_UPPER) + (carried & 0xffff)) >>> 0
  return (Math.imul(upper, MIX_LOW_UPPER) + (carried >>> 16) + (crossed >>> 16)) | 0
}
