/**
 * SHA-1 (FIPS 180-4): names scripts, and adds up DEBUG DIGEST. No secret depends on it.
 */

import { readInt32BE, writeUint32BE } from './bytes.js'
import { hashBlocks, toHex } from './sha-blocks.js'

export const SHA1_BYTES = 20

/** The digest in lower-case hexadecimal, 40 digits. */
export function sha1Hex(bytes: Uint8Array, start: number, end: number): string {
  const digest = new Uint8Array(SHA1_BYTES)
  sha1(bytes, start, end, digest, 0)
  return toHex(digest, 0, SHA1_BYTES)
}

/** Writes the 20 bytes of the digest to `out` at `at`. */
export function sha1(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void {
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  hashBlocks(bytes, start, end, state, new Int32Array(80), compress)
  for (let i = 0; i < state.length; i++) writeUint32BE(state[i], out, at + 4 * i)
}

/** Mixes the block of 64 bytes at `at` into the state. */
function compress(state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = readInt32BE(bytes, at + 4 * i)
  for (let i = 16; i < 80; i++) words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1)

  let a = state[0]
  let b = state[1]
  let c = state[2]
  let d = state[3]
  let e = state[4]
  for (let i = 0; i < 80; i++) {
    let mixed = 0
    if (i < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999
    else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1
    else if (i < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
    else mixed = (b ^ c ^ d) + 0xca62c1d6
    const next = (rotate(a, 5) + mixed + e + words[i]) | 0
    e = d
    d = c
    c = rotate(b, 30)
    b = a
    a = next
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
