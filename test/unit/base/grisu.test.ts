import { test } from 'node:test'
import { equal, ok } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1 } from '../../../src/base/bytes.js'
import { DOUBLE_TEXT_BYTES_MAX } from '../../../src/base/double.js'
import { writeGrisu } from '../../../src/base/grisu.js'

function write(value: number): string {
  const out = new Uint8Array(DOUBLE_TEXT_BYTES_MAX + 2)
  return latin1(out, 1, writeGrisu(value, out, 1))
}

/** Significant digits of a text. */
function digits(text: string): string {
  return text
    .replace(/e.*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
}

test('words and zeros', () => {
  equal(write(0), '0')
  equal(write(-0), '-0')
  equal(write(NaN), 'nan')
  equal(write(Infinity), 'inf')
  equal(write(-Infinity), '-inf')
})

test('notation: plain, with decimals, with an exponent', () => {
  const cases: [number, string][] = [
    [1, '1'],
    [100, '100'],
    [1e7, '10000000'],
    [12345678, '12345678'],
    [1e8, '1e+8'],
    [4e15, '4e+15'],
    [1e21, '1e+21'],
    [123456789012345680000, '123456789012345680000'],
    [-1.2345678901234567e23, '-123456789012345670000000'],
    [1.2345678901234568e24, '1.2345678901234568e+24'],
    [0.5, '0.5'],
    [-1.25, '-1.25'],
    [1e-5, '0.00001'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [0.00012345, '1.2345e-4'],
    [0.0012345, '0.0012345'],
    [0.0012345678901234567, '0.0012345678901234567'],
    [1.5e-9, '1.5e-9'],
    [1.5e300, '1.5e+300'],
    [-1.5e-205, '-1.5e-205'],
    [1e105, '1e+105'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [2.2250738585072014e-308, '2.2250738585072014e-308'],
    [2.225073858507201e-308, '2.225073858507201e-308'],
    [2 ** 62, '4611686018427388000'],
  ]
  for (const [value, text] of cases) equal(write(value), text)
})

test('the doubles that get more digits than they need get the same ones as in Redis 7.2', () => {
  const cases: [number, string][] = [
    [129.14161, '129.14160999999999'],
    [283.1734893, '283.17348930000003'],
    [820.3521146832, '820.3521146832001'],
    [375.354699454496, '375.35469945449597'],
    [-41495871154717180, '-41495871154717184'],
    [-575546755752466400, '-575546755752466430'],
    [1.023492881944818e-30, '1.0234928819448181e-30'],
    [-1.905032189791644e-305, '-1.9050321897916441e-305'],
    [3.840280766426927e137, '3.8402807664269266e+137'],
    [2.703412925552507e187, '2.7034129255525068e+187'],
  ]
  for (const [value, text] of cases) equal(write(value), text)
})

/** Doubles by their bits: every exponent as likely as another, subnormals and powers of two now and then. */
const anyDouble = fc
  .tuple(fc.integer(), fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1)))
  .map(([high, low]) => new Float64Array(Int32Array.of(low, high).buffer)[0]!)
  .filter((value) => Number.isFinite(value))
const everydayDouble = fc.tuple(fc.integer(), fc.nat(9)).map(([value, power]) => value / 10 ** power)

test('every text reads back as its double and is next to shortest', () => {
  let longer = 0
  fc.assert(
    fc.property(fc.oneof(anyDouble, everydayDouble), (value) => {
      const text = write(value)
      ok(Object.is(Number(text), value), text)
      ok(text.length <= DOUBLE_TEXT_BYTES_MAX)
      const length = digits(text).length
      ok(length <= 17)
      if (length > digits(String(value)).length) longer++
    }),
    { numRuns: 20_000 },
  )
  ok(longer < 200, `${longer} of 20000 texts longer than needed`)
})

test('powers of two, whose lower neighbour is closer', () => {
  for (let power = -1074; power < 1024; power++) equal(Number(write(2 ** power)), 2 ** power)
})
