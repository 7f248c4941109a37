/** SORT's two ways of ordering against the sort of the language. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1Bytes } from '../../../../src/base/bytes.js'
import { Ordering } from '../../../../src/commands/generic/sort/ordering.js'
import { compareTexts, textPrefix, Texts } from '../../../../src/commands/generic/sort/texts.js'

const things = fc.array(
  fc.tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom('', 'a', 'b', 'ab', 'a\0b', 'a\0c')),
  {
    maxLength: 300,
  },
)

function texts(words: readonly string[]): Texts {
  const packed = new Texts()
  for (const word of words) assert.equal(packed.add(latin1Bytes(word), 0, word.length), true)
  return packed
}

function sign(difference: number): number {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function upToNul(text: string): string {
  return text.split('\0')[0]!
}

test('all, or a range, by key and text', () => {
  fc.assert(
    fc.property(
      things,
      fc.boolean(),
      fc.boolean(),
      fc.nat(300),
      fc.nat(300),
      (list, descends, endsAtNul, from, length) => {
        const shown = (index: number): string => (endsAtNul ? upToNul(list[index]![1]) : list[index]![1])
        const wanted = list.map((_, index) => index)
        const turn = descends ? -1 : 1
        wanted.sort((a, b) => turn * (list[a]![0] - list[b]![0] || compareStrings(shown(a), shown(b))))
        const packed = texts(list.map(([, text]) => text))
        const ordering = new Ordering()
        const fill = (): void => {
          assert.equal(ordering.begin(list.length), true)
          for (const [index, [key]] of list.entries()) ordering.keys[index] = key
          ordering.compareBy(packed, list.length, descends, endsAtNul, true)
        }
        fill()
        assert.equal(ordering.sortAll(list.length), true)
        assert.deepEqual([...ordering.order.subarray(0, list.length)], wanted)
        fill()
        const first = Math.min(from, list.length)
        const last = Math.min(first + length, list.length) - 1
        ordering.sortRange(list.length, first, last)
        assert.deepEqual([...ordering.order.subarray(first, last + 1)], wanted.slice(first, last + 1))
        ordering.end()
      },
    ),
    { numRuns: 300 },
  )
})

test('texts are compared as bytes, or as C strings, and prefixes agree', () => {
  const word = fc.string({ unit: fc.constantFrom('\0', '\x01', 'a', 'b', '\xff'), maxLength: 9 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const packed = texts([a, b])
      assert.equal(sign(compareTexts(packed, 0, 1, false)), compareStrings(a, b))
      assert.equal(sign(compareTexts(packed, 0, 1, true)), compareStrings(upToNul(a), upToNul(b)))
      for (const endsAtNul of [false, true]) {
        const difference = sign(textPrefix(packed, 0, endsAtNul) - textPrefix(packed, 1, endsAtNul))
        if (difference !== 0) assert.equal(difference, sign(compareTexts(packed, 0, 1, endsAtNul)))
      }
    }),
    { numRuns: 1000 },
  )
})
