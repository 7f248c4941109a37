/**
 * Random use of an arena against a naive allocator, which knows the blocks in use and what was written to them.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Arena, blockBytes } from '../../../src/memory/arena.js'
import { byteOffsetOf, nil, segmentOf, type Pointer, SEGMENT_BYTES } from '../../../src/memory/pointer.js'
import type { ArenaSnapshot } from '../../../src/memory/snapshot.js'

/** What is written of a block: all of it when it is small, else so much at either end. */
const MARKED_BYTES = 600

const SEGMENTS_MAX = 4

interface Block {
  readonly pointer: Pointer
  readonly bytes: number
  readonly mark: number
}

class Model {
  blocks: Block[] = []
  marks = 0

  copy(): Model {
    const copy = new Model()
    copy.blocks = this.blocks.slice()
    copy.marks = this.marks
    return copy
  }

  usedBytes(): number {
    return this.blocks.reduce((total, block) => total + blockBytes(block.bytes), 0)
  }

  assertNoOverlap(): void {
    const sorted = this.blocks
      .map((block) => ({ start: addressOf(block.pointer), end: addressOf(block.pointer) + blockBytes(block.bytes) }))
      .sort((a, b) => a.start - b.start)
    for (let index = 1; index < sorted.length; index++) assert.ok(sorted[index]!.start >= sorted[index - 1]!.end)
  }
}

type Step =
  | { readonly do: 'allocate'; readonly bytes: number; readonly times: number }
  | { readonly do: 'free'; readonly pick: number; readonly times: number }
  | { readonly do: 'reallocate'; readonly pick: number; readonly bytes: number }
  | { readonly do: 'validate' | 'save' | 'restore' | 'reset' }

const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 16_000, max: 300_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 36 << 20 }) },
)

const times = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('allocate' as const), bytes: size, times }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('free' as const), pick: fc.nat(), times }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reallocate' as const), pick: fc.nat(), bytes: size }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('validate' as const, 'save' as const, 'restore' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('validate' as const, 'reset' as const) }) },
)

const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' })

for (const poison of [true, false]) {
  test(`an arena ${poison ? 'with' : 'without'} poison behaves as a naive allocator`, () => {
    fc.assert(
      fc.property(steps, (sequence) => new Run(poison).perform(sequence)),
      { numRuns: poison ? 60 : 40 },
    )
  })
}

class Run {
  readonly arena: Arena
  model = new Model()
  saved: { readonly snapshot: ArenaSnapshot; readonly model: Model } | undefined

  constructor(poison: boolean) {
    this.arena = new Arena({ poison, segmentsMax: SEGMENTS_MAX })
  }

  perform(sequence: readonly Step[]): void {
    for (const each of sequence) {
      this.performOne(each)
      assert.equal(this.arena.usedBytes, this.model.usedBytes())
      assert.ok(this.arena.peakUsedBytes >= this.arena.usedBytes)
      assert.ok(this.arena.reservedBytes >= this.arena.usedBytes)
    }
    this.check()
    while (this.model.blocks.length > 0) this.free(this.model.blocks.length * 7)
    assert.equal(this.arena.usedBytes, 0)
    assert.ok(this.arena.reservedBytes <= SEGMENT_BYTES)
    this.arena.validate()
  }

  private performOne(each: Step): void {
    switch (each.do) {
      case 'allocate':
        for (let count = 0; count < each.times; count++) this.allocate(each.bytes)
        return
      case 'free':
        for (let count = 0; count < each.times; count++) this.free(each.pick + count)
        return
      case 'reallocate':
        return this.reallocate(each.pick, each.bytes)
      case 'validate':
        return this.check()
      case 'save':
        this.saved = { snapshot: this.arena.clone(), model: this.model.copy() }
        return this.check()
      case 'restore':
        if (this.saved === undefined) return
        assert.ok(this.arena.restore(this.saved.snapshot))
        this.model = this.saved.model.copy()
        return this.check()
      case 'reset':
        this.arena.reset()
        this.model = new Model()
    }
  }

  private allocate(bytes: number): void {
    const pointer = this.arena.allocate(bytes)
    if (pointer === nil) {
      // Refused only when there is no place: all segments are there, and none of them is free of blocks.
      const occupied = new Set(this.model.blocks.map((block) => segmentOf(block.pointer)))
      assert.equal(occupied.size, SEGMENTS_MAX)
      return
    }
    this.take(pointer, bytes)
  }

  private take(pointer: Pointer, bytes: number): void {
    assert.equal(this.arena.usableBytes(pointer), blockBytes(bytes))
    const block = { pointer, bytes, mark: ++this.model.marks }
    this.write(block)
    this.model.blocks.push(block)
  }

  private free(pick: number): void {
    if (this.model.blocks.length === 0) return
    const block = this.remove(pick)
    this.assertIntact(block, block.bytes)
    this.arena.free(block.pointer)
  }

  private reallocate(pick: number, bytes: number): void {
    if (this.model.blocks.length === 0) return
    const block = this.remove(pick)
    const before = this.arena.usableBytes(block.pointer)
    const pointer = this.arena.reallocate(block.pointer, bytes)
    if (pointer === nil) {
      assert.ok(blockBytes(bytes) > before)
      this.model.blocks.push(block)
      return
    }
    const usable = this.arena.usableBytes(pointer)
    assert.ok(usable >= bytes)
    this.assertIntact({ ...block, pointer }, Math.min(bytes, block.bytes))
    const moved = { pointer, bytes: usable, mark: ++this.model.marks }
    this.write(moved)
    this.model.blocks.push(moved)
  }

  private remove(pick: number): Block {
    const blocks = this.model.blocks
    const index = pick % blocks.length
    const block = blocks[index]!
    blocks[index] = blocks[blocks.length - 1]!
    blocks.pop()
    return block
  }

  private check(): void {
    this.arena.validate()
    this.model.assertNoOverlap()
    for (const block of this.model.blocks) this.assertIntact(block, block.bytes)
  }

  private write(block: Block): void {
    const view = this.arena.u8[segmentOf(block.pointer)]!
    const start = byteOffsetOf(block.pointer)
    for (let at = 0; at < block.bytes; at = nextMarked(at, block.bytes)) view[start + at] = byteAt(block.mark, at)
  }

  private assertIntact(block: Block, kept: number): void {
    const view = this.arena.u8[segmentOf(block.pointer)]!
    const start = byteOffsetOf(block.pointer)
    for (let at = 0; at < kept; at = nextMarked(at, block.bytes)) {
      if (view[start + at] !== byteAt(block.mark, at)) assert.fail(`byte ${at} of ${block.bytes} was overwritten`)
    }
  }
}

function nextMarked(at: number, bytes: number): number {
  return at + 1 === MARKED_BYTES ? Math.max(MARKED_BYTES, bytes - MARKED_BYTES) : at + 1
}

function byteAt(mark: number, at: number): number {
  return (mark * 31 + at * 7) & 0xff
}

/** Oversized blocks are longer than the distance of segments in pointers. */
function addressOf(pointer: Pointer): number {
  return segmentOf(pointer) * 2 ** 32 + byteOffsetOf(pointer)
}
