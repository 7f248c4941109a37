import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  BitOperation,
  combineBits,
  countBits,
  countBitsBetween,
  findBit,
  invertBits,
} from '../../../src/structures/bitmap.js'

/** Bytes with long runs of the same value, at some place in a larger buffer. */
const bitmap = fc
  .array(fc.tuple(fc.constantFrom(0, 0, 255, 255, 1, 128, 0x5a), fc.integer({ min: 1, max: 30 })), { maxLength: 12 })
  .map((runs) => runs.flatMap(([byte, count]) => Array.from({ length: count }, () => byte)))

interface Placed {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly start: number
  readonly end: number
}

function place(content: readonly number[], start: number): Placed {
  const bytes = new Uint8Array(Math.ceil((start + content.length + 9) / 4) * 4).fill(0xa5)
  bytes.set(content, start)
  return { bytes, words: new Int32Array(bytes.buffer), start, end: start + content.length }
}

function bitsOf(content: readonly number[]): string {
  return content.map((byte) => byte.toString(2).padStart(8, '0')).join('')
}

function onesIn(bits: string): number {
  return bits.replaceAll('0', '').length
}

test('counting and searching, against a text of bits', () => {
  fc.assert(
    fc.property(bitmap, fc.nat(7), fc.nat(), fc.nat(), fc.boolean(), (content, start, a, b, value) => {
      const { bytes, words, end } = place(content, start)
      const bits = bitsOf(content)
      assert.equal(countBits(bytes, words, start, end), onesIn(bits))
      if (bits === '') return
      const first = Math.min(a % bits.length, b % bits.length)
      const last = Math.max(a % bits.length, b % bits.length)
      const range = bits.slice(first, last + 1)
      assert.equal(countBitsBetween(bytes, words, start, first, last), onesIn(range))
      const found = range.indexOf(value ? '1' : '0')
      assert.equal(findBit(bytes, words, start, value, first, last), found < 0 ? -1 : first + found)
    }),
    { numRuns: 2000 },
  )
})

test('combining, against bytes one by one', () => {
  const operations: [BitOperation, (a: number, b: number) => number][] = [
    [BitOperation.and, (a, b) => a & b],
    [BitOperation.or, (a, b) => a | b],
    [BitOperation.xor, (a, b) => a ^ b],
  ]
  fc.assert(
    fc.property(
      bitmap,
      bitmap,
      fc.nat(5),
      fc.nat(5),
      fc.constantFrom(...operations),
      (a, b, at, from, [operation, apply]) => {
        const length = Math.min(a.length, b.length)
        const target = place(a, at)
        const source = place(b, from)
        const expected = target.bytes.slice()
        for (let i = 0; i < length; i++) expected[at + i] = apply(a[i]!, b[i]!)
        combineBits(operation, target.bytes, target.words, at, source.bytes, source.words, from, length)
        assert.deepEqual(target.bytes, expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('inverting', () => {
  fc.assert(
    fc.property(bitmap, fc.constantFrom(0, 4, 8), (content, start) => {
      const { bytes, words, end } = place(content, start)
      const expected = bytes.slice()
      for (let i = start; i < end; i++) expected[i] = ~expected[i]!
      invertBits(bytes, words, start, end)
      assert.deepEqual(bytes, expected)
    }),
  )
})
