import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asPointer,
  byteOffsetOf,
  nil,
  pointerTo,
  segmentOf,
  unitOffsetOf,
  wordOffsetOf,
  PAGE_BYTES,
  PAGE_SHIFT,
  SEGMENT_BYTES,
  SEGMENT_NUMBERS,
  SEGMENT_SHIFT,
  SLAB_BYTES,
  SLAB_SHIFT,
} from '../../../src/memory/pointer.js'

test('a pointer takes apart into what it was made of', () => {
  for (const segment of [0, 1, 2, 511, 512, 513, 1023]) {
    for (const offset of [0, 8, 4096, 65528, SEGMENT_BYTES - 8]) {
      const pointer = pointerTo(segment, offset)
      assert.equal(pointer, pointer | 0)
      assert.equal(segmentOf(pointer), segment)
      assert.equal(byteOffsetOf(pointer), offset)
      assert.equal(wordOffsetOf(pointer), offset / 4)
      assert.equal(unitOffsetOf(pointer), offset / 8)
    }
  }
})

test('a pointer survives an Int32Array, with its sign', () => {
  const table = new Int32Array(1)
  const pointer = pointerTo(1023, SEGMENT_BYTES - 8)
  assert.ok(pointer < 0)
  table[0] = pointer
  assert.equal(asPointer(table[0]), pointer)
})

test('nil is the start of segment 0', () => {
  assert.equal(nil, 0)
  assert.equal(pointerTo(0, 0), nil)
})

test('shifts and sizes agree', () => {
  assert.equal(PAGE_BYTES, 8 << PAGE_SHIFT)
  assert.equal(SLAB_BYTES, 8 << SLAB_SHIFT)
  assert.equal(SEGMENT_BYTES, 8 << SEGMENT_SHIFT)
  assert.equal(SEGMENT_NUMBERS, 1024)
})
