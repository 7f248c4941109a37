import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { digitCount, integerLength, parseInteger, writeDigits, writeInteger } from '../../../src/base/integer.js'

/** Parses a text with digits on both sides of it, which must not be seen. */
function parse(text: string): number {
  const bytes = latin1Bytes(`1${text}2`)
  return parseInteger(bytes, 1, bytes.length - 1)
}

function write(value: number): string {
  const out = new Uint8Array(24)
  return latin1(out, 1, writeInteger(value, out, 1))
}

test('the strict grammar refuses all but the one text of a value', () => {
  const refused = ['', '-', '+', '-0', '+1', '00', '01', '-01', ' 1', '1 ', '1.0', '1e3', '0x1', 'a', '--1', '1-', '\0']
  for (const text of refused) equal(parse(text), NaN, JSON.stringify(text))
})

test('values at the ends of the safe range and of 64 bits', () => {
  const cases: [string, number][] = [
    ['0', 0],
    ['9', 9],
    ['-1', -1],
    ['10', 10],
    ['2147483647', 2147483647],
    ['2147483648', 2147483648],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['9007199254740992', Infinity],
    ['-9007199254740992', -Infinity],
    ['9007199254740993', Infinity],
    ['999999999999999999', Infinity],
    ['9223372036854775807', Infinity],
    ['-9223372036854775808', -Infinity],
    ['9223372036854775808', NaN],
    ['-9223372036854775809', NaN],
    ['9223372036854776000', NaN],
    ['10000000000000000000', NaN],
    ['18446744073709551615', NaN],
    ['99999999999999999999', NaN],
    ['-99999999999999999999', NaN],
    ['100000000000000000000000', NaN],
  ]
  for (const [text, value] of cases) equal(parse(text), value, text)
})

test('every byte that is no digit is refused at every place', () => {
  for (let byte = 0; byte < 256; byte++) {
    const isDigit = byte >= 0x30 && byte <= 0x39
    const text = Uint8Array.of(0x31, 0x32, byte)
    equal(parseInteger(text, 0, 3), isDigit ? 120 + byte - 0x30 : NaN)
    equal(parseInteger(text, 2, 3), isDigit ? byte - 0x30 : NaN)
  }
})

test('safe integers go both ways, and integerLength knows the length', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 53 }), (integer, bits) => {
      const value = Math.trunc(integer / 2 ** bits) + 0
      const text = String(value)
      equal(write(value), text)
      equal(parse(text), value)
      equal(integerLength(value), text.length)
    }),
  )
})

test('powers of ten and their neighbours', () => {
  for (let power = 1; power <= 1e15; power *= 10) {
    for (const value of [power - 1, power, power + 1, -power, 1 - power]) {
      equal(write(value), String(value + 0))
      equal(integerLength(value), String(value + 0).length)
    }
  }
  equal(write(-0), '0')
  equal(write(Number.MAX_SAFE_INTEGER), '9007199254740991')
  equal(write(Number.MIN_SAFE_INTEGER), '-9007199254740991')
})

test('quotients next to a multiple of a billion are exact up to the end of the safe range', () => {
  for (let billions = 9007199; billions > 0; billions -= 4999) {
    const value = billions * 1e9 - 1
    equal(write(value), String(value))
  }
})

test('writeDigits pads on the left', () => {
  const out = new Uint8Array(8).fill(0x78)
  equal(writeDigits(42, out, 1, 6), 6)
  equal(latin1(out, 0, 8), 'x00042xx')
  equal(digitCount(2147483647), 10)
})
