import { test } from 'node:test'
import { deepEqual, equal, throws } from 'node:assert/strict'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import * as int64 from '../../../src/base/int64.js'
import { Int64 } from '../../../src/base/int64.js'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const UNSIGNED_MAX = 2n ** 64n - 1n

const edges = [
  0n,
  1n,
  -1n,
  MIN,
  MAX,
  2n ** 32n,
  2n ** 31n,
  -(2n ** 32n),
  2n ** 53n,
  -(2n ** 53n),
  2n ** 53n - 1n,
  10n ** 18n,
]
/** Any int64, the ends and the seams of it more often than chance would. */
const signed = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.constantFrom(...edges),
  fc.bigInt({ min: -99n, max: 99n }),
)
const unsigned = signed.map((value) => BigInt.asUintN(64, value))

function from(value: bigint): Int64 {
  return new Int64(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asUintN(32, value)))
}

function toBigInt(value: Int64): bigint {
  return (BigInt(value.high) << 32n) + BigInt(value.low)
}

function toUnsigned(value: Int64): bigint {
  return BigInt.asUintN(64, toBigInt(value))
}

test('numbers go in and out', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const made = int64.fromNumber(value, new Int64())
      equal(toBigInt(made), BigInt(value))
      equal(int64.toNumber(made), value)
      equal(int64.isSafe(made), true)
    }),
  )
  equal(toUnsigned(int64.fromNumber(2 ** 63, new Int64())), 2n ** 63n)
  equal(toUnsigned(int64.fromNumber(2 ** 64 - 2048, new Int64())), 2n ** 64n - 2048n)
  throws(() => int64.fromNumber(2 ** 64, new Int64()))
  throws(() => int64.fromNumber(NaN, new Int64()))
})

test('isSafe is the safe range', () => {
  fc.assert(
    fc.property(signed, (value) => {
      equal(int64.isSafe(from(value)), Number.isSafeInteger(Number(value)))
      equal(int64.isSafeUnsigned(from(value)), Number.isSafeInteger(Number(BigInt.asUintN(64, value))))
      equal(int64.toNumber(from(value)), Number(value))
      equal(int64.toNumberUnsigned(from(value)), Number(BigInt.asUintN(64, value)))
    }),
  )
})

test('add, subtract and negate wrap and tell of overflow', () => {
  const into = new Int64()
  const check = (isExact: boolean, expected: bigint): void => {
    equal(toBigInt(into), BigInt.asIntN(64, expected))
    equal(isExact, expected >= MIN && expected <= MAX)
  }
  fc.assert(
    fc.property(signed, signed, (a, b) => {
      check(int64.add(from(a), from(b), into), a + b)
      check(int64.subtract(from(a), from(b), into), a - b)
      check(int64.negate(from(a), into), -a)
      const sum = BigInt.asUintN(64, a) + BigInt.asUintN(64, b)
      equal(int64.addUnsigned(from(a), from(b), into), sum <= UNSIGNED_MAX)
      equal(toUnsigned(into), BigInt.asUintN(64, sum))
    }),
  )
})

test('the result may be written over an operand', () => {
  fc.assert(
    fc.property(signed, signed, (a, b) => {
      for (const [operation, expected] of [
        [int64.add, a + b],
        [int64.subtract, a - b],
      ] as const) {
        const x = from(a)
        const y = from(b)
        operation(x, y, x)
        equal(toBigInt(x), BigInt.asIntN(64, expected))
        operation(from(a), y, y)
        equal(toBigInt(y), BigInt.asIntN(64, expected))
      }
      const x = from(a)
      int64.negate(x, x)
      equal(toBigInt(x), BigInt.asIntN(64, -a))
    }),
  )
})

test('comparisons, both readings', () => {
  const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  fc.assert(
    fc.property(signed, signed, (a, b) => {
      equal(int64.compare(from(a), from(b)), order(a, b))
      equal(int64.compareUnsigned(from(a), from(b)), order(BigInt.asUintN(64, a), BigInt.asUintN(64, b)))
      equal(int64.equals(from(a), from(b)), a === b)
      equal(int64.equals(from(a), from(a)), true)
    }),
  )
})

test('multiplyAddUnsigned', () => {
  fc.assert(
    fc.property(unsigned, fc.nat(0xffffffff), fc.nat(0xffffffff), (value, factor, addend) => {
      const into = from(value)
      const expected = value * BigInt(factor) + BigInt(addend)
      equal(int64.multiplyAddUnsigned(into, factor, addend), expected <= UNSIGNED_MAX)
      equal(toUnsigned(into), BigInt.asUintN(64, expected))
    }),
  )
})

test('shifts and widths', () => {
  const into = new Int64()
  fc.assert(
    fc.property(signed, fc.nat(63), (value, count) => {
      const shift = BigInt(count)
      int64.shiftLeft(from(value), count, into)
      equal(toBigInt(into), BigInt.asIntN(64, value << shift))
      int64.shiftRight(from(value), count, into)
      equal(toBigInt(into), value >> shift)
      int64.shiftRightUnsigned(from(value), count, into)
      equal(toUnsigned(into), BigInt.asUintN(64, value) >> shift)
      int64.truncateSigned(from(value), count + 1, into)
      equal(toBigInt(into), BigInt.asIntN(count + 1, value))
      int64.truncateUnsigned(from(value), count + 1, into)
      equal(toUnsigned(into), BigInt.asUintN(count + 1, value))
      const same = from(value)
      int64.shiftLeft(same, count, same)
      equal(toBigInt(same), BigInt.asIntN(64, value << shift))
    }),
  )
})

test('results keep the form: high an int32, low a uint32', () => {
  const into = new Int64()
  fc.assert(
    fc.property(signed, signed, fc.nat(63), (a, b, count) => {
      const steps = [
        () => int64.add(from(a), from(b), into),
        () => int64.subtract(from(a), from(b), into),
        () => int64.negate(from(a), into),
        () => int64.addUnsigned(from(a), from(b), into),
        () => int64.shiftLeft(from(a), count, into),
        () => int64.shiftRight(from(a), count, into),
        () => int64.shiftRightUnsigned(from(a), count, into),
      ]
      for (const step of steps) {
        step()
        equal(into.high, into.high | 0)
        equal(into.low, into.low >>> 0)
      }
    }),
  )
})

test('decimal text goes both ways', () => {
  const out = new Uint8Array(24)
  const into = new Int64()
  fc.assert(
    fc.property(signed, (value) => {
      const text = latin1Bytes(String(value))
      equal(int64.parseInt64(text, 0, text.length, into), true)
      equal(toBigInt(into), value)
      equal(latin1(out, 0, int64.writeInt64(into, out, 0)), String(value))
      equal(int64.int64Length(into), text.length)

      const positive = BigInt.asUintN(64, value)
      equal(latin1(out, 0, int64.writeUint64(into, out, 0)), String(positive))
      const digits = latin1Bytes(String(positive))
      equal(int64.parseUint64(digits, 0, digits.length, into), true)
      equal(toUnsigned(into), positive)
    }),
  )
})

test('lengths around powers of ten, where the nearest double has another length', () => {
  for (let power = 15n; power <= 18n; power++) {
    for (const value of [10n ** power - 1n, 10n ** power, 1n - 10n ** power, -(10n ** power)]) {
      equal(int64.int64Length(from(value)), String(value).length)
    }
  }
  equal(int64.int64Length(from(MIN)), 20)
})

function parseUnsigned(parse: typeof int64.parseUint64, text: string): bigint | undefined {
  const into = new Int64()
  const bytes = latin1Bytes(`1${text}2`)
  return parse(bytes, 1, bytes.length - 1, into) ? toUnsigned(into) : undefined
}

test('what is no int64 or uint64 is refused', () => {
  const into = new Int64()
  for (const text of ['', '-', '01', '+1', ' 1', '9223372036854775808', '-9223372036854775809', '1x']) {
    const bytes = latin1Bytes(text)
    equal(int64.parseInt64(bytes, 0, bytes.length, into), false, text)
  }
  for (const text of ['', '-', '-1', '01', '00', '+1', ' 1', '18446744073709551616', '99999999999999999999', '1x']) {
    equal(parseUnsigned(int64.parseUint64, text), undefined, text)
  }
  equal(parseUnsigned(int64.parseUint64, '0'), 0n)
  equal(parseUnsigned(int64.parseUint64, '18446744073709551615'), UNSIGNED_MAX)
})

test('the loose grammar of stream ids and cursors', () => {
  const cases: [string, bigint | undefined][] = [
    ['0', 0n],
    ['17', 17n],
    ['0017', 17n],
    ['+17', 17n],
    [' \t17', 17n],
    ['18446744073709551615', UNSIGNED_MAX],
    ['+18446744073709551615', UNSIGNED_MAX],
    ['18446744073709551616', undefined],
    ['-1', undefined],
    ['-9223372036854775808', undefined],
    ['-01', UNSIGNED_MAX],
    ['-18446744073709551615', 1n],
    ['17\0what', 17n],
    ['17 ', undefined],
    ['', undefined],
    ['\0', undefined],
    [' ', undefined],
    ['+', undefined],
    ['1-2', undefined],
    ['0x1', undefined],
  ]
  for (const [text, value] of cases) equal(parseUnsigned(int64.parseUint64Loose, text), value, JSON.stringify(text))
})

test('eight bytes, both orders', () => {
  const out = new Uint8Array(16)
  const view = new DataView(out.buffer)
  const into = new Int64()
  fc.assert(
    fc.property(signed, fc.nat(8), (value, at) => {
      int64.writeInt64LE(from(value), out, at)
      equal(view.getBigInt64(at, true), value)
      int64.readInt64LE(out, at, into)
      equal(toBigInt(into), value)
      int64.writeInt64BE(from(value), out, at)
      equal(view.getBigInt64(at), value)
      int64.readInt64BE(out, at, into)
      deepEqual(into, from(value))
    }),
  )
})
