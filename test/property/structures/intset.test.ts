/** Random use of intsets against sorted arrays of BigInt, over all widths. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Int64 } from '../../../src/base/int64.js'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, segmentOf } from '../../../src/memory/pointer.js'
import {
  copyIntset,
  insertIntoIntset,
  intsetBytes,
  intsetGet,
  intsetLength,
  isIntset,
  newIntset,
  removeFromIntset,
  searchIntset,
  validateIntset,
} from '../../../src/structures/intset.js'

const value = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -300n, max: 300n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -40000n, max: 40000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(1n << 33n), max: 1n << 33n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-32768n, 32767n, 32768n, -(1n << 31n), (1n << 31n) - 1n, 1n << 31n, -(1n << 63n)),
  },
)

const steps = fc.array(fc.record({ adds: fc.boolean(), value }), { maxLength: 300 })

function high(number: bigint): number {
  return Number(BigInt.asIntN(32, number >> 32n))
}

function low(number: bigint): number {
  return Number(BigInt.asIntN(32, number))
}

test('an intset is the sorted array of what was added and not removed', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const arena = new Arena({ poison: true })
      let intset = newIntset(arena)
      const model = new Set<bigint>()
      for (const { adds, value: number } of list) {
        const index = searchIntset(arena, intset, high(number), low(number))
        assert.equal(index >= 0, model.has(number))
        if (adds && index < 0) intset = insertIntoIntset(arena, intset, ~index, high(number), low(number))
        if (!adds && index >= 0) intset = removeFromIntset(arena, intset, index)
        if (adds) model.add(number)
        else model.delete(number)
      }
      validateIntset(arena, intset)
      const sorted = [...model].sort((a, b) => (a < b ? -1 : 1))
      assert.deepEqual(contents(arena, intset), sorted)
      const copy = copyIntset(arena, intset)
      assert.deepEqual(contents(arena, copy), sorted)
      const start = byteOffsetOf(copy)
      const end = start + intsetBytes(arena, copy)
      assert.equal(isIntset(arena.u8[segmentOf(copy)]!, start, end, true), model.size > 0)
      assert.equal(isIntset(arena.u8[segmentOf(copy)]!, start, end - 1, true), false)
      arena.free(intset)
      arena.free(copy)
      assert.equal(arena.usedBytes, 0)
    }),
    { numRuns: 200 },
  )
})

function contents(arena: Arena, intset: number): bigint[] {
  const into = new Int64()
  const found: bigint[] = []
  for (let i = 0; i < intsetLength(arena, intset); i++) {
    intsetGet(arena, intset, i, into)
    found.push((BigInt(into.high) << 32n) | BigInt(into.low))
  }
  return found
}
