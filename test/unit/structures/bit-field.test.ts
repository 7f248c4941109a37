import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Int64 } from '../../../src/base/int64.js'
import { addToField, Overflow, readField, writeField } from '../../../src/structures/bit-field.js'

const width = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 64 })).map(([isSigned, bits]) => ({
  isSigned,
  bits: isSigned ? bits : Math.min(bits, 63),
}))

/** Small ones, those at the ends of some width, and any. */
const integer = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
    .map(([power, near, negates]) => BigInt.asIntN(64, (negates ? -1n : 1n) * 2n ** BigInt(power) + near)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)

function int64(value: bigint): Int64 {
  return new Int64(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asUintN(32, value)))
}

function bigint(value: Int64): bigint {
  return (BigInt(value.high) << 32n) | BigInt(value.low)
}

function truncate(value: bigint, isSigned: boolean, bits: number): bigint {
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}

test('fields at any bit, against one big number', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 24 }),
      width,
      fc.nat(130),
      integer,
      (content, w, position, value) => {
        const { bits, isSigned } = w
        const read = new Int64()
        readField(content, 0, content.length, position, bits, isSigned, read)
        const padded = [...content, ...new Uint8Array(40)]
        const text = padded.map((byte) => byte.toString(2).padStart(8, '0')).join('')
        assert.equal(bigint(read), truncate(BigInt('0b' + text.slice(position, position + bits)), isSigned, bits))

        const bytes = new Uint8Array([...padded])
        writeField(bytes, 0, position, bits, int64(value))
        const field = BigInt.asUintN(bits, value).toString(2).padStart(bits, '0')
        const expected = text.slice(0, position) + field + text.slice(position + bits)
        assert.equal([...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join(''), expected)
      },
    ),
    { numRuns: 2000 },
  )
})

test('reading and writing begin where the bitmap does', () => {
  const bytes = new Uint8Array([0xff, 0xff, 0, 0, 0xff])
  writeField(bytes, 2, 4, 8, int64(0xabn))
  assert.deepEqual([...bytes], [0xff, 0xff, 0x0a, 0xb0, 0xff])
  const read = new Int64()
  readField(bytes, 2, 4, 4, 16, false, read)
  assert.equal(bigint(read), 0xab00n) // behind the end there are zeros
})

test('sums of fields, against big numbers', () => {
  fc.assert(
    fc.property(width, integer, integer, fc.constantFrom(...Object.values(Overflow)), (w, any, increment, overflow) => {
      const { bits, isSigned } = w
      const value = truncate(any, isSigned, bits)
      const least = isSigned ? -(2n ** BigInt(bits - 1)) : 0n
      const greatest = isSigned ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n
      const sum = value + increment
      const fits = sum >= least && sum <= greatest
      const into = new Int64()
      assert.equal(addToField(int64(value), int64(increment), bits, isSigned, overflow, into), fits)
      if (fits) assert.equal(bigint(into), sum)
      else if (overflow === Overflow.wrap) assert.equal(bigint(into), truncate(sum, isSigned, bits))
      else if (overflow === Overflow.saturate) assert.equal(bigint(into), sum > greatest ? greatest : least)
    }),
    { numRuns: 5000 },
  )
})

test('values to be written that do not fit', () => {
  const cases: [value: bigint, bits: number, isSigned: boolean, wrapped: bigint, saturated: bigint][] = [
    [256n, 8, false, 0n, 255n],
    [-1n, 8, false, 255n, 255n], // read as an unsigned integer of 64 bits
    [128n, 8, true, -128n, 127n],
    [-129n, 8, true, 127n, -128n],
    [-(2n ** 63n), 63, false, 0n, 2n ** 63n - 1n],
    [-(2n ** 63n), 62, true, 0n, 2n ** 61n - 1n], // the oddity: too far below counts as above
    [-(2n ** 62n), 62, true, 0n, -(2n ** 61n)],
  ]
  const zero = new Int64()
  const into = new Int64()
  for (const [value, bits, isSigned, wrapped, saturated] of cases) {
    assert.equal(addToField(int64(value), zero, bits, isSigned, Overflow.wrap, into), false)
    assert.equal(bigint(into), wrapped)
    assert.equal(addToField(int64(value), zero, bits, isSigned, Overflow.saturate, into), false)
    assert.equal(bigint(into), saturated)
  }
  assert.equal(addToField(int64(-(2n ** 63n)), zero, 64, true, Overflow.fail, into), true)
  assert.equal(bigint(into), -(2n ** 63n))
})
