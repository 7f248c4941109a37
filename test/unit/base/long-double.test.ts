import { test } from 'node:test'
import { deepEqual, equal, ok } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../src/base/bytes.js'
import * as long from '../../../src/base/long-double.js'

function parse(text: string): long.LongDouble | undefined {
  const bytes = latin1Bytes(`1${text}2`)
  return long.parseLongDouble(bytes, 1, bytes.length - 1)
}

function read(text: string): long.LongDouble {
  const value = parse(text)
  ok(value !== undefined, text)
  return value
}

/** What INCRBYFLOAT would reply. */
function add(a: string, b: string): string {
  return long.formatLongDouble(long.addLongDouble(read(a), read(b)))
}

test('sums as INCRBYFLOAT shows them', () => {
  const cases: [string, string, string][] = [
    ['10.50', '0.1', '10.6'],
    ['10.6', '-5', '5.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['0.1', '0.2', '0.3'],
    ['3000.1', '0', '3000.10000000000000009'],
    ['100000.1', '0.2', '100000.30000000000000426'],
    ['1e10', '0.1', '10000000000.09999999962747097'],
    ['0', '-0', '0'],
    ['-0.000000000000000001', '0', '0'],
    ['1e-17', '0', '0.00000000000000001'],
    ['9223372036854775807', '1', '9223372036854775808'],
    ['18446744073709551615', '0', '18446744073709551615'],
    ['18446744073709551616', '1', '18446744073709551616'],
    ['-1.5', '1.5', '0'],
    ['0x1p-18', '0', '0.00000381469726562'],
    ['0x3p-18', '0', '0.00001144409179688'],
  ]
  for (const [a, b, sum] of cases) equal(add(a, b), sum, `${a} + ${b}`)
})

test('refused texts', () => {
  const texts = [
    '',
    '-',
    '.',
    '+',
    ' 1',
    '1 ',
    '1\0',
    'nan',
    '-nan',
    'abc',
    '1e',
    '1e+',
    '0x',
    '0x.',
    '0x1p',
    '--1',
    'infi',
  ]
  for (const text of texts) equal(parse(text), undefined, text)
})

test('the ends of the format: overflow and underflow to zero are refused', () => {
  for (const text of ['1.19e4932', '-1e4933', '1e5000', '1e99999999999999999999', '0x1p16384', '0x1p99999999999']) {
    equal(parse(text), undefined, text)
  }
  for (const text of ['1.8e-4951', '1e-5000', '1e-99999999999999999999', '0x1p-16446', '0x1p-99999999999']) {
    equal(parse(text), undefined, text)
  }
  const least = { isNegative: false, mantissa: 1n, exponent: -16445 }
  deepEqual(parse('1.9e-4951'), least)
  deepEqual(parse('0x1.1p-16446'), least)
  equal(long.formatLongDouble(read('0x1p16383')), (2n ** 16383n).toString())
  equal(long.formatLongDouble(read('0x1.fffffffffffffffep16383')), ((2n ** 64n - 1n) << 16320n).toString())
  equal(parse('0x1.ffffffffffffffffp16383'), undefined)
})

test('zero times anything is zero', () => {
  for (const text of ['0', '-0', '0.000', '0e99999999999999', '-0x0p99999', '000']) equal(add(text, '0'), '0')
})

test('infinity is a number that no sum should keep', () => {
  for (const text of ['inf', '-Infinity', '+INF']) {
    equal(long.isFinite(read(text)), false)
    equal(long.isFinite(long.addLongDouble(read('1'), read(text))), false)
    equal(long.isFinite(long.addLongDouble(read(text), read('1'))), false)
  }
  equal(long.formatLongDouble(read('-inf')), '-inf')
  const largest = read('0x1.fffffffffffffffep16383')
  equal(long.isFinite(long.addLongDouble(largest, largest)), false)
  equal(long.isFinite(long.addLongDouble(largest, read('-1'))), true)
})

test('texts of 5119 bytes are read, longer ones are not', () => {
  equal(add('0'.repeat(5118) + '7', '0'), '7')
  equal(parse('0'.repeat(5119) + '7'), undefined)
  equal(add(`0.${'0'.repeat(5000)}1e5001`, '1'), '2')
})

test('64 bits of mantissa, halves to even', () => {
  equal(add('36893488147419103233', '0'), '36893488147419103232') // 2^65 + 1, a quarter of a step
  equal(add('36893488147419103234', '0'), '36893488147419103232') // half a step, down to the even mantissa
  equal(add('36893488147419103238', '0'), '36893488147419103240') // half a step, up to the even mantissa
  equal(add('18446744073709551616', '1'), '18446744073709551616')
  equal(add('18446744073709551616', '3'), '18446744073709551620')
})

test('a double goes in exactly and comes back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.integer({ min: -1074, max: 1023 }), (value, power) => {
      for (const number of [value, 2 ** power, -(2 ** power)]) {
        equal(long.longDoubleToNumber(long.longDoubleFromNumber(number)), number + 0) // of -0 the sign is lost
      }
    }),
  )
})

test('decimals of up to 17 places come back as they are while the sum is small', () => {
  const small = fc.tuple(fc.bigInt({ min: -2n * 10n ** 18n, max: 2n * 10n ** 18n }), fc.nat(17))
  const text = (units: bigint, places: number): string => {
    const digits = (units < 0n ? -units : units).toString().padStart(18, '0')
    const cut = digits.length - 17
    const decimals = digits.slice(cut, cut + places)
    return `${units < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? `.${decimals}` : ''}`
  }
  fc.assert(
    fc.property(small, small, ([a, aPlaces], [b, bPlaces]) => {
      const cutA = a - (a % 10n ** BigInt(17 - aPlaces))
      const cutB = b - (b % 10n ** BigInt(17 - bPlaces))
      const sum = text(cutA + cutB, 17).replace(/\.?0+$/, '')
      equal(add(text(a, aPlaces), text(b, bPlaces)), sum === '-0' ? '0' : sum)
    }),
  )
})

test('addition commutes, and subtracting what was added to zero gives zero', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (a, b) => {
        const x = long.longDoubleFromNumber(a)
        const y = long.longDoubleFromNumber(b)
        equal(long.formatLongDouble(long.addLongDouble(x, y)), long.formatLongDouble(long.addLongDouble(y, x)))
        equal(long.formatLongDouble(long.addLongDouble(x, long.longDoubleFromNumber(-a))), '0')
      },
    ),
  )
})
