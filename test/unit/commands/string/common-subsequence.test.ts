import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { Slice } from '../../../../src/base/slice.js'
import { commonLength, CommonSubsequence } from '../../../../src/commands/string/common-subsequence.js'

/** The usual table, and the walk back that goes left on a tie. */
function naive(a: string, b: string): { text: string; ranges: number[][] } {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!)
    }
  }
  const ranges: number[][] = []
  let text = ''
  let i = a.length
  let j = b.length
  let continues = false
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      text = a[--i]! + text
      j--
      const last = ranges.at(-1)
      if (continues && last !== undefined) ranges[ranges.length - 1] = [i, j, last[2]! + 1]
      else ranges.push([i, j, 1])
      continues = true
    } else {
      continues = false
      if (table[i - 1]![j]! > table[i]![j - 1]!) i--
      else j--
    }
  }
  return { text, ranges }
}

/** Few letters for many ties; lengths on both sides of a word and of several. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 80 }),
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\xff'), maxLength: 140, size: 'max' }),
  fc.constantFrom('', 'a'.repeat(31), 'a'.repeat(32), 'ab'.repeat(16), 'a'.repeat(65)),
)

test('the same subsequence and the same stretches as by the usual table', () => {
  fc.assert(
    fc.property(text, text, (first, second) => {
      const a = new Slice(latin1Bytes(`>${first}<`), 1, first.length + 1)
      const b = new Slice(latin1Bytes(`>${second}<`), 1, second.length + 1)
      const expected = naive(first, second)
      assert.equal(commonLength(a, b), expected.text.length)
      const common = CommonSubsequence.find(a, b)!
      assert.equal(common.length, expected.text.length)
      const ranges: number[][] = []
      while (common.nextRange()) ranges.push([common.aStart, common.bStart, common.rangeLength])
      assert.deepEqual(ranges, expected.ranges)
      const bytes = CommonSubsequence.find(a, b)!.bytes()
      assert.equal(latin1(bytes, 0, bytes.length), expected.text)
    }),
    { numRuns: 400 },
  )
})
