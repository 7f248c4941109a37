import { test } from 'node:test'
import { equal, ok } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import * as double from '../../../src/base/double.js'

/** Parses a text with digits on both sides of it, which must not be seen. */
function parse(text: string, read = double.parseDouble): number {
  const bytes = latin1Bytes(`1${text}2`)
  return read(bytes, 1, bytes.length - 1)
}

/** The same double to the bit, so that 0 and -0 differ. */
function same(actual: number, expected: number, text: string): void {
  ok(Object.is(actual, expected), `${JSON.stringify(text)}: ${actual} instead of ${expected}`)
}

test('decimal texts', () => {
  const texts = [
    '0',
    '-0',
    '+0',
    '1',
    '-1',
    '+1',
    '1.',
    '.5',
    '-.5',
    '1.5',
    '007',
    '00.10',
    '1e5',
    '1E+5',
    '1.5e-3',
    '1e0',
  ]
  for (const text of texts) same(parse(text), Number(text), text)
  same(parse('0e999999999999999999999'), 0, 'zero times anything')
  same(parse('-0.000e-99999'), -0, 'minus zero times anything')
})

test('words', () => {
  for (const text of ['inf', 'INF', 'Infinity', 'iNfInItY', '+inf']) same(parse(text), Infinity, text)
  for (const text of ['-inf', '-infinity']) same(parse(text), -Infinity, text)
  for (const text of ['nan', '-nan', 'NaN', 'nan(1)', 'infi', 'infinit', 'infinityy', 'i']) same(parse(text), NaN, text)
})

test('what is not wholly a number is refused', () => {
  const texts = [
    '',
    '-',
    '+',
    '.',
    '-.',
    'e5',
    '1e',
    '1e+',
    '1e-',
    '1e5.5',
    '1.2.3',
    '--1',
    '+-1',
    '1,5',
    '1_0',
    'abc',
    '1a',
  ]
  for (const text of [...texts, ' 1', '\t1', '1 ', '1\n', '1\0', '\0', '0b1', '0o7']) same(parse(text), NaN, text)
})

test('overflow and underflow to zero are refused, subnormals are not', () => {
  for (const text of ['1e309', '-1e309', '1.8e308', '1e99999999999999999999', '1e-324', '-1e-400', '2e-324']) {
    same(parse(text), NaN, text)
  }
  for (const text of ['1.7976931348623157e308', '3e-324', '-5e-324', '2.2250738585072011e-308', '1e-310']) {
    same(parse(text), Number(text), text)
  }
  const zeros = '0'.repeat(400)
  same(parse(`0.${zeros}1e401`), 1, 'a small fraction scaled up')
  same(parse(`1${zeros}e-400`), 1, 'a large number scaled down')
})

test('hexadecimal texts', () => {
  const cases: [string, number][] = [
    ['0x10', 16],
    ['-0X1F', -31],
    ['0x.8', 0.5],
    ['0x1.8p3', 12],
    ['0x1P-3', 0.125],
    ['0x1.fffffffffffffp1023', Number.MAX_VALUE],
    ['0x1.fffffffffffff7p1023', Number.MAX_VALUE],
    ['0x1.fffffffffffff8p1023', NaN],
    ['0x1p-1074', 5e-324],
    ['0x1p-1075', NaN],
    ['0x1.8p-1075', 5e-324],
    ['0x1.00000000000008p0', 1],
    ['0x1.00000000000018p0', 1 + 2 * Number.EPSILON],
    [`0x1.00000000000008${'0'.repeat(30)}1p0`, 1 + Number.EPSILON],
    [`0x.${'0'.repeat(40)}1p164`, 1],
    [`0x1${'0'.repeat(40)}p-160`, 1],
    ['0x0p99999999999999999999', 0],
    ['-0x0', -0],
    ['0x1p99999999999999999999', NaN],
    ['0x1p-99999999999999999999', NaN],
  ]
  for (const [text, value] of cases) same(parse(text), value, text)
  for (const text of ['0x', '0x.', '0xg', '0x1p', '0x1p+', '0x1p1.', '0x1.2.3', '0x-1', '0x 1'])
    same(parse(text), NaN, text)
})

test('any decimal text is rounded as correctly as by Number', () => {
  const run = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 22 })
  const power = fc.oneof(
    fc.constant(''),
    fc.integer({ min: -345, max: 330 }).map((exponent) => `e${exponent}`),
  )
  fc.assert(
    fc.property(fc.constantFrom('', '-', '+'), run, fc.option(run), power, (sign, whole, decimals, exponent) => {
      const text = sign + whole + (decimals === null ? '' : `.${decimals}`) + exponent
      const isNumber = whole !== '' || (decimals ?? '') !== ''
      const value = isNumber ? Number(text) : NaN
      const isNonzero = /[1-9]/.test(whole + (decimals ?? ''))
      same(parse(text), Math.abs(value) === Infinity || (value === 0 && isNonzero) ? NaN : value, text)
    }),
    { numRuns: 3000 },
  )
})

test('the loose reader: spaces before, nothing is 0, a NUL ends, no range errors', () => {
  const cases: [string, number][] = [
    ['', 0],
    ['\0', 0],
    ['\0x', 0],
    [' 1', 1],
    ['\n\t 1.5', 1.5],
    ['1\0x', 1],
    ['1e400', Infinity],
    ['-1e400', -Infinity],
    ['1e-400', 0],
    ['-1e-400', -0],
    ['0x1p9999', Infinity],
    ['inf', Infinity],
    [' -inf', -Infinity],
    [' ', NaN],
    ['1 ', NaN],
    ['+', NaN],
    ['(1', NaN],
    ['nan', NaN],
    ['0x', NaN],
  ]
  for (const [text, value] of cases) same(parse(text, double.parseDoubleLoose), value, text)
})

test('integers are written as integers up to 2^62', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [-17, '-17'],
    [1e15, '1000000000000000'],
    [2 ** 53, '9007199254740992'],
    [2 ** 60 + 256, '1152921504606847232'],
    [2 ** 62, '4611686018427387904'],
    [-(2 ** 62), '-4611686018427387904'],
    [2 ** 62 + 1024, '4611686018427389000'],
    [2 ** 63, '9223372036854776000'],
    [1e19, '1e+19'],
    [1e21, '1e+21'],
  ]
  for (const [value, text] of cases) equal(double.formatDouble(value), text)
})

test('other doubles are written with the digits they need', () => {
  const cases: [number, string][] = [
    [3.1, '3.1'],
    [-0.1, '-0.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1 / 3, '0.3333333333333333'],
    [1e-7, '1e-7'],
    [NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ]
  for (const [value, text] of cases) equal(double.formatDouble(value), text)
})

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => same(parse(double.formatDouble(value)), value, String(value))),
  )
})

test('formatFixed rounds the exact value, halves to the even digit', () => {
  const cases: [number, number, string][] = [
    [1.125, 2, '1.12'],
    [1.375, 2, '1.38'],
    [-1.125, 2, '-1.12'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [2.5, 0, '2'],
    [1.005, 2, '1.00'],
    [0, 2, '0.00'],
    [-0, 2, '-0.00'],
    [-0.001, 2, '-0.00'],
    [1e21, 2, '1000000000000000000000.00'],
    [-(2 ** 80), 0, '-1208925819614629174706176'],
    [1e300, 1, `${BigInt(1e300)}.0`],
    [Infinity, 2, 'inf'],
    [-Infinity, 2, '-inf'],
    [NaN, 2, 'nan'],
  ]
  for (const [value, digits, text] of cases) equal(double.formatFixed(value, digits), text)
})

/** The exact value as a fraction of a power of ten, rounded with integers only. */
function exactFixed(value: number, digits: number): string {
  let numerator = Math.abs(value)
  let denominator = 1n
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  const scaled = BigInt(numerator) * 10n ** BigInt(digits)
  let whole = scaled / denominator
  const twice = (scaled - whole * denominator) * 2n
  if (twice > denominator || (twice === denominator && whole % 2n === 1n)) whole++
  const text = whole.toString().padStart(digits + 1, '0')
  const cut = text.length - digits
  return (value < 0 || Object.is(value, -0) ? '-' : '') + text.slice(0, cut) + (digits > 0 ? `.${text.slice(cut)}` : '')
}

/** Doubles with few bits, which are often halfway between two decimals. */
const dyadic = fc.tuple(fc.integer(), fc.nat(40)).map(([value, power]) => value / 2 ** power)

test('formatFixed agrees with exact arithmetic', () => {
  fc.assert(
    fc.property(fc.oneof(dyadic, fc.double({ min: -1e25, max: 1e25, noNaN: true })), fc.nat(17), (value, digits) => {
      equal(double.formatFixed(value, digits), exactFixed(value, digits))
    }),
    { numRuns: 2000 },
  )
})

test('seventeen significant digits, as %.17g', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [3, '3'],
    [0.1, '0.10000000000000001'],
    [-1.5, '-1.5'],
    [1e16, '10000000000000000'],
    [62195424851961432, '62195424851961432'],
    [1e17, '1e+17'],
    [1e21, '1e+21'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012344999999999999'],
    [1e-5, '1.0000000000000001e-05'],
    [1.5e300, '1.5000000000000001e+300'],
    [220556491111115.625, '220556491111115.62'],
    [2 ** -25, '2.9802322387695312e-08'],
    [43 * 2 ** -22, '1.0251998901367188e-05'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, 'nan'],
  ]
  for (const [value, text] of cases) equal(double.formatDouble17(value), text)
})

test('human doubles have at most 17 decimals and no exponent', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '0'],
    [100, '100'],
    [13.361389338970184, '13.36138933897018433'],
    [1e-20, '0'],
    [-1e-20, '0'],
    [2 ** -18, '0.00000381469726562'],
    [3 * 2 ** -18, '0.00001144409179688'],
    [1e21, '1000000000000000000000'],
  ]
  for (const [value, text] of cases) equal(double.formatHumanDouble(value), text)
})

test('scaled decimals, as distances are written', () => {
  const out = new Uint8Array(32)
  const write = (value: number, decimals: number): string => latin1(out, 1, double.writeScaled(value, decimals, out, 1))
  const cases: [number, number, string][] = [
    [166274.1516, 4, '166274.1516'],
    [0, 4, '0.0000'],
    [0.00001, 4, '0.0000'],
    [0.0775, 4, '0.0775'],
    [-1.5, 4, '-1.5000'],
    [-0.00001, 4, '0.0000'],
    [20015086.796, 4, '20015086.7960'],
    [0.03125, 4, '0.0312'],
    [2.5, 1, '2.5'],
  ]
  for (const [value, decimals, text] of cases) equal(write(value, decimals), text)
})

test('roundHalfEven', () => {
  const cases: [number, number][] = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [0.4, 0],
    [-0.6, -1],
    [7, 7],
  ]
  for (const [value, rounded] of cases) equal(double.roundHalfEven(value) + 0, rounded)
})
