/**
 * The arena: hands out the blocks of bytes in which a data set lives.
 *
 * Small blocks come from slabs of 64 KB cut into equal blocks (slabs.ts, size-classes.ts), blocks above 16 KB are runs
 * of 4 KB pages, and a block that does not fit into a segment gets one of its own (segments.ts, page-map.ts). Nothing
 * is stored in a block besides what its owner puts there: size and state stand in tables at the side, a word for some
 * kilobytes, which stay in the processor's cache while the blocks do not.
 *
 * 64 KB for a slab: large enough that its record is a small part of it and that a class of 16 KB still has four blocks;
 * small enough that 512 fit into a segment and that one falls empty now and then. 4 KB for a page: a large block wastes
 * half a page on average, and the operating system supplies memory in such pieces.
 *
 * The design is that of slab allocators since Bonwick (USENIX 1994), with the lists of partly used slabs that jemalloc
 * and others have. Free blocks are used in the order last freed, first out. A slab that had been full is put at the
 * front of its list when a block of it is freed, so that slabs nearly full are filled up, while sparse ones behind them
 * may run empty. (Putting it at the back instead, pages in use stayed at 3.3 times the data after most of it had been
 * deleted and the rest was replaced eight times over, against 1.15 times this way.)
 */
import { assert } from '../base/assert.js'
import { Guard } from './guard.js'
import {
  type Pointer,
  byteOffsetOf,
  nil,
  segmentOf,
  OFFSET_MASK,
  PAGE_BYTES,
  SEGMENT_NUMBERS,
  SEGMENT_SHIFT,
  SLAB_SHIFT,
} from './pointer.js'
import { Segments } from './segments.js'
import { classBytes, classByUnits, SLAB_BLOCK_BYTES_MAX } from './size-classes.js'
import {
  type SlabHeap,
  BLOCKS,
  CAPACITY,
  CLASS,
  FREE,
  LEFT,
  NEXT,
  RECORDS_LENGTH,
  RECORD_SHIFT,
  UNITS,
  VIRGIN,
  closeSlab,
  linkAfter,
  newRecords,
  openSlab,
  unlink,
} from './slabs.js'
import { type ArenaSnapshot, takeSnapshot } from './snapshot.js'
import { type ArenaStatistics, gatherStatistics } from './statistics.js'
import { validateHeap } from './validate.js'
import type { UnitGuard } from './unit-guard.js'

export interface ArenaOptions {
  /** Overwrites blocks when they are handed out and freed, and checks every free; for tests (see guard.ts). */
  readonly poison?: boolean
  /** Segments at a time, at most; 1023 by default. */
  readonly segmentsMax?: number
  /** Bytes of all segments together, at most. */
  readonly bytesMax?: number
}

// How many segments the records are made for, number 0 included. They are doubled up to 2 GB and then extended to the
// full 16 MB, which the system supplies as they are used, so that there is never much to be copied.
const SEGMENTS_AT_FIRST = 4
const SEGMENTS_DOUBLED_MAX = 64
const SLAB_UNITS_MASK = (1 << SLAB_SHIFT) - 1

const USED = 0
const PEAK = 1

export class Arena implements SlabHeap {
  /**
   * Views of the segments by number (`segmentOf`); empty for a number not in use. The lists stay the same objects for
   * the life of the arena. A view taken from one may be kept as long as a block in it lives, but not longer.
   */
  readonly u8: Uint8Array[]
  readonly i32: Int32Array[]
  readonly u32: Uint32Array[]
  readonly f64: Float64Array[]
  readonly segments: Segments
  /** See slabs.ts. */
  records: Int32Array
  private readonly counters: Float64Array
  private guard: Guard | undefined
  /** Told by marked structures before they change. */
  unitGuard: UnitGuard | undefined

  constructor(options: ArenaOptions = {}) {
    this.segments = new Segments(options.segmentsMax ?? SEGMENT_NUMBERS - 1, options.bytesMax ?? Infinity)
    this.u8 = this.segments.buffers.u8
    this.i32 = this.segments.buffers.i32
    this.u32 = this.segments.buffers.u32
    this.f64 = this.segments.buffers.f64
    this.records = newRecords(SEGMENTS_AT_FIRST)
    this.counters = new Float64Array(2)
    this.guard = options.poison === true ? new Guard() : undefined
    this.unitGuard = undefined
  }

  /** Bytes in the blocks handed out, as `usableBytes` counts them; exact at any time. */
  get usedBytes(): number {
    return this.counters[USED]
  }

  /** The most that `usedBytes` has been; kept over `reset` and `restore`. */
  get peakUsedBytes(): number {
    return this.counters[PEAK]
  }

  /** Bytes of all segments: address space, of which the system supplies what is touched. */
  get reservedBytes(): number {
    return this.segments.buffers.reservedBytes
  }

  /**
   * Hands out a block of at least `bytes` bytes, aligned to 8, from 16 KB on to 4096. What is in it is arbitrary.
   *
   * @param bytes  an integer above 0
   * @returns nil when the address space or a limit is used up, when the system refuses, or above BLOCK_BYTES_MAX
   */
  allocate(bytes: number): Pointer {
    assert(bytes > 0)
    if (bytes > SLAB_BLOCK_BYTES_MAX) return this.allocateLarge(bytes)
    const records = this.records
    const sizeClass = classByUnits[(bytes + 7) >>> 3]
    const head = sizeClass << RECORD_SHIFT
    const slab = records[head + NEXT]
    if (slab === sizeClass) return this.allocateFromNewSlab(sizeClass)

    const record = slab << RECORD_SHIFT
    const units = records[record + UNITS]
    let pointer = records[record + FREE] as Pointer
    if (pointer === 0) {
      pointer = records[record + VIRGIN] as Pointer
      records[record + VIRGIN] = pointer + units
    } else {
      if (this.guard !== undefined) this.guard.checkFreed(this.u8, pointer, units << 3)
      records[record + FREE] = this.i32[pointer >>> SEGMENT_SHIFT][(pointer & OFFSET_MASK) << 1]
    }
    const left = records[record + LEFT] - 1
    records[record + LEFT] = left
    if (left === 0) unlink(records, slab)

    records[head + BLOCKS]++
    this.countUsed(units << 3)
    if (this.guard !== undefined) this.guard.handedOut(this.u8, pointer, units << 3)
    return pointer
  }

  /** Takes back a block. That nothing else is passed is asserted as far as it can be seen (wholly, with `poison`). */
  free(pointer: Pointer): void {
    const records = this.records
    const slab = pointer >>> SLAB_SHIFT
    const record = slab << RECORD_SHIFT
    assert(record < records.length)
    const sizeClass = records[record + CLASS]
    if (sizeClass === 0) return this.freeLarge(pointer)

    const units = records[record + UNITS]
    const free = records[record + FREE]
    const offset = pointer & SLAB_UNITS_MASK
    assert(offset % units === 0)
    assert(offset < ((records[record + VIRGIN] - (slab << SLAB_SHIFT)) | 0)) // else it was never handed out
    assert(pointer !== free) // else it was the last to be freed already
    if (this.guard !== undefined) this.guard.takenBack(this.u8, pointer, units << 3)

    this.i32[pointer >>> SEGMENT_SHIFT][(pointer & OFFSET_MASK) << 1] = free
    records[record + FREE] = pointer
    records[(sizeClass << RECORD_SHIFT) + BLOCKS]--
    this.counters[USED] -= units << 3

    const left = records[record + LEFT] + 1
    records[record + LEFT] = left
    if (left === 1) linkAfter(records, sizeClass, slab)
    else if (left === records[record + CAPACITY]) this.freeSlab(slab)
  }

  /**
   * Fits the block to a new size, in place where that is possible and not wasteful: where a block of half the size would
   * do, it is moved to a smaller one, or cut short if it has pages of its own.
   *
   * @returns the block, which may have moved, with its first bytes kept; nil when there is no memory for a larger one,
   *   and then the old block is as it was
   */
  reallocate(pointer: Pointer, bytes: number): Pointer {
    const usable = this.usableBytes(pointer)
    const needed = blockBytes(bytes)
    if (needed <= usable && needed > usable / 2) return pointer
    if (needed < usable && needed > SLAB_BLOCK_BYTES_MAX && !this.segments.isOversized(pointer)) {
      this.segments.trimLarge(pointer, needed)
      this.counters[USED] -= usable - needed
      return pointer
    }
    const moved = this.allocate(bytes)
    if (moved === 0) return needed <= usable ? pointer : nil
    const from = byteOffsetOf(pointer)
    const kept = this.u8[segmentOf(pointer)].subarray(from, from + Math.min(bytes, usable))
    this.u8[segmentOf(moved)].set(kept, byteOffsetOf(moved))
    this.free(pointer)
    return moved
  }

  /**
   * Zeroes `[start, end)` of a block in which nobody has written there since it was handed out, or moved by `reallocate`.
   * An oversized block comes from the system as zeros, which need not be touched: 512 MB cost nothing then.
   */
  zeroFresh(pointer: Pointer, start: number, end: number): void {
    if (this.guard === undefined && this.segments.isOversized(pointer)) return
    const base = byteOffsetOf(pointer)
    this.u8[segmentOf(pointer)].fill(0, base + start, base + end)
  }

  /** How many bytes the owner may use of a block, which is what it counts for in `usedBytes`. */
  usableBytes(pointer: Pointer): number {
    const record = (pointer >>> SLAB_SHIFT) << RECORD_SHIFT
    assert(record < this.records.length)
    const sizeClass = this.records[record + CLASS]
    return sizeClass === 0 ? this.segments.largeBytes(pointer) : classBytes[sizeClass]
  }

  /** Frees everything at once, in time that depends on the number of segments only. */
  reset(): void {
    this.segments.reset()
    this.records = newRecords(SEGMENTS_AT_FIRST)
    this.coverSegments()
    this.counters[USED] = 0
    this.guard?.reset()
  }

  /** Copies all blocks, with their places; costs a memcpy of what is in use. */
  clone(): ArenaSnapshot {
    this.segments.unpark()
    return takeSnapshot(this, this.guard)
  }

  /**
   * Replaces everything in this arena by what the snapshot holds, of this arena or of another; pointers keep their
   * meaning. A snapshot can be restored any number of times.
   *
   * @returns false when there is no memory for it; the arena is then empty
   */
  restore(snapshot: ArenaSnapshot): boolean {
    assert(this.guard === undefined || snapshot.guard !== undefined) // freed blocks have to be poisoned from the start
    if (!this.segments.restore(snapshot.segments)) {
      this.reset()
      return false
    }
    this.records = newRecords(SEGMENTS_AT_FIRST)
    this.coverSegments()
    this.records.set(snapshot.records)
    if (this.guard !== undefined) this.guard = snapshot.guard?.copy()
    this.counters[USED] = 0
    this.countUsed(snapshot.usedBytes)
    return true
  }

  statistics(): ArenaStatistics {
    return gatherStatistics(this)
  }

  /** Asserts every invariant of the arena. Takes time in proportion to its pages and free blocks. */
  validate(): void {
    this.segments.validate()
    validateHeap(this, this.guard)
  }

  private allocateFromNewSlab(sizeClass: number): Pointer {
    const slab = this.segments.takeSlab()
    if (slab === 0) return nil
    this.coverSegments()
    openSlab(this.records, slab, sizeClass)
    return this.allocate(classBytes[sizeClass])
  }

  private freeSlab(slab: number): void {
    closeSlab(this.records, slab)
    this.segments.freeSlab(slab)
  }

  private allocateLarge(bytes: number): Pointer {
    const pointer = this.segments.takeLarge(bytes)
    if (pointer === 0) return nil
    this.coverSegments()
    const usable = this.segments.largeBytes(pointer)
    this.countUsed(usable)
    if (this.guard !== undefined) this.guard.handedOut(this.u8, pointer, usable)
    return pointer
  }

  private freeLarge(pointer: Pointer): void {
    const usable = this.segments.largeBytes(pointer)
    if (this.guard !== undefined) this.guard.takenBack(this.u8, pointer, usable)
    this.segments.freeLarge(pointer)
    this.counters[USED] -= usable
  }

  private countUsed(bytes: number): void {
    const used = this.counters[USED] + bytes
    this.counters[USED] = used
    if (used > this.counters[PEAK]) this.counters[PEAK] = used
  }

  /** Extends the records to the segments there are, so that every pointer finds its record. */
  private coverSegments(): void {
    const needed = this.segments.numbersEnd
    let covered = this.records.length / RECORDS_LENGTH
    if (needed <= covered) return
    while (covered < needed) covered = covered < SEGMENTS_DOUBLED_MAX ? covered * 2 : SEGMENT_NUMBERS
    const grown = new Int32Array(covered * RECORDS_LENGTH)
    grown.set(this.records)
    this.records = grown
  }
}

/** @returns `usableBytes` of the block that a request for `bytes` gets */
export function blockBytes(bytes: number): number {
  if (bytes <= SLAB_BLOCK_BYTES_MAX) return classBytes[classByUnits[(bytes + 7) >>> 3]]
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES
}
