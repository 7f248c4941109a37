/** Random changes of sorted sets in either encoding against a sorted array, with scores and members of all kinds. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { TestStore } from '../../support/test-store.js'

interface Pair {
  readonly member: string
  readonly score: number
}

const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(
    -Infinity,
    Infinity,
    0.1,
    -2.5,
    1e300,
    128,
    4096,
    40_000,
    9e6,
    3e9,
    2 ** 53,
    2 ** 62,
    -(2 ** 62),
    1e19,
  ),
)
const member = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', '1', '12', '-7', '123456789012', '9223372036854775807', 'element:000000000001'),
  fc.nat({ max: 30 }).map((n) => `element:${String(n).padStart(12, '0')}`),
  fc.constantFrom('x'.repeat(63), 'x'.repeat(64), 'y'.repeat(64)),
)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), member, score }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), member, score }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('popMin' as const, 'popMax' as const), member, score }) },
)

function byScore(a: Pair, b: Pair): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1
  return a.member < b.member ? -1 : a.member > b.member ? 1 : 0
}

for (const limit of ['128', '12', '0']) {
  test(`a sorted set with listpacks of ${limit} members is a sorted array`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 90 }), (steps) => {
        const store = new TestStore({ 'zset-max-listpack-entries': limit })
        let pairs: Pair[] = []
        for (const next of steps) {
          const others = pairs.filter((pair) => pair.member !== next.member)
          if (next.do === 'add') {
            const isNew = others.length === pairs.length
            assert.equal(store.client.sendLatin1('ZADD', 'z', text(next.score), next.member), isNew ? 1 : 0)
            pairs = [...others, { member: next.member, score: next.score }].sort(byScore)
          } else if (next.do === 'remove') {
            assert.equal(store.client.sendLatin1('ZREM', 'z', next.member), pairs.length - others.length)
            pairs = others
          } else {
            const taken = next.do === 'popMin' ? pairs.shift() : pairs.pop()
            const reply = store.client.sendLatin1(next.do === 'popMin' ? 'ZPOPMIN' : 'ZPOPMAX', 'z')
            assert.deepEqual(reply, taken === undefined ? [] : [taken.member, text(taken.score)])
          }
        }
        const told = store.client.sendLatin1('ZRANGE', 'z', '0', '-1', 'WITHSCORES')
        assert.deepEqual(told, pairs.flatMap((pair) => [pair.member, text(pair.score)])) // prettier-ignore
        for (const [rank, pair] of pairs.entries())
          assert.equal(store.client.sendLatin1('ZRANK', 'z', pair.member), rank)
        store.validate()
        store.client.sendLatin1('FLUSHALL')
      }),
      { numRuns: 60 },
    )
  })
}

/** A score in the notation of replies. */
function text(value: number): string {
  if (value === Infinity || value === -Infinity) return value < 0 ? '-inf' : 'inf'
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 62) return BigInt(value).toString()
  return value === 1e19 ? '1e+19' : String(value)
}
