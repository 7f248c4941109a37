/**
 * A copy of all that lives in an arena: its tables, and the bytes of every page in use. Of a slab only the part that
 * has ever been handed out is copied.
 */
import type { Guard } from './guard.js'
import { PageMap } from './page-map.js'
import { PAGE_BYTES, PAGES_PER_SEGMENT, SLABS_PER_SEGMENT, SLAB_BYTES, SLAB_SHIFT, UNIT_BYTES } from './pointer.js'
import type { SegmentSnapshot } from './segments.js'
import { type SlabHeap, CLASS, RECORDS_LENGTH, RECORD_SHIFT, VIRGIN } from './slabs.js'

/** Not tied to the arena it came from, and never changed. */
export interface ArenaSnapshot {
  readonly usedBytes: number
  readonly records: Int32Array
  readonly segments: readonly SegmentSnapshot[]
  /** There when the arena had the `poison` option. */
  readonly guard: Guard | undefined
}

/** Copies what is in the heap, which must have no parked slabs. */
export function takeSnapshot(heap: SlabHeap, guard: Guard | undefined): ArenaSnapshot {
  const segments: SegmentSnapshot[] = []
  let end = 1
  for (let number = 1; number < heap.segments.numbersEnd; number++) {
    if (heap.segments.buffers.lengthOf(number) === 0 || number === heap.segments.vacant) continue
    segments.push(copySegment(heap, number))
    end = number + 1
  }
  return {
    usedBytes: heap.usedBytes,
    records: heap.records.slice(0, end * RECORDS_LENGTH),
    segments,
    guard: guard?.copy(),
  }
}

/** Bytes that the copied pages take, without the tables. */
export function snapshotBytes(snapshot: ArenaSnapshot): number {
  let total = 0
  for (const segment of snapshot.segments) total += segment.bytes.length
  return total
}

function copySegment(heap: SlabHeap, number: number): SegmentSnapshot {
  const map = heap.segments.maps[number]
  const oversizedBytes = heap.segments.oversizedBytes[number]
  const extents = map === undefined ? [0, oversizedBytes] : usedExtents(heap, number, map)
  return {
    number,
    oversizedBytes,
    map: map === undefined ? undefined : copyMap(map),
    extents,
    bytes: copyExtents(heap.segments.buffers.u8[number], extents),
  }
}

function usedExtents(heap: SlabHeap, number: number, map: PageMap): number[] {
  const extents: number[] = []
  for (let place = 0; place < SLABS_PER_SEGMENT; place++) {
    const slab = number * SLABS_PER_SEGMENT + place
    const record = slab << RECORD_SHIFT
    if (heap.records[record + CLASS] === 0) continue
    const usedUnits = (heap.records[record + VIRGIN] - (slab << SLAB_SHIFT)) | 0
    extents.push(place * SLAB_BYTES, place * SLAB_BYTES + usedUnits * UNIT_BYTES)
  }
  for (let page = 0; page < PAGES_PER_SEGMENT; page++) {
    const pages = map.runPages[page]
    if (pages > 0) extents.push(page * PAGE_BYTES, (page + pages) * PAGE_BYTES)
  }
  return extents
}

function copyMap(map: PageMap): PageMap {
  const copy = new PageMap()
  copy.assign(map)
  return copy
}

function copyExtents(from: Uint8Array, extents: readonly number[]): Uint8Array {
  let total = 0
  for (let index = 0; index < extents.length; index += 2) total += extents[index + 1] - extents[index]
  const bytes = new Uint8Array(total)
  let at = 0
  for (let index = 0; index < extents.length; index += 2) {
    bytes.set(from.subarray(extents[index], extents[index + 1]), at)
    at += extents[index + 1] - extents[index]
  }
  return bytes
}
