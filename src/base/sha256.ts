/**
 * SHA-256 (FIPS 180-4): stores the passwords of ACL users.
 */

import { readInt32BE, writeUint32BE } from './bytes.js'
import { hashBlocks, toHex } from './sha-blocks.js'

export const SHA256_BYTES = 32

/** The first 64 primes; the constants are bits of their roots. */
const PRIMES = firstPrimes(64)
/** The first 32 fractional bits of the cube roots. */
const ROUND_CONSTANTS = Int32Array.from(PRIMES, (prime) => rootBits(prime, 3n))
/** The first 32 fractional bits of the square roots of the first eight. */
const INITIAL_STATE = Int32Array.from(PRIMES.slice(0, 8), (prime) => rootBits(prime, 2n))

/** The digest in lower-case hexadecimal, 64 digits. */
export function sha256Hex(bytes: Uint8Array, start: number, end: number): string {
  const digest = new Uint8Array(SHA256_BYTES)
  sha256(bytes, start, end, digest, 0)
  return toHex(digest, 0, SHA256_BYTES)
}

/** Writes the 32 bytes of the digest to `out` at `at`. */
export function sha256(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void {
  const state = INITIAL_STATE.slice()
  hashBlocks(bytes, start, end, state, new Int32Array(64), compress)
  for (let i = 0; i < state.length; i++) writeUint32BE(state[i], out, at + 4 * i)
}

/** Mixes the block of 64 bytes at `at` into the state. */
function compress(state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = readInt32BE(bytes, at + 4 * i)
  for (let i = 16; i < 64; i++) {
    const w15 = words[i - 15]
    const w2 = words[i - 2]
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
    words[i] = words[i - 16] + s0 + words[i - 7] + s1
  }

  let a = state[0]
  let b = state[1]
  let c = state[2]
  let d = state[3]
  let e = state[4]
  let f = state[5]
  let g = state[6]
  let h = state[7]
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & f) ^ (~e & g)
    const t1 = (h + s1 + choice + ROUND_CONSTANTS[i] + words[i]) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + s0 + majority) | 0
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
  state[5] += f
  state[6] += g
  state[7] += h
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}

/** The first 32 bits after the point of the `degree`-th root of a small integer, exact, by bisection. */
function rootBits(value: number, degree: bigint): number {
  const target = BigInt(value) << (32n * degree)
  let low = 0n
  let high = BigInt(value) << 32n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= target) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}
