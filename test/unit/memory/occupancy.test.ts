import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena } from '../../../src/memory/arena.js'
import {
  fullestFirst,
  isWorthMoving,
  pageOccupancy,
  partlyUsedOccupancy,
  sizeClassFor,
} from '../../../src/memory/occupancy.js'
import { type Pointer, SLAB_SHIFT } from '../../../src/memory/pointer.js'

const BLOCK = 16384 // four to a slab

/** Slabs of four blocks each, of which only the given numbers are in use; returns the blocks in use by slab. */
function slabsWith(arena: Arena, counts: readonly number[]): Pointer[][] {
  const slabs = counts.map(() => Array.from({ length: 4 }, () => arena.allocate(BLOCK)))
  for (const [index, count] of counts.entries()) {
    for (const block of slabs[index]!.splice(count)) arena.free(block)
  }
  arena.validate()
  return slabs
}

test('a class for each size from slabs, none beyond', () => {
  assert.equal(sizeClassFor(1), 1)
  assert.equal(sizeClassFor(8), 1)
  assert.equal(sizeClassFor(9), 2)
  assert.ok(sizeClassFor(BLOCK) > 0)
  assert.equal(sizeClassFor(BLOCK + 1), 0)
})

test('occupancy is the part of the slab in use', () => {
  const arena = new Arena()
  const [one, full] = slabsWith(arena, [1, 4])
  assert.equal(pageOccupancy(arena, one![0]!), 0.25)
  assert.equal(pageOccupancy(arena, full![0]!), 1)
  assert.equal(pageOccupancy(arena, arena.allocate(100_000)), 1)
  assert.equal(partlyUsedOccupancy(arena, sizeClassFor(BLOCK)), 0.25)
})

test('only full slabs or none: nothing is worth moving', () => {
  const arena = new Arena()
  assert.equal(partlyUsedOccupancy(arena, 1), 1)
  const [full] = slabsWith(arena, [4])
  assert.equal(partlyUsedOccupancy(arena, sizeClassFor(BLOCK)), 1)
  assert.equal(isWorthMoving(arena, full![0]!, 1), false)
})

test('a block in the slab that copies would go to is not worth moving', () => {
  const arena = new Arena()
  const [behind, front] = slabsWith(arena, [2, 1])
  assert.equal(isWorthMoving(arena, front![0]!, 0.5), false)
  assert.equal(isWorthMoving(arena, behind![0]!, 0.5), true)
  assert.equal(isWorthMoving(arena, behind![0]!, 0.4), false)
})

test('the fullest slab is used first once they are in order', () => {
  const arena = new Arena()
  const slabs = slabsWith(arena, [3, 1, 4, 2, 1])
  fullestFirst(arena, sizeClassFor(BLOCK))
  arena.validate()
  assert.equal(arena.allocate(BLOCK) >>> SLAB_SHIFT, slabs[0]![0]! >>> SLAB_SHIFT)
  for (let round = 0; round < 2; round++) {
    assert.equal(arena.allocate(BLOCK) >>> SLAB_SHIFT, slabs[3]![0]! >>> SLAB_SHIFT)
  }
  arena.validate()
})

test('moving what is worth moving leaves as few slabs as the blocks need', () => {
  const arena = new Arena({ poison: true })
  const counts = [3, 1, 2, 1, 3, 1, 2, 1, 1, 1, 2, 2, 4, 4, 1, 3]
  let blocks = slabsWith(arena, counts).flat()
  const total = blocks.length
  const sizeClass = sizeClassFor(BLOCK)
  for (let round = 0; round < 8; round++) {
    fullestFirst(arena, sizeClass)
    const occupancy = partlyUsedOccupancy(arena, sizeClass)
    blocks = blocks.map((block) => {
      if (!isWorthMoving(arena, block, occupancy)) return block
      const moved = arena.allocate(BLOCK)
      arena.free(block)
      return moved
    })
    arena.validate()
  }
  assert.equal(new Set(blocks).size, total)
  assert.equal(arena.statistics().slabs, Math.ceil(total / 4))
  assert.equal(arena.statistics().reclaimableBytes, 0)
})
