import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena } from '../../../src/memory/arena.js'
import { byteOffsetOf, SEGMENT_BYTES, segmentOf } from '../../../src/memory/pointer.js'

test('zeroFresh: blocks used before, blocks with a segment of their own, and poisoned ones', () => {
  for (const poison of [false, true]) {
    const arena = new Arena({ poison })
    for (const bytes of [40, 1000, 100_000, SEGMENT_BYTES + 1]) {
      const used = arena.allocate(bytes)
      const first = byteOffsetOf(used)
      arena.u8[segmentOf(used)]!.fill(0x55, first, first + bytes)
      arena.free(used)
      const pointer = arena.allocate(bytes)
      arena.zeroFresh(pointer, 3, bytes)
      const start = byteOffsetOf(pointer)
      assert.equal(
        arena.u8[segmentOf(pointer)]!.subarray(start + 3, start + bytes).every((byte) => byte === 0),
        true,
      )
      arena.free(pointer)
    }
    arena.validate()
  }
})
