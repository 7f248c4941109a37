import { test } from 'node:test'
import { deepEqual, equal } from 'node:assert/strict'
import { formatMemory, parseInt64Text, scanLong } from '../../../src/config/number-text.js'

test('strict integers', () => {
  const cases: [text: string, value: bigint | undefined][] = [
    ['0', 0n],
    ['-1', -1n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['', undefined],
    ['-', undefined],
    ['-0', undefined],
    ['+1', undefined],
    ['01', undefined],
    [' 1', undefined],
    ['1 ', undefined],
    ['1\n', undefined],
    ['1.0', undefined],
  ]
  for (const [text, value] of cases) equal(parseInt64Text(text), value, JSON.stringify(text))
})

test('integers as strtoll scans them', () => {
  const cases: [text: string, radix: 8 | 10, value: bigint, isWhole: boolean, overflows: boolean][] = [
    ['', 10, 0n, true, false],
    ['\0', 10, 0n, true, false],
    [' ', 10, 0n, false, false],
    ['-', 10, 0n, false, false],
    ['x', 10, 0n, false, false],
    [' \t+12', 10, 12n, true, false],
    ['-12x', 10, -12n, false, false],
    ['12\0x', 10, 12n, true, false],
    ['007', 10, 7n, true, false],
    ['777', 8, 511n, true, false],
    ['78', 8, 7n, false, false],
    ['9', 8, 0n, false, false],
    ['9223372036854775808', 10, 9223372036854775807n, true, true],
    ['-99999999999999999999999999', 10, -9223372036854775808n, true, true],
    ['0'.repeat(50) + '5', 10, 5n, true, false],
  ]
  for (const [text, radix, value, isWhole, overflows] of cases) {
    deepEqual(scanLong(text, radix), { value, isWhole, overflows }, JSON.stringify(text))
  }
})

test('amounts of memory in the largest unit that fits', () => {
  const cases: [bytes: bigint, text: string][] = [
    [0n, '0'],
    [1n, '1'],
    [1000n, '1000'],
    [1024n, '1kb'],
    [1536n, '1536'],
    [3n * 1024n ** 2n, '3mb'],
    [1025n * 1024n ** 2n, '1025mb'],
    [2n * 1024n ** 3n, '2gb'],
    [18446744073709551615n, '18446744073709551615'],
  ]
  for (const [bytes, text] of cases) equal(formatMemory(bytes), text)
})
