/**
 * The arena's `poison` option: blocks are overwritten when they change hands, so that tests notice who uses memory that
 * is not theirs. A fresh block is full of 0xCD, a freed one of 0xDB behind the four bytes of the free list. One bit for
 * each unit tells where a live block begins, which catches every free of something else. Costs time and 1/64 of memory.
 */
import { assert } from '../base/assert.js'
import { type Pointer, byteOffsetOf, segmentOf, unitOffsetOf, SEGMENT_BYTES, UNIT_BYTES } from './pointer.js'

const FRESH_BYTE = 0xcd
const FREED_BYTE = 0xdb
const LINK_BYTES = 4

/** Only so much of a large block is overwritten, since the rest would cost memory that the test may not have. */
const FILL_BYTES_MAX = 1 << 20

export class Guard {
  /** By segment, a bit for each unit, set where a live block begins. */
  private starts: (Uint32Array | undefined)[]

  constructor() {
    this.starts = []
  }

  handedOut(u8: Uint8Array[], pointer: Pointer, bytes: number): void {
    const starts = (this.starts[segmentOf(pointer)] ??= new Uint32Array(SEGMENT_BYTES / UNIT_BYTES / 32))
    const unit = unitOffsetOf(pointer)
    assert(!this.isLive(pointer))
    starts[unit >>> 5] |= 1 << (unit & 31)
    fill(u8, pointer, bytes, FRESH_BYTE)
  }

  takenBack(u8: Uint8Array[], pointer: Pointer, bytes: number): void {
    assert(this.isLive(pointer)) // else freed twice, or never allocated
    const unit = unitOffsetOf(pointer)
    this.starts[segmentOf(pointer)]![unit >>> 5] &= ~(1 << (unit & 31))
    fill(u8, pointer, bytes, FREED_BYTE)
  }

  /** Asserts that nobody wrote to the block since it was put on its free list. */
  checkFreed(u8: Uint8Array[], pointer: Pointer, bytes: number): void {
    assert(!this.isLive(pointer))
    const view = u8[segmentOf(pointer)]
    const start = byteOffsetOf(pointer)
    for (let at = start + LINK_BYTES; at < start + bytes; at++) assert(view[at] === FREED_BYTE)
  }

  isLive(pointer: Pointer): boolean {
    const starts = this.starts[segmentOf(pointer)]
    const unit = unitOffsetOf(pointer)
    return starts !== undefined && ((starts[unit >>> 5] >>> (unit & 31)) & 1) === 1
  }

  /** How many live blocks there are. */
  count(): number {
    let count = 0
    for (const starts of this.starts) {
      if (starts !== undefined) for (const word of starts) for (let bits = word; bits !== 0; bits &= bits - 1) count++
    }
    return count
  }

  reset(): void {
    this.starts = []
  }

  copy(): Guard {
    const copy = new Guard()
    copy.starts = this.starts.map((starts) => starts?.slice())
    return copy
  }
}

function fill(u8: Uint8Array[], pointer: Pointer, bytes: number, value: number): void {
  const start = byteOffsetOf(pointer)
  u8[segmentOf(pointer)].fill(value, start, start + Math.min(bytes, FILL_BYTES_MAX))
}
