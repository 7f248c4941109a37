/**
 * HalfSipHash-1-3: the keyed hash of the key table and every other hash table here.
 *
 * Keyed, so that a client who does not know the key cannot choose texts that collide; in 32-bit words, so that it runs on
 * plain numbers. One round per word and three at the end, the measure the Linux kernel takes for its hash tables.
 * Source: the HalfSipHash reference by Jean-Philippe Aumasson, with an output of 32 bits.
 *
 * The text is taken in words of four bytes, little-endian; the last word holds what is left of it, and the length modulo
 * 256 in its top byte.
 */

const INITIAL_2 = 0x6c796765
const INITIAL_3 = 0x74656462

/**
 * @param k0  first half of the key, any int32
 * @param k1  second half of the key
 * @returns the hash as an int32, so that it stays a small integer
 */
export function halfSipHash(bytes: Uint8Array, start: number, end: number, k0: number, k1: number): number {
  let v0 = k0 | 0
  let v1 = k1 | 0
  let v2 = INITIAL_2 ^ k0
  let v3 = INITIAL_3 ^ k1
  let at = start
  const wordsEnd = start + ((end - start) & ~3)
  let word = 0

  for (; at < wordsEnd; at += 4) {
    word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }

  word = (end - start) << 24
  if (at + 2 < end) word |= bytes[at + 2] << 16
  if (at + 1 < end) word |= bytes[at + 1] << 8
  if (at < end) word |= bytes[at]

  // The last word's round, then three more to finish. Only the middle step differs.
  v3 ^= word
  for (let round = 0; round < 4; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    if (round === 0) {
      v0 ^= word
      v2 ^= 0xff
    }
  }
  return v1 ^ v3
}
