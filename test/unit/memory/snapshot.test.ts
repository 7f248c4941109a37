import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, segmentOf, type Pointer, PAGE_BYTES, SEGMENT_BYTES } from '../../../src/memory/pointer.js'
import { snapshotBytes } from '../../../src/memory/snapshot.js'

/** Bytes looked at from either end of a block, lest the large ones take long. */
const ENDS = 20_000

function fill(arena: Arena, pointer: Pointer, value: number): void {
  for (const part of endsOf(arena, pointer)) part.fill(value)
}

function isFilled(arena: Arena, pointer: Pointer, value: number): boolean {
  return endsOf(arena, pointer).every((part) => part.every((byte) => byte === value))
}

function endsOf(arena: Arena, pointer: Pointer): Uint8Array[] {
  const start = byteOffsetOf(pointer)
  const end = start + arena.usableBytes(pointer)
  const view = arena.u8[segmentOf(pointer)]!
  return [view.subarray(start, Math.min(end, start + ENDS)), view.subarray(Math.max(start, end - ENDS), end)]
}

test('what is restored is what was there, again and again', () => {
  const arena = new Arena({ poison: true })
  const sizes = [8, 40, 1000, 16384, 16385, 200_000, SEGMENT_BYTES + 1]
  const blocks = sizes.map((bytes) => arena.allocate(bytes))
  for (const [index, block] of blocks.entries()) fill(arena, block, index + 1)
  const used = arena.usedBytes
  const snapshot = arena.clone()
  for (let round = 0; round < 3; round++) {
    for (const block of blocks) {
      fill(arena, block, 99)
      arena.free(block)
    }
    Array.from({ length: 100 * (round + 1) }, () => fill(arena, arena.allocate(500), 77))
    assert.equal(arena.restore(snapshot), true)
    arena.validate()
    assert.equal(arena.usedBytes, used)
    for (const [index, block] of blocks.entries()) assert.ok(isFilled(arena, block, index + 1))
  }
})

test('a snapshot restored elsewhere is a fork: both go on by themselves from the same state', () => {
  const arena = new Arena()
  const kept = arena.allocate(100)
  const freed = arena.allocate(100)
  fill(arena, kept, 1)
  arena.free(freed)
  const fork = new Arena()
  fork.allocate(SEGMENT_BYTES)
  assert.equal(fork.restore(arena.clone()), true)
  fork.validate()
  fill(fork, kept, 2)
  assert.ok(isFilled(arena, kept, 1))
  assert.equal(fork.allocate(100), freed)
  assert.equal(arena.allocate(100), freed)
  fork.free(kept)
  fork.validate()
  arena.validate()
})

test('restoring uses the segments that are there', () => {
  const arena = new Arena()
  arena.allocate(SEGMENT_BYTES)
  arena.allocate(100)
  arena.allocate(SEGMENT_BYTES + 1)
  const buffers = arena.u8.map((view) => view.buffer)
  const snapshot = arena.clone()
  arena.free(arena.allocate(SEGMENT_BYTES))
  assert.ok(arena.restore(snapshot))
  assert.deepEqual(
    arena.u8.slice(0, 4).map((view, index) => view.buffer === buffers[index]),
    [true, true, true, true],
  )
  assert.equal(arena.u8[4]!.length, 0)
  arena.validate()
})

test('a snapshot has the bytes in use, not the segments', () => {
  const arena = new Arena()
  arena.allocate(40)
  arena.allocate(20_000)
  assert.equal(snapshotBytes(arena.clone()), 40 + 5 * PAGE_BYTES)
})

test('a snapshot of nothing restores to nothing', () => {
  const empty = new Arena().clone()
  const arena = new Arena()
  arena.allocate(SEGMENT_BYTES)
  assert.equal(arena.restore(empty), true)
  assert.equal(arena.usedBytes, 0)
  assert.equal(arena.reservedBytes, 0)
  arena.validate()

  arena.free(arena.allocate(8)) // leaves an empty segment
  assert.equal(arena.restore(arena.clone()), true)
  arena.validate()
  assert.notEqual(arena.allocate(8), 0)
})

test('segment numbers keep their gaps', () => {
  const arena = new Arena()
  const blocks = Array.from({ length: 4 }, () => arena.allocate(SEGMENT_BYTES))
  arena.free(blocks[0]!)
  arena.free(blocks[2]!)
  const fork = new Arena()
  assert.equal(fork.restore(arena.clone()), true)
  fork.validate()
  assert.equal(fork.reservedBytes, 2 * SEGMENT_BYTES)
  assert.equal(fork.usableBytes(blocks[3]!), SEGMENT_BYTES)
  assert.equal(segmentOf(fork.allocate(8)), 1)
  fork.validate()
})

test('restore without memory says so and leaves an empty arena', () => {
  const arena = new Arena()
  arena.allocate(SEGMENT_BYTES)
  arena.allocate(SEGMENT_BYTES)
  const small = new Arena({ segmentsMax: 1 })
  small.allocate(8)
  assert.equal(small.restore(arena.clone()), false)
  assert.equal(small.usedBytes, 0)
  small.validate()
  assert.notEqual(small.allocate(8), 0)
})
