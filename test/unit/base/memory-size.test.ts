import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import { formatMemorySize, parseMemorySize } from '../../../src/base/memory-size.js'

test('units, in any case', () => {
  const cases: [string, bigint][] = [
    ['0', 0n],
    ['100', 100n],
    ['0100', 100n],
    ['100b', 100n],
    ['1k', 1000n],
    ['1kb', 1024n],
    ['5Kb', 5120n],
    ['2m', 2_000_000n],
    ['64MB', 67_108_864n],
    ['1g', 1_000_000_000n],
    ['1gB', 1_073_741_824n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
  ]
  for (const [text, bytes] of cases) equal(parseMemorySize(text), bytes, text)
})

test('what is no amount is refused', () => {
  for (const text of ['-1', '+1', ' 1', '1 ', '1.5gb', '1tb', '1kk', '1bb', 'x', '1 kb', '1kb ', '0x10', '1\n', '１']) {
    equal(parseMemorySize(text), undefined, JSON.stringify(text))
  }
  equal(parseMemorySize('0'.repeat(127)), 0n)
  equal(parseMemorySize('0'.repeat(128)), undefined)
})

test('no digits count as 0, too many as the largest number, products wrap', () => {
  equal(parseMemorySize(''), 0n)
  equal(parseMemorySize('gb'), 0n)
  equal(parseMemorySize('99999999999999999999'), 2n ** 64n - 1n)
  equal(parseMemorySize('99999999999999999999kb'), 2n ** 64n - 1024n)
  equal(parseMemorySize('17179869184gb'), 0n)
})

test('human sizes', () => {
  const cases: [number, string][] = [
    [0, '0B'],
    [1023, '1023B'],
    [1024, '1.00K'],
    [1152, '1.12K'],
    [1408, '1.38K'],
    [1101004, '1.05M'],
    [1024 ** 2 - 1, '1024.00K'],
    [1024 ** 3, '1.00G'],
    [1.5 * 1024 ** 4, '1.50T'],
    [1024 ** 5, '1.00P'],
    [1024 ** 6, '1152921504606846976B'],
  ]
  for (const [bytes, text] of cases) equal(formatMemorySize(bytes), text)
})
