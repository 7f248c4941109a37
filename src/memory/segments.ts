/**
 * Segments: which pages of the arena are in use.
 *
 * A paged segment has 32 MB, of which slabs and runs of pages are taken. An oversized segment is one block that would
 * not fit into those.
 *
 * Requests go to the segment with the lowest number that can serve them; so the high ones fall empty when the data
 * shrinks. An empty segment is dropped, except that one is kept, lest a load at the boundary make and drop segments in
 * turn. For the same reason the last few slabs given back are parked: they keep their pages, and go out again first.
 */
import { assert } from '../base/assert.js'
import { Buffers } from './buffers.js'
import { PageMap } from './page-map.js'
import {
  type Pointer,
  nil,
  byteOffsetOf,
  pointerTo,
  segmentOf,
  PAGE_BYTES,
  PAGES_PER_SEGMENT,
  PAGES_PER_SLAB,
  SEGMENT_BYTES,
  SEGMENT_NUMBERS,
  SEGMENT_SHIFT,
  SLABS_PER_SEGMENT,
  SLAB_SHIFT,
} from './pointer.js'

/** Larger blocks are refused, as if there were no memory for them. */
export const BLOCK_BYTES_MAX = 1 << 30

const PARKED_MAX = 4

/** The pages of one segment that are in use, and their bytes. */
export interface SegmentSnapshot {
  readonly number: number
  readonly oversizedBytes: number
  /** Undefined when oversized. */
  readonly map: PageMap | undefined
  /** Pairs of start and end in the segment; `bytes` holds what lies in them, one after the other. */
  readonly extents: readonly number[]
  readonly bytes: Uint8Array
}

export class Segments {
  readonly buffers: Buffers
  /** By segment number; undefined where there is no paged segment. */
  readonly maps: (PageMap | undefined)[]
  /** By segment number: the size of its only block, 0 where there is no oversized segment. */
  readonly oversizedBytes: Float64Array
  runCount: number
  runPages: number
  /** Slabs wholly free but not given back to their page maps; the first `parkedCount` are valid. */
  readonly parked: Int32Array
  parkedCount: number
  /** Number of the paged segment in which no block lives, if there is one. */
  vacant: number
  // Per segment, what its map says, so that a search walks two small arrays.
  private readonly freeSlabs: Int16Array
  private readonly longestRun: Int16Array
  /** Pages in use, the parked slabs not counted. */
  private readonly busyPages: Int16Array
  /** No segment below it has a free slab. */
  private slabsFrom: number

  constructor(segmentsMax: number, bytesMax: number) {
    this.buffers = new Buffers(segmentsMax, bytesMax)
    this.maps = Array.from({ length: SEGMENT_NUMBERS }, () => undefined)
    this.oversizedBytes = new Float64Array(SEGMENT_NUMBERS)
    this.runCount = 0
    this.runPages = 0
    this.parked = new Int32Array(PARKED_MAX)
    this.parkedCount = 0
    this.vacant = 0
    this.freeSlabs = new Int16Array(SEGMENT_NUMBERS)
    this.longestRun = new Int16Array(SEGMENT_NUMBERS)
    this.busyPages = new Int16Array(SEGMENT_NUMBERS)
    this.slabsFrom = 1
  }

  /** One more than the highest segment number used so far. */
  get numbersEnd(): number {
    return this.buffers.numbersEnd
  }

  /** @returns number of a slab (see pointer.ts), or 0 when there is no memory */
  takeSlab(): number {
    if (this.parkedCount > 0) {
      const slab = this.parked[--this.parkedCount]
      this.addBusy(segmentOfSlab(slab), PAGES_PER_SLAB)
      return slab
    }
    const segment = this.segmentWithSlab()
    if (segment === 0) return 0
    const map = this.maps[segment]!
    const place = map.takeSlab()
    this.noteChange(segment, map)
    this.addBusy(segment, PAGES_PER_SLAB)
    return segment * SLABS_PER_SEGMENT + place
  }

  freeSlab(slab: number): void {
    if (this.parkedCount < PARKED_MAX) this.parked[this.parkedCount++] = slab
    else this.unuseSlab(slab)
    this.removeBusy(segmentOfSlab(slab), PAGES_PER_SLAB)
  }

  /** @returns a block of at least `bytes`, being whole pages or a whole segment, or nil when there is no memory */
  takeLarge(bytes: number): Pointer {
    if (bytes > BLOCK_BYTES_MAX) return nil
    const pages = Math.ceil(bytes / PAGE_BYTES)
    return pages > PAGES_PER_SEGMENT ? this.takeOversized(pages * PAGE_BYTES) : this.takeRun(pages)
  }

  /** Gives back what `takeLarge` returned; anything else is asserted against. */
  freeLarge(pointer: Pointer): void {
    const segment = segmentOf(pointer)
    const pages = this.largeBytes(pointer) / PAGE_BYTES
    if (this.oversizedBytes[segment] > 0) {
      this.oversizedBytes[segment] = 0
      this.drop(segment)
      return
    }
    const map = this.maps[segment]!
    map.freeRun(byteOffsetOf(pointer) / PAGE_BYTES)
    this.runCount--
    this.runPages -= pages
    this.noteChange(segment, map)
    this.removeBusy(segment, pages)
  }

  /** Gives back the end of a run of pages. @param bytes  less than the run has */
  trimLarge(pointer: Pointer, bytes: number): void {
    const segment = segmentOf(pointer)
    const before = this.largeBytes(pointer) / PAGE_BYTES
    const pages = Math.ceil(bytes / PAGE_BYTES)
    const map = this.maps[segment]!
    map.trimRun(byteOffsetOf(pointer) / PAGE_BYTES, pages)
    this.runPages -= before - pages
    this.noteChange(segment, map)
    this.removeBusy(segment, before - pages)
  }

  /** Size of a block that came from `takeLarge`; anything else is asserted against. */
  largeBytes(pointer: Pointer): number {
    const segment = segmentOf(pointer)
    const offset = byteOffsetOf(pointer)
    assert(offset % PAGE_BYTES === 0)
    const map = this.maps[segment]
    const bytes = map === undefined ? this.oversizedBytes[segment] : map.runPages[offset / PAGE_BYTES] * PAGE_BYTES
    assert(bytes > 0)
    assert(map !== undefined || offset === 0)
    return bytes
  }

  isOversized(pointer: Pointer): boolean {
    return this.oversizedBytes[segmentOf(pointer)] > 0
  }

  /** Gives the parked slabs back to their page maps. */
  unpark(): void {
    while (this.parkedCount > 0) this.unuseSlab(this.parked[--this.parkedCount])
  }

  /** Drops every segment but one paged one. */
  reset(): void {
    this.forgetPages()
    for (let segment = 1; segment < this.numbersEnd; segment++) {
      const map = this.maps[segment]
      if (map !== undefined && this.vacant === 0) {
        map.clear()
        this.noteChange(segment, map)
        this.vacant = segment
      } else if (this.buffers.lengthOf(segment) > 0) this.drop(segment)
    }
  }

  /**
   * Puts the segments into the state of the snapshots, with the bytes they had; buffers of the right size are used again.
   *
   * @returns false when there is no memory for it; what is here is then neither old nor new, and wants a reset
   */
  restore(snapshots: readonly SegmentSnapshot[]): boolean {
    this.forgetPages()
    this.dropUnlike(snapshots)
    for (const snapshot of snapshots) if (!this.restoreOne(snapshot)) return false
    return true
  }

  validate(): void {
    this.buffers.validate()
    let runs = 0
    let runPages = 0
    for (let segment = 1; segment < this.numbersEnd; segment++) {
      const map = this.maps[segment]
      if (map === undefined) this.validateUnpaged(segment)
      else this.validatePaged(segment, map)
      for (const pages of map?.runPages ?? []) {
        if (pages > 0) runs++
        runPages += pages
      }
    }
    assert(runs === this.runCount)
    assert(runPages === this.runPages)
  }

  private validateUnpaged(segment: number): void {
    assert(this.buffers.lengthOf(segment) === this.oversizedBytes[segment])
    assert(this.freeSlabs[segment] === 0)
    assert(this.longestRun[segment] === 0)
    assert(this.busyPages[segment] === 0)
    assert(segment !== this.vacant)
  }

  private validatePaged(segment: number, map: PageMap): void {
    map.validate()
    assert(this.buffers.lengthOf(segment) === SEGMENT_BYTES)
    assert(this.oversizedBytes[segment] === 0)
    assert(this.freeSlabs[segment] === map.freeSlabs)
    assert(this.longestRun[segment] === map.longestRun)
    assert(segment >= this.slabsFrom || map.freeSlabs === 0)
    let busy = -PAGES_PER_SLAB * this.parkedIn(segment)
    for (const word of map.words) busy += bitCount(word)
    assert(busy === this.busyPages[segment])
    assert((busy === 0) === (segment === this.vacant))
  }

  private parkedIn(segment: number): number {
    let found = 0
    for (let index = 0; index < this.parkedCount; index++) {
      if (segmentOfSlab(this.parked[index]) === segment) found++
    }
    return found
  }

  private takeRun(pages: number): Pointer {
    let segment = this.segmentWithRun(pages)
    if (segment === 0 && this.parkedCount > 0) {
      this.unpark()
      segment = this.segmentWithRun(pages)
    }
    if (segment === 0) segment = this.addPaged()
    if (segment === 0) return nil
    const map = this.maps[segment]!
    const start = map.takeRun(pages)
    this.runCount++
    this.runPages += pages
    this.noteChange(segment, map)
    this.addBusy(segment, pages)
    return pointerTo(segment, start * PAGE_BYTES)
  }

  private takeOversized(bytes: number): Pointer {
    const segment = this.add(bytes)
    if (segment === 0) return nil
    this.oversizedBytes[segment] = bytes
    return pointerTo(segment, 0)
  }

  private segmentWithSlab(): number {
    for (let segment = this.slabsFrom; segment < this.numbersEnd; segment++) {
      if (this.freeSlabs[segment] === 0) continue
      this.slabsFrom = segment
      return segment
    }
    return this.addPaged()
  }

  private segmentWithRun(pages: number): number {
    const longestRun = this.longestRun
    const end = this.numbersEnd
    for (let segment = 1; segment < end; segment++) if (longestRun[segment] >= pages) return segment
    return 0
  }

  private unuseSlab(slab: number): void {
    const segment = segmentOfSlab(slab)
    const map = this.maps[segment]!
    map.freeSlab(slab % SLABS_PER_SEGMENT)
    this.noteChange(segment, map)
  }

  private noteChange(segment: number, map: PageMap): void {
    this.longestRun[segment] = map.longestRun
    this.freeSlabs[segment] = map.freeSlabs
    if (segment < this.slabsFrom && map.freeSlabs > 0) this.slabsFrom = segment
  }

  private addBusy(segment: number, pages: number): void {
    this.busyPages[segment] += pages
    if (this.vacant === segment) this.vacant = 0
  }

  private removeBusy(segment: number, pages: number): void {
    this.busyPages[segment] -= pages
    assert(this.busyPages[segment] >= 0)
    if (this.busyPages[segment] > 0) return
    const other = this.vacant
    this.vacant = other === 0 ? segment : Math.min(segment, other)
    if (other !== 0) this.drop(Math.max(segment, other))
  }

  private addPaged(): number {
    const segment = this.add(SEGMENT_BYTES)
    if (segment === 0) return 0
    const map = new PageMap()
    this.maps[segment] = map
    this.noteChange(segment, map)
    return segment
  }

  private add(bytes: number): number {
    if (!this.buffers.hasRoomFor(bytes) && this.vacant !== 0) this.drop(this.vacant)
    return this.buffers.add(bytes)
  }

  private drop(segment: number): void {
    assert(this.busyPages[segment] === 0)
    this.forgetParkedIn(segment)
    if (this.vacant === segment) this.vacant = 0
    this.buffers.drop(segment)
    this.maps[segment] = undefined
    this.freeSlabs[segment] = 0
    this.longestRun[segment] = 0
  }

  private forgetParkedIn(segment: number): void {
    let kept = 0
    for (let index = 0; index < this.parkedCount; index++) {
      const slab = this.parked[index]
      if (segmentOfSlab(slab) !== segment) this.parked[kept++] = slab
    }
    this.parkedCount = kept
  }

  private forgetPages(): void {
    this.parkedCount = 0
    this.runCount = 0
    this.runPages = 0
    this.vacant = 0
    this.slabsFrom = 1
    this.oversizedBytes.fill(0)
    this.busyPages.fill(0)
  }

  private dropUnlike(snapshots: readonly SegmentSnapshot[]): void {
    const wanted = new Float64Array(SEGMENT_NUMBERS)
    for (const snapshot of snapshots) wanted[snapshot.number] = bytesOf(snapshot)
    for (let segment = 1; segment < this.numbersEnd; segment++) {
      const bytes = this.buffers.lengthOf(segment)
      if (bytes > 0 && bytes !== wanted[segment]) this.drop(segment)
    }
  }

  private restoreOne(snapshot: SegmentSnapshot): boolean {
    const segment = snapshot.number
    const bytes = bytesOf(snapshot)
    if (this.buffers.lengthOf(segment) === 0 && !this.buffers.addAs(segment, bytes)) return false
    this.oversizedBytes[segment] = snapshot.oversizedBytes
    if (snapshot.map !== undefined) this.restoreMap(segment, snapshot.map)
    copyExtents(snapshot, this.buffers.u8[segment])
    return true
  }

  private restoreMap(segment: number, from: PageMap): void {
    const map = new PageMap()
    map.assign(from)
    this.maps[segment] = map
    for (const word of map.words) this.busyPages[segment] += bitCount(word)
    for (const pages of map.runPages) {
      if (pages > 0) this.runCount++
      this.runPages += pages
    }
    this.noteChange(segment, map)
  }
}

function segmentOfSlab(slab: number): number {
  return slab >>> (SEGMENT_SHIFT - SLAB_SHIFT)
}

function bytesOf(snapshot: SegmentSnapshot): number {
  return snapshot.map === undefined ? snapshot.oversizedBytes : SEGMENT_BYTES
}

function copyExtents(snapshot: SegmentSnapshot, target: Uint8Array): void {
  const { extents, bytes } = snapshot
  let at = 0
  for (let index = 0; index < extents.length; index += 2) {
    const length = extents[index + 1] - extents[index]
    target.set(bytes.subarray(at, at + length), extents[index])
    at += length
  }
}

function bitCount(word: number): number {
  let count = 0
  for (let bits = word; bits !== 0; bits &= bits - 1) count++
  return count
}
