import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { arcSine, cosine, sine } from '../../../src/structures/trigonometry.js'

const BITS = 200n
const ONE = 1n << BITS

/** The exact value of a double as a fixed-point number; what lies below its last bit is cut off. */
function fixed(value: number): bigint {
  let exponent = 0
  while (!Number.isInteger(value)) {
    value *= 2
    exponent++
  }
  return exponent <= Number(BITS) ? BigInt(value) << (BITS - BigInt(exponent)) : 0n
}

/** The series of sine or cosine, with so many bits that the sum can be rounded. */
function series(angle: number, first: bigint): number {
  const x = fixed(angle)
  let term = first === 0n ? ONE : x
  let sum = 0n
  for (let n = first; term !== 0n; n += 2n) {
    sum += term
    term = -((((term * x) >> BITS) * x) >> BITS) / ((n + 1n) * (n + 2n))
  }
  return Number(sum) / 2 ** Number(BITS)
}

const angle = fc
  .double({ min: -Math.PI, max: Math.PI, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-20 ? 0.25 : value))

test('sines and cosines are rounded to the nearest double', () => {
  let wrong = 0
  fc.assert(
    fc.property(angle, (x) => {
      if (sine(x) !== series(x, 1n)) wrong++
      if (Math.abs(x) <= Math.PI / 2 && cosine(x) !== series(x, 0n)) wrong++
    }),
    { numRuns: 3000 },
  )
  assert.ok(wrong <= 2, `${wrong} results are rounded to the wrong side`)
})

test('an arc sine is the double whose sine is nearest', () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -30, max: 0.999, noNaN: true }), (value) => {
      const found = arcSine(value)
      const unit = 2 ** (Math.floor(Math.log2(found)) - 52)
      // Halfway to either neighbour the sine is on the other side of the value, but for the rounding of these sines.
      assert.ok(sine(found - unit) < value || sine(found) <= value)
      assert.ok(sine(found + unit) > value || sine(found) >= value)
      assert.ok(Math.abs(found - Math.asin(value)) <= 2 * unit)
    }),
    { numRuns: 2000 },
  )
})

test('edges', () => {
  assert.equal(sine(0), 0)
  assert.equal(sine(Math.PI), 1.2246467991473532e-16)
  assert.equal(sine(-Math.PI / 2), -1)
  assert.equal(cosine(0), 1)
  assert.equal(arcSine(0), 0)
  assert.equal(arcSine(1), Math.PI / 2)
  assert.ok(Number.isNaN(arcSine(1.0000000000000002)))
})
