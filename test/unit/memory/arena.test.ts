import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AssertionError } from '../../../src/base/assert.js'
import { Arena, blockBytes } from '../../../src/memory/arena.js'
import {
  asPointer,
  byteOffsetOf,
  nil,
  pointerTo,
  segmentOf,
  wordOffsetOf,
  type Pointer,
  PAGE_BYTES,
  SEGMENT_BYTES,
  SEGMENT_NUMBERS,
  SLAB_BYTES,
} from '../../../src/memory/pointer.js'
import { classBytes, classCapacity, CLASS_COUNT, SLAB_BLOCK_BYTES_MAX } from '../../../src/memory/size-classes.js'

const MB = 1 << 20

function write(arena: Arena, pointer: Pointer, bytes: number, value: number): void {
  const start = byteOffsetOf(pointer)
  arena.u8[segmentOf(pointer)]!.fill(value, start, start + bytes)
}

function holds(arena: Arena, pointer: Pointer, bytes: number, value: number): boolean {
  const start = byteOffsetOf(pointer)
  return arena.u8[segmentOf(pointer)]!.subarray(start, start + bytes).every((byte) => byte === value)
}

function allocateMany(arena: Arena, count: number, bytes: number): Pointer[] {
  return Array.from({ length: count }, () => arena.allocate(bytes))
}

test('a new arena reserves nothing', () => {
  const arena = new Arena()
  assert.equal(arena.usedBytes, 0)
  assert.equal(arena.reservedBytes, 0)
  assert.equal(arena.u8[0]!.length, 0)
  arena.validate()
})

test('zero, negative and missing sizes are our mistake', () => {
  const arena = new Arena()
  for (const bytes of [0, -1, NaN]) assert.throws(() => arena.allocate(bytes), AssertionError)
})

test('each class serves its exact size, one byte less, and not one more', () => {
  const arena = new Arena({ poison: true })
  let used = 0
  for (let each = 1; each < CLASS_COUNT; each++) {
    const size = classBytes[each]!
    for (const bytes of [classBytes[each - 1]! + 1, size - 1, size]) {
      const pointer = arena.allocate(bytes)
      assert.notEqual(pointer, nil)
      assert.equal(arena.usableBytes(pointer), size)
      assert.equal(blockBytes(bytes), size)
      assert.equal(byteOffsetOf(pointer) % 8, 0)
      used += size
      assert.equal(arena.usedBytes, used)
    }
  }
  arena.validate()
})

test('blocks above the largest class are whole pages', () => {
  const arena = new Arena({ poison: true })
  for (const bytes of [SLAB_BLOCK_BYTES_MAX + 1, 20_000, SLAB_BYTES, SLAB_BYTES + 1, MB, 7 * MB + 5]) {
    const pointer = arena.allocate(bytes)
    assert.equal(arena.usableBytes(pointer), Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES)
    assert.equal(blockBytes(bytes), arena.usableBytes(pointer))
    assert.equal(byteOffsetOf(pointer) % PAGE_BYTES, 0)
  }
  arena.validate()
})

test('32 MB fill a segment exactly; a byte more has a segment of its own', () => {
  const arena = new Arena()
  const whole = arena.allocate(SEGMENT_BYTES)
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
  const larger = arena.allocate(SEGMENT_BYTES + 1)
  assert.equal(arena.usableBytes(larger), SEGMENT_BYTES + PAGE_BYTES)
  assert.equal(arena.u8[segmentOf(larger)]!.length, SEGMENT_BYTES + PAGE_BYTES)
  assert.equal(arena.reservedBytes, 2 * SEGMENT_BYTES + PAGE_BYTES)
  arena.validate()
  arena.free(larger)
  arena.free(whole)
  arena.validate()
  assert.equal(arena.usedBytes, 0)
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
})

test('513 MB can be had, written at both ends, and given back', (t) => {
  const arena = new Arena()
  const bytes = 513 * MB
  const pointer = arena.allocate(bytes)
  if (pointer === nil) return t.skip('the system refuses')
  const view = arena.u8[segmentOf(pointer)]!
  view[0] = 1
  view[bytes - 1] = 2
  arena.f64[segmentOf(pointer)]![bytes / 8 - 1] = 1.5
  assert.equal(view[0], 1)
  assert.equal(arena.usableBytes(pointer), bytes)
  assert.equal(arena.usedBytes, bytes)
  assert.equal(byteOffsetOf(pointer), 0)
  arena.free(pointer)
  assert.equal(arena.reservedBytes, 0)
  assert.equal(view.length, bytes) // the view is still there for those who kept it by mistake; it is not detached
  assert.equal(arena.u8[segmentOf(pointer)]!.length, 0)
  arena.validate()
})

test('more than a gigabyte is refused as if there were no memory', () => {
  const arena = new Arena()
  assert.equal(arena.allocate(1024 * MB + 1), nil)
  assert.equal(arena.usedBytes, 0)
  arena.validate()
})

test('blocks freed last are used first, then those never used', () => {
  const arena = new Arena({ poison: true })
  const [a, b, c] = allocateMany(arena, 3, 40) as [Pointer, Pointer, Pointer]
  arena.free(a)
  arena.free(b)
  assert.equal(arena.allocate(40), b)
  assert.equal(arena.allocate(33), a)
  assert.equal(arena.allocate(40), c + 5)
  arena.validate()
})

test('a full slab is followed by another; a block freed in the first is used before the second', () => {
  const arena = new Arena({ poison: true })
  const capacity = classCapacity[classBytes.indexOf(1024)]!
  const blocks = allocateMany(arena, capacity, 1024)
  const next = arena.allocate(1024)
  assert.equal(byteOffsetOf(next), byteOffsetOf(blocks[0]!) + SLAB_BYTES)
  arena.free(blocks[7]!)
  assert.equal(arena.allocate(1024), blocks[7])
  arena.validate()
})

test('a slab that falls empty can serve another class', () => {
  const arena = new Arena({ poison: true })
  const block = arena.allocate(40)
  arena.free(block)
  assert.equal(arena.statistics().slabs, 0)
  const other = arena.allocate(2000)
  assert.equal(other, block)
  assert.equal(arena.usableBytes(other), 2048)
  arena.validate()
})

test('emptied slabs beyond the parked ones go back to the pages of their segment', () => {
  const arena = new Arena()
  const blocks = allocateMany(arena, 4 * 40, 16384)
  for (const block of blocks) arena.free(block)
  assert.equal(arena.statistics().slabs, 0)
  assert.equal(arena.statistics().parkedSlabs, 4)
  const all = arena.allocate(SEGMENT_BYTES) // needs the parked ones too
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
  assert.equal(arena.statistics().parkedSlabs, 0)
  arena.free(all)
  arena.validate()
})

test('empty segments are released but for one, and their numbers used again', () => {
  const arena = new Arena()
  const blocks = allocateMany(arena, 5, SEGMENT_BYTES)
  assert.deepEqual(blocks.map(segmentOf), [1, 2, 3, 4, 5])
  arena.free(blocks[1]!)
  assert.equal(arena.reservedBytes, 5 * SEGMENT_BYTES)
  arena.free(blocks[3]!)
  assert.equal(arena.reservedBytes, 4 * SEGMENT_BYTES)
  assert.equal(arena.u8[4]!.length, 0)
  assert.equal(arena.i32[4]!.length, 0)
  arena.validate()
  assert.equal(segmentOf(arena.allocate(100)), 2)
  assert.equal(segmentOf(arena.allocate(SEGMENT_BYTES)), 4)
  arena.validate()
})

test('one block made and freed over and over does not make and drop segments or slabs', () => {
  const arena = new Arena()
  const keep = allocateMany(arena, 4 * 512, 16384) // fills segment 1
  const first = arena.allocate(16384)
  const buffer = arena.u8[segmentOf(first)]!.buffer
  for (let round = 0; round < 50; round++) {
    arena.free(round === 0 ? first : asPointer(pointerTo(2, 0)))
    assert.equal(arena.allocate(16384), pointerTo(2, 0))
    assert.equal(arena.u8[2]!.buffer, buffer)
  }
  assert.equal(keep.length, 2048)
  arena.validate()
})

test('views of one segment share their bytes', () => {
  const arena = new Arena()
  const pointer = arena.allocate(16)
  arena.i32[segmentOf(pointer)]![wordOffsetOf(pointer)] = -1
  assert.equal(arena.u32[segmentOf(pointer)]![wordOffsetOf(pointer)], 0xffffffff)
  assert.ok(holds(arena, pointer, 4, 0xff))
})

test('segmentsMax and bytesMax end in nil, and what is freed can be had again', () => {
  for (const options of [{ segmentsMax: 2 }, { bytesMax: 2 * SEGMENT_BYTES + 100 }]) {
    const arena = new Arena(options)
    const blocks = allocateMany(arena, 2, SEGMENT_BYTES)
    for (const bytes of [8, 20_000, SEGMENT_BYTES, SEGMENT_BYTES + 1]) assert.equal(arena.allocate(bytes), nil)
    assert.equal(arena.usedBytes, 2 * SEGMENT_BYTES)
    arena.validate()
    arena.free(blocks[0]!)
    assert.notEqual(arena.allocate(8), nil)
    arena.validate()
  }
})

test('an empty segment makes way for an oversized one when a limit demands it', () => {
  const arena = new Arena({ segmentsMax: 1 })
  arena.free(arena.allocate(8))
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
  const large = arena.allocate(SEGMENT_BYTES + 8)
  assert.notEqual(large, nil)
  assert.equal(segmentOf(large), 1)
  arena.validate()
})

test('the constructor refusing a buffer is nil, and changes nothing', () => {
  const arena = new Arena()
  const block = arena.allocate(40)
  const real = globalThis.SharedArrayBuffer
  globalThis.SharedArrayBuffer = function refuse() {
    throw new RangeError('out of memory')
  } as unknown as SharedArrayBufferConstructor
  try {
    assert.equal(arena.allocate(SEGMENT_BYTES), nil)
    assert.equal(arena.allocate(SEGMENT_BYTES + 1), nil)
  } finally {
    globalThis.SharedArrayBuffer = real
  }
  assert.equal(arena.usedBytes, 40)
  arena.validate()
  arena.free(block)
  arena.validate()
})

test('all 1023 segments can be used, with pointers that are negative from 512 on', (t) => {
  const arena = new Arena()
  for (let number = 1; number < SEGMENT_NUMBERS; number++) {
    if (arena.allocate(SEGMENT_BYTES - SLAB_BYTES) === nil) return t.skip(`the system refuses ${number * 32} MB`)
  }
  const perSegment = 4
  const blocks = allocateMany(arena, perSegment * (SEGMENT_NUMBERS - 1), 16384)
  const last = blocks[blocks.length - 1]!
  assert.equal(segmentOf(last), SEGMENT_NUMBERS - 1)
  assert.ok(last < 0)
  for (const bytes of [8, 16384, 20_000, SEGMENT_BYTES + 1]) assert.equal(arena.allocate(bytes), nil)

  const middle = blocks[perSegment * 600]!
  write(arena, middle, 16384, 7)
  arena.free(last)
  assert.equal(arena.allocate(16000), last)
  for (const block of blocks.slice(-perSegment)) arena.free(block)
  const small = arena.allocate(24)
  assert.equal(segmentOf(small), SEGMENT_NUMBERS - 1)
  assert.equal(arena.usableBytes(small), 24)
  assert.ok(holds(arena, middle, 16384, 7))
})

test('what is not a block handed out cannot be freed', () => {
  const arena = new Arena()
  const [a, b, c] = allocateMany(arena, 3, 40) as [Pointer, Pointer, Pointer]
  const run = arena.allocate(100_000)
  const oversized = arena.allocate(SEGMENT_BYTES + 1)
  const wrong: [string, number][] = [
    ['nil', nil],
    ['within a block', a + 1],
    ['the next block, never handed out', c + 5],
    ['the head of a list', 1 << 13],
    ['pages not in use', pointerTo(1, 10 * SLAB_BYTES)],
    ['within a run', run + PAGE_BYTES / 8],
    ['not the start of a page in a run', run + 1],
    ['within an oversized block', oversized + PAGE_BYTES / 8],
    ['a segment that is not there', pointerTo(3, 0)],
    ['the last address there is', pointerTo(1023, SEGMENT_BYTES - 8)],
  ]
  for (const [what, pointer] of wrong) {
    assert.throws(() => arena.free(asPointer(pointer)), AssertionError, what)
  }
  for (const [, pointer] of wrong.slice(4)) assert.throws(() => arena.usableBytes(asPointer(pointer)), AssertionError)
  arena.validate()

  arena.free(b)
  assert.throws(() => arena.free(b), AssertionError)
  arena.free(a)
  arena.free(c)
  assert.throws(() => arena.free(c), AssertionError) // the slab has been given back
  arena.free(run)
  assert.throws(() => arena.free(run), AssertionError)
  arena.free(oversized)
  assert.throws(() => arena.free(oversized), AssertionError)
  arena.validate()
})

test('reallocate stays where the class is the same, also at the smallest', () => {
  const arena = new Arena({ poison: true })
  const tiny = arena.allocate(8)
  assert.equal(arena.reallocate(tiny, 1), tiny)
  const block = arena.allocate(100)
  assert.equal(arena.reallocate(block, 104), block)
  assert.equal(arena.reallocate(block, 57), block)
  assert.equal(arena.usableBytes(arena.reallocate(arena.allocate(64), 40)), 64)
  assert.equal(arena.usableBytes(arena.reallocate(arena.allocate(64), 32)), 32)
  arena.validate()
})

test('reallocate moves to a larger block with what was in it, and to a smaller one from half down', () => {
  const arena = new Arena({ poison: true })
  const block = arena.allocate(100)
  write(arena, block, 100, 9)
  const larger = arena.reallocate(block, 5000)
  assert.notEqual(larger, block)
  assert.ok(holds(arena, larger, 100, 9))
  const large = arena.reallocate(larger, 50_000)
  assert.ok(holds(arena, large, 100, 9))
  const small = arena.reallocate(large, 50)
  assert.ok(holds(arena, small, 50, 9))
  assert.equal(arena.usableBytes(small), 56)
  assert.equal(arena.usedBytes, 56)
  arena.validate()
})

test('reallocate cuts a run of pages short in place', () => {
  const arena = new Arena({ poison: true })
  const run = arena.allocate(10 * MB)
  write(arena, run, 30_000, 5)
  assert.equal(arena.reallocate(run, 6 * MB), run)
  assert.equal(arena.usableBytes(run), 10 * MB)
  assert.equal(arena.reallocate(run, 30_000), run)
  assert.equal(arena.usableBytes(run), 8 * PAGE_BYTES)
  assert.equal(arena.usedBytes, 8 * PAGE_BYTES)
  assert.ok(holds(arena, run, 30_000, 5))
  arena.validate()
})

test('reallocate moves an oversized block into a segment when it shrinks', () => {
  const arena = new Arena()
  const oversized = arena.allocate(40 * MB)
  write(arena, oversized, 1000, 3)
  assert.equal(arena.reallocate(oversized, 33 * MB), oversized)
  const run = arena.reallocate(oversized, MB)
  assert.ok(holds(arena, run, 1000, 3))
  assert.equal(arena.usableBytes(run), MB)
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
  arena.validate()
})

test('reallocate without memory: larger is nil and leaves the block, smaller stays as it is', () => {
  const arena = new Arena({ segmentsMax: 1 })
  const block = arena.allocate(9000)
  write(arena, block, 9000, 1)
  const rest = allocateMany(arena, 511 * 4 + 6, 16384)
  assert.equal(rest.at(-1), nil)
  assert.equal(arena.reallocate(block, 17_000), nil)
  assert.equal(arena.reallocate(block, 10), block)
  assert.ok(holds(arena, block, 9000, 1))
  arena.validate()
})

test('peak stays at the most there ever was', () => {
  const arena = new Arena()
  const blocks = allocateMany(arena, 10, 1024)
  for (const block of blocks) arena.free(block)
  arena.allocate(8)
  assert.equal(arena.peakUsedBytes, 10_240)
  arena.reset()
  assert.equal(arena.peakUsedBytes, 10_240)
  assert.equal(arena.usedBytes, 0)
})

test('reset frees everything, keeps one segment, and starts over', () => {
  const arena = new Arena({ poison: true })
  const first = arena.allocate(40)
  allocateMany(arena, 3, SEGMENT_BYTES)
  arena.allocate(SEGMENT_BYTES + 1)
  arena.reset()
  arena.validate()
  assert.equal(arena.reservedBytes, SEGMENT_BYTES)
  assert.throws(() => arena.free(first), AssertionError)
  assert.equal(arena.allocate(40), first)
  arena.validate()
})

test('statistics add up', () => {
  const arena = new Arena()
  allocateMany(arena, 2000, 40)
  arena.allocate(100_000)
  arena.allocate(SEGMENT_BYTES + 1)
  const found = arena.statistics()
  const ofForty = found.classes.find((each) => each.blockBytes === 40)
  assert.deepEqual(ofForty, { blockBytes: 40, blocks: 2000, slabs: 2, blocksLeft: 2 * 1638 - 2000 })
  assert.equal(found.slabs, 2)
  assert.equal(found.runs, 1)
  assert.equal(found.runBytes, 25 * PAGE_BYTES)
  assert.equal(found.oversizedSegments, 1)
  assert.equal(found.oversizedBytes, SEGMENT_BYTES + PAGE_BYTES)
  assert.equal(found.usedBytes, 2000 * 40 + found.runBytes + found.oversizedBytes)
  assert.equal(found.usedBytes, arena.usedBytes)
  assert.equal(found.activeBytes, 2 * SLAB_BYTES + found.runBytes + found.oversizedBytes)
  assert.equal(found.residentBytesMax, found.activeBytes)
  assert.equal(found.reservedBytes, 2 * SEGMENT_BYTES + PAGE_BYTES)
  assert.equal(found.segments, 2)
  assert.equal(found.reclaimableBytes, 0)
  assert.ok(found.tableBytes < 0.01 * found.reservedBytes)
})

test('validate notices a broken free list, a wrong count and a slab in no list', () => {
  const broken = new Arena()
  const [a, b] = allocateMany(broken, 3, 40) as [Pointer, Pointer, Pointer]
  broken.free(a)
  broken.free(b)
  broken.i32[segmentOf(b)]![wordOffsetOf(b)] = b // a cycle
  assert.throws(() => broken.validate(), AssertionError)

  for (let word = 0; word < 8; word++) {
    const arena = new Arena()
    arena.allocate(40)
    const slab = pointerTo(1, 0) >>> 13
    arena.records[slab * 8 + word]! += 1
    assert.throws(() => arena.validate(), AssertionError, `word ${word} of a record`)
  }
  for (const word of [0, 1, 2, 4, 5]) {
    const arena = new Arena()
    arena.allocate(40)
    arena.records[classBytes.indexOf(40) * 8 + word]! += 1
    assert.throws(() => arena.validate(), AssertionError, `word ${word} of a head`)
  }
})
