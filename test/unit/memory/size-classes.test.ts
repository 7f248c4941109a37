import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SLABS_PER_SEGMENT, SLAB_BYTES } from '../../../src/memory/pointer.js'
import {
  classByUnits,
  classBytes,
  classCapacity,
  CLASS_COUNT,
  SLAB_BLOCK_BYTES_MAX,
} from '../../../src/memory/size-classes.js'

const classes = Array.from({ length: CLASS_COUNT - 1 }, (_, index) => index + 1)

test('sizes rise, are multiples of 8, and end at the maximum', () => {
  for (const each of classes) {
    assert.equal(classBytes[each]! % 8, 0)
    assert.ok(classBytes[each]! > classBytes[each - 1]!)
  }
  assert.equal(classBytes[1], 8)
  assert.equal(classBytes[CLASS_COUNT - 1], SLAB_BLOCK_BYTES_MAX)
})

test('every multiple of 8 up to 128 is a size, and so is every power of two', () => {
  const sizes = new Set(classBytes)
  for (let bytes = 8; bytes <= 128; bytes += 8) assert.ok(sizes.has(bytes))
  for (let bytes = 8; bytes <= SLAB_BLOCK_BYTES_MAX; bytes *= 2) assert.ok(sizes.has(bytes))
})

test('a request is rounded up to the next size', () => {
  for (let bytes = 1; bytes <= SLAB_BLOCK_BYTES_MAX; bytes++) {
    const given = classByUnits[(bytes + 7) >>> 3]!
    assert.ok(classBytes[given]! >= bytes)
    assert.ok(classBytes[given - 1]! < bytes)
  }
})

test('no size wastes much, neither in the block nor at the end of the slab', () => {
  for (const each of classes) {
    const bytes = classBytes[each]!
    const smallest = classBytes[each - 1]! + 1
    const limit = bytes <= 128 ? 7 / smallest : bytes <= 4096 ? 1 / 7 : bytes <= 8192 ? 1 / 6 : 0.26
    assert.ok((bytes - smallest) / smallest <= limit, `${bytes}`)
    const tail = SLAB_BYTES - classCapacity[each]! * bytes
    assert.ok(tail >= 0)
    assert.ok(tail / SLAB_BYTES < 0.01, `${bytes}`)
  }
})

test('a slab has four blocks at least, and heads of lists fit into the records of one segment', () => {
  for (const each of classes) assert.ok(classCapacity[each]! >= 4)
  assert.ok(CLASS_COUNT <= SLABS_PER_SEGMENT)
})
