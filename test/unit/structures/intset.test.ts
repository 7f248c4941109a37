/** The bytes of an intset, which are those of the reference. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, segmentOf } from '../../../src/memory/pointer.js'
import {
  addToIntset,
  fromHalves,
  highHalf,
  intsetBytes,
  intsetWidth,
  isIntset,
  newIntset,
  removeFromIntset,
} from '../../../src/structures/intset.js'

function hex(arena: Arena, intset: number): string {
  const start = byteOffsetOf(intset)
  return Buffer.from(arena.u8[segmentOf(intset)]!.subarray(start, start + intsetBytes(arena, intset))).toString('hex')
}

test('16, 32 and 64 bits', () => {
  const arena = new Arena({ poison: true })
  let intset = newIntset(arena)
  assert.equal(hex(arena, intset), '0200000000000000')
  for (const value of [5, -1, 300]) intset = addToIntset(arena, intset, highHalf(value), value | 0)
  assert.equal(hex(arena, intset), '0200000003000000ffff05002c01')
  intset = addToIntset(arena, intset, 0, 70000)
  assert.equal(hex(arena, intset), '0400000004000000ffffffff050000002c01000070110100')
  intset = addToIntset(arena, intset, highHalf(-(2 ** 40)), 0)
  assert.equal(intsetWidth(arena, intset), 8)
  assert.equal(
    hex(arena, intset),
    '08000000050000000000000000ffffffffffffffffffffff05000000000000002c010000000000007011010000000000',
  )
  intset = removeFromIntset(arena, intset, 0)
  assert.equal(intsetWidth(arena, intset), 8)
})

test('halves of safe integers', () => {
  for (const value of [
    0,
    1,
    -1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 - 1,
    2 ** 52 + 1,
    -(2 ** 53) + 1,
    Number.MAX_SAFE_INTEGER,
  ]) {
    assert.equal(fromHalves(highHalf(value), value | 0), value)
  }
})

test('bytes from outside', () => {
  const check = (text: string, checksOrder = true): boolean => {
    const bytes = new Uint8Array(Buffer.from(`ff${text}`, 'hex'))
    return isIntset(bytes, 1, bytes.length, checksOrder)
  }
  assert.equal(check('0200000002000000ffff0500'), true)
  assert.equal(check('02000000020000000500ffff'), false)
  assert.equal(check('02000000020000000500ffff', false), true)
  assert.equal(check('020000000200000005000500'), false)
  assert.equal(check('0300000001000000ffff05'), false)
  assert.equal(check('0200000000000000'), false)
  assert.equal(check('02000000010000'), false)
  assert.equal(check('080000000200000000000000ffffffff0100000000000000'), true)
  assert.equal(check('08000000020000000100000000000000feffffff00000000'), true)
  assert.equal(check('0800000002000000feffffff000000000100000000000000'), false)
})
