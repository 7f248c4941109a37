import { test } from 'node:test'
import { equal, notEqual } from 'node:assert/strict'
import * as fc from 'fast-check'
import { halfSipHash } from '../../../src/base/half-siphash.js'

/** The published definition, step by step, with the rounds as parameters. */
function model(text: Uint8Array, k0: number, k1: number, rounds: number, finalRounds: number): number {
  const v = Uint32Array.of(k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1)
  const rotate = (i: number, bits: number): void => {
    const word = v[i]!
    v[i] = (word << bits) | (word >>> (32 - bits))
  }
  const half = (to: number, from: number, bits: number): void => {
    v[to]! += v[from]!
    rotate(from, bits)
    v[from]! ^= v[to]!
  }
  const round = (): void => {
    half(0, 1, 5)
    rotate(0, 16)
    half(2, 3, 8)
    half(0, 3, 7)
    half(2, 1, 13)
    rotate(2, 16)
  }
  const padded = new Uint8Array((text.length & ~3) + 4)
  padded.set(text)
  padded[padded.length - 1] = text.length
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 4) {
    v[3]! ^= view.getUint32(at, true)
    for (let i = 0; i < rounds; i++) round()
    v[0]! ^= view.getUint32(at, true)
  }
  v[2]! ^= 0xff
  for (let i = 0; i < finalRounds; i++) round()
  return v[1]! ^ v[3]!
}

const counting = Uint8Array.from({ length: 64 }, (_, i) => i)
const K0 = 0x03020100
const K1 = 0x07060504

test('the model gives the published values of HalfSipHash-2-4', () => {
  equal(model(counting.subarray(0, 0), K0, K1, 2, 4) >>> 0, 0x5b9f35a9)
  equal(model(counting.subarray(0, 1), K0, K1, 2, 4) >>> 0, 0xb85a4727)
})

test('known values of HalfSipHash-1-3 over 0, 1, 2 …', () => {
  const known: [length: number, hash: number][] = [
    [0, 0x5814c896],
    [1, 0xe7e864ca],
    [2, 0xbc4b0e30],
    [3, 0x01539939],
    [4, 0x7e059ea6],
    [63, 0x87178304],
  ]
  for (const [length, hash] of known) equal(halfSipHash(counting, 0, length, K0, K1) >>> 0, hash)
})

test('agrees with the model for any text, key and place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), fc.integer(), fc.integer(), (text, at, k0, k1) => {
      const bytes = new Uint8Array(text.length + 20).fill(0xa5)
      bytes.set(text, at)
      const hash = halfSipHash(bytes, at, at + text.length, k0, k1)
      equal(hash, hash | 0)
      equal(hash, model(text, k0, k1, 1, 3))
    }),
  )
})

test('both halves of the key matter', () => {
  notEqual(halfSipHash(counting, 0, 8, 0, 0), halfSipHash(counting, 0, 8, 1, 0))
  notEqual(halfSipHash(counting, 0, 8, 0, 0), halfSipHash(counting, 0, 8, 0, 1))
})
