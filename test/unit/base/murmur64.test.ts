import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { murmurHash64A } from '../../../src/base/murmur64.js'

const MIX = 0xc6a4a7935bd1e995n

/** The same in 64 bits, straight from the definition. */
function model(bytes: Uint8Array, seed: number): bigint {
  const cut = (value: bigint): bigint => BigInt.asUintN(64, value)
  const wordAt = (at: number, end: number): bigint => {
    let word = 0n
    for (let i = end - 1; i >= at; i--) word = (word << 8n) | BigInt(bytes[i]!)
    return word
  }
  let hash = BigInt(seed) ^ cut(BigInt(bytes.length) * MIX)
  const whole = bytes.length - (bytes.length % 8)
  for (let at = 0; at < whole; at += 8) {
    let word = cut(wordAt(at, at + 8) * MIX)
    word ^= word >> 47n
    hash = cut((hash ^ cut(word * MIX)) * MIX)
  }
  if (whole < bytes.length) hash = cut((hash ^ wordAt(whole, bytes.length)) * MIX)
  hash = cut((hash ^ (hash >> 47n)) * MIX)
  return hash ^ (hash >> 47n)
}

test('the hash of bytes anywhere in a buffer is that of 64-bit arithmetic', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(9),
      fc.integer({ min: 0, max: 0xffffffff }),
      (bytes, start, seed) => {
        const buffer = new Uint8Array(start + bytes.length + 9).fill(0xa5)
        buffer.set(bytes, start)
        const hash = { high: 0, low: 0 }
        murmurHash64A(buffer, start, start + bytes.length, seed, hash)
        assert.equal((BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0), model(bytes, seed))
      },
    ),
  )
})
