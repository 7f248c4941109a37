import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssertionError } from '../../../src/base/assert.js'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, segmentOf, type Pointer } from '../../../src/memory/pointer.js'

function bytesOf(arena: Arena, pointer: Pointer): Uint8Array {
  const start = byteOffsetOf(pointer)
  return arena.u8[segmentOf(pointer)]!.subarray(start, start + arena.usableBytes(pointer))
}

test('a fresh block is full of 0xCD, a freed one of 0xDB behind the link', () => {
  const arena = new Arena({ poison: true })
  arena.allocate(64)
  for (const bytes of [8, 64, 1000, 50_000]) {
    const keep = arena.allocate(bytes) // so that the slab is not given back
    const pointer = arena.allocate(bytes)
    const view = bytesOf(arena, pointer)
    assert.ok(view.every((byte) => byte === 0xcd))
    arena.free(pointer)
    assert.ok(view.subarray(4).every((byte) => byte === 0xdb))
    assert.notEqual(keep, pointer)
  }
})

test('without the option blocks are left alone', () => {
  const arena = new Arena()
  const pointer = arena.allocate(64)
  const view = bytesOf(arena, pointer)
  assert.ok(view.every((byte) => byte === 0))
  view.fill(1)
  arena.free(pointer)
  assert.ok(view.subarray(4).every((byte) => byte === 1))
})

test('a write to a freed block is noticed by validate and when the block is handed out again', () => {
  const arena = new Arena({ poison: true })
  arena.allocate(64)
  const pointer = arena.allocate(64)
  const view = bytesOf(arena, pointer)
  arena.free(pointer)
  view[63] = 0
  assert.throws(() => arena.validate(), AssertionError)
  assert.throws(() => arena.allocate(64), AssertionError)
})

test('a block freed twice is noticed though others were freed in between', () => {
  const arena = new Arena({ poison: true })
  const blocks = Array.from({ length: 5 }, () => arena.allocate(64))
  arena.free(blocks[0]!)
  arena.free(blocks[1]!)
  assert.throws(() => arena.free(blocks[0]!), AssertionError)
  arena.validate()
})
