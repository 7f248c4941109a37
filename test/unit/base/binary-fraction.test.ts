import { test } from 'node:test'
import { deepEqual, equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import * as fraction from '../../../src/base/binary-fraction.js'
import { latin1Bytes } from '../../../src/base/bytes.js'

test('bitLength', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 200n }), fc.nat(200), (value, shift) => {
      const some = (value >> BigInt(shift)) + 1n
      equal(fraction.bitLength(some), some.toString(2).length)
    }),
  )
  for (const bits of [1, 31, 32, 33, 63, 64, 65, 128]) {
    equal(fraction.bitLength(1n << BigInt(bits - 1)), bits)
    equal(fraction.bitLength((1n << BigInt(bits)) - 1n), bits)
  }
})

test('shiftRounded goes to the nearest, halves to the even', () => {
  const rounded = [0n, 0n, 0n, 1n, 1n, 1n, 2n, 2n, 2n, 2n, 2n]
  deepEqual(
    rounded.map((_, i) => fraction.shiftRounded(BigInt(i), -2)),
    rounded,
  )
  equal(fraction.shiftRounded(5n, 3), 40n)
  equal(fraction.shiftRounded(5n, 0), 5n)
  equal(fraction.shiftRounded(5n, -100), 0n)
})

test('fractionToNumber rounds once', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 60n }), fc.integer({ min: -1140, max: 1030 }), (mantissa, exponent) => {
      // Number(bigint) rounds correctly, so the numerator of the scaled value is a second opinion where nothing is subnormal.
      const actual = fraction.fractionToNumber({ mantissa, exponent })
      if (exponent >= 0) equal(actual, Number(mantissa << BigInt(exponent)))
      else if (exponent >= -900) equal(actual, Number(mantissa) / 2 ** -exponent)
      else equal(actual, Number(fraction.shiftRounded(mantissa, 1074 + exponent)) * 2 ** -1074)
    }),
  )
  equal(fraction.fractionToNumber({ mantissa: 1n, exponent: 1024 }), Infinity)
  equal(fraction.fractionToNumber({ mantissa: 1n, exponent: -1075 }), 0)
  equal(fraction.fractionToNumber({ mantissa: 3n, exponent: -1076 }), 5e-324)
})

test('exponents', () => {
  const parse = (text: string): number => fraction.parseExponent(latin1Bytes(text), 0, text.length)
  equal(parse('12'), 12)
  equal(parse('+12'), 12)
  equal(parse('-0012'), -12)
  equal(parse('99999999999999999999'), 2 ** 40)
  equal(parse('-99999999999999999999'), -(2 ** 40))
  for (const text of ['', '+', '-', '1x', ' 1', '--1']) equal(parse(text), NaN, text)
})

test('hexDigit', () => {
  for (let byte = 0; byte < 256; byte++) {
    const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
    equal(fraction.hexDigit(byte), value)
  }
})
