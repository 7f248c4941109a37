import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import { lzfCompress, lzfDecompress } from '../../../src/base/lzf.js'

function compress(bytes: Uint8Array, limit = bytes.length * 2 + 64): Uint8Array | undefined {
  const out = new Uint8Array(limit + 3).fill(0xaa)
  const end = lzfCompress(bytes, 0, bytes.length, out, 3, limit + 3)
  return end === 0 ? undefined : out.slice(3, end)
}

function expand(bytes: Uint8Array, length: number): Uint8Array | undefined {
  const out = new Uint8Array(length + 2)
  const end = lzfDecompress(bytes, 0, bytes.length, out, 2, length + 2)
  return end < 0 ? undefined : out.slice(2, end)
}

const repetitive = fc
  .array(fc.tuple(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 8,
  })
  .map((runs) => latin1Bytes(runs.map(([text, times]) => text.repeat(times)).join('')))

test('what was compressed expands to itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 600 }), repetitive), (bytes) => {
      if (bytes.length === 0) return
      const compressed = compress(bytes)
      assert.ok(compressed !== undefined)
      assert.deepEqual(expand(compressed, bytes.length), bytes)
    }),
    { numRuns: 400 },
  )
})

test('with too little room it gives up, and writes nothing beyond', () => {
  const bytes = latin1Bytes('abcdefghijklmnopqrstuvwxyz0123456789')
  for (let limit = 0; limit < 38; limit++) {
    const out = new Uint8Array(64).fill(0xaa)
    const end = lzfCompress(bytes, 0, bytes.length, out, 0, limit)
    assert.ok(end === 0 || end <= limit)
    assert.ok(out.subarray(limit).every((byte) => byte === 0xaa))
  }
})

test('what a real server has written', () => {
  // From DUMP of a string of 61 times "a": two literals, a long repeat, and two literals at the end.
  const compressed = Uint8Array.from([0x01, 0x61, 0x61, 0xe0, 0x30, 0x00, 0x01, 0x61, 0x61])
  assert.equal(latin1(expand(compressed, 61)!, 0, 61), 'a'.repeat(61))
})

test('broken input is refused', () => {
  const cases = [
    [0x05, 0x61], // fewer bytes than the run says
    [0x20, 0x00], // refers to what lies in front of the output
    [0x20], // ends within a repeat
    [0xe0, 0x01],
  ]
  for (const bytes of cases) assert.equal(expand(Uint8Array.from(bytes), 100), undefined)
  assert.equal(expand(Uint8Array.from([0x03, 1, 2, 3, 4]), 3), undefined)
})

test('any bytes at all expand or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(200), (bytes, length) => {
      const expanded = expand(bytes, length)
      assert.ok(expanded === undefined || expanded.length <= length)
    }),
  )
})
