/**
 * The invariants of slabs, checked from the outside: every slab record against its free list, its class list, the page
 * map of its segment and the counts of the arena. (Segments and page maps check themselves.)
 */
import { assert } from '../base/assert.js'
import type { Guard } from './guard.js'
import { asPointer, wordOffsetOf, segmentOf, PAGE_BYTES, SLABS_PER_SEGMENT, SLAB_SHIFT } from './pointer.js'
import { CLASS_COUNT, classBytes, classCapacity } from './size-classes.js'
import {
  type SlabHeap,
  blocksInUse,
  slabsInUse,
  CAPACITY,
  CLASS,
  FREE,
  LEFT,
  NEXT,
  PREVIOUS,
  RECORD_SHIFT,
  UNITS,
  VIRGIN,
} from './slabs.js'

export function validateHeap(heap: SlabHeap, guard: Guard | undefined): void {
  validateCounts(heap, guard)
  for (let segment = 1; segment < heap.segments.numbersEnd; segment++) validatePlaces(heap, segment)
  for (let slab = SLABS_PER_SEGMENT; slab < heap.records.length >>> RECORD_SHIFT; slab++) {
    if (heap.records[(slab << RECORD_SHIFT) + CLASS] !== 0) validateSlab(heap, slab, guard)
  }
  validateClasses(heap)
}

function validateCounts(heap: SlabHeap, guard: Guard | undefined): void {
  const segments = heap.segments
  let bytes = segments.runPages * PAGE_BYTES
  let blocks = segments.runCount
  for (const oversized of segments.oversizedBytes) {
    bytes += oversized
    if (oversized > 0) blocks++
  }
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    bytes += blocksInUse(heap.records, sizeClass) * classBytes[sizeClass]
    blocks += blocksInUse(heap.records, sizeClass)
  }
  assert(bytes === heap.usedBytes)
  assert(bytes <= heap.peakUsedBytes)
  if (guard !== undefined) assert(guard.count() === blocks)
}

/** Every page in use belongs to a slab, parked or not, or to a run, and to one of them only. */
function validatePlaces(heap: SlabHeap, segment: number): void {
  const map = heap.segments.maps[segment]
  const words = new Uint16Array(SLABS_PER_SEGMENT)
  for (let place = 0; place < SLABS_PER_SEGMENT; place++) {
    const slab = segment * SLABS_PER_SEGMENT + place
    if (heap.records[(slab << RECORD_SHIFT) + CLASS] !== 0) words[place] = 0xffff
  }
  for (let index = 0; index < heap.segments.parkedCount; index++) {
    const place = heap.segments.parked[index] - segment * SLABS_PER_SEGMENT
    if (place < 0 || place >= SLABS_PER_SEGMENT) continue
    assert(words[place] === 0)
    words[place] = 0xffff
  }
  if (map === undefined) {
    for (const word of words) assert(word === 0)
    return
  }
  for (let start = 0; start < map.runPages.length; start++) {
    for (let page = start; page < start + map.runPages[start]; page++) {
      assert(((words[page >>> 4] >>> (page & 15)) & 1) === 0)
      words[page >>> 4] |= 1 << (page & 15)
    }
  }
  for (let place = 0; place < SLABS_PER_SEGMENT; place++) assert(words[place] === map.words[place])
}

function validateSlab(heap: SlabHeap, slab: number, guard: Guard | undefined): void {
  const records = heap.records
  const record = slab << RECORD_SHIFT
  const sizeClass = records[record + CLASS]
  const units = records[record + UNITS]
  const capacity = records[record + CAPACITY]
  assert(units * 8 === classBytes[sizeClass])
  assert(capacity === classCapacity[sizeClass])
  const virgin = ((records[record + VIRGIN] - (slab << SLAB_SHIFT)) | 0) / units
  assert(Number.isInteger(virgin))
  assert(virgin >= 0)
  assert(virgin <= capacity)
  assert(records[record + LEFT] < capacity) // else it would have been given back

  const isFree = new Uint8Array(virgin)
  let pointer = asPointer(records[record + FREE])
  while (pointer !== 0) {
    assert(pointer >>> SLAB_SHIFT === slab)
    const index = (pointer - (slab << SLAB_SHIFT)) / units
    assert(index < virgin)
    assert(isFree[index] === 0)
    isFree[index] = 1
    if (guard !== undefined) guard.checkFreed(heap.segments.buffers.u8, pointer, units * 8)
    pointer = asPointer(heap.segments.buffers.i32[segmentOf(pointer)][wordOffsetOf(pointer)])
  }
  let freed = 0
  for (let index = 0; index < virgin; index++) {
    freed += isFree[index]
    const block = asPointer((slab << SLAB_SHIFT) + index * units)
    if (guard !== undefined) assert(guard.isLive(block) === (isFree[index] === 0))
  }
  assert(freed + capacity - virgin === records[record + LEFT])
}

/** The lists have exactly the slabs that are not full, each that of its class, and the counts of the classes agree. */
function validateClasses(heap: SlabHeap): void {
  const records = heap.records
  const slabs = new Int32Array(CLASS_COUNT)
  const blocks = new Float64Array(CLASS_COUNT)
  const partlyUsed = new Int32Array(CLASS_COUNT)
  for (let slab = SLABS_PER_SEGMENT; slab < records.length >>> RECORD_SHIFT; slab++) {
    const record = slab << RECORD_SHIFT
    const sizeClass = records[record + CLASS]
    if (sizeClass === 0) continue
    slabs[sizeClass]++
    blocks[sizeClass] += records[record + CAPACITY] - records[record + LEFT]
    if (records[record + LEFT] > 0) partlyUsed[sizeClass]++
  }
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    assert(records[(sizeClass << RECORD_SHIFT) + CLASS] === 0)
    assert(slabs[sizeClass] === slabsInUse(records, sizeClass))
    assert(blocks[sizeClass] === blocksInUse(records, sizeClass))
    validateList(records, sizeClass, partlyUsed[sizeClass])
  }
}

function validateList(records: Int32Array, sizeClass: number, length: number): void {
  let slab = sizeClass
  for (let index = 0; index <= length; index++) {
    const next = records[(slab << RECORD_SHIFT) + NEXT]
    assert(records[(next << RECORD_SHIFT) + PREVIOUS] === slab)
    assert((next === sizeClass) === (index === length))
    if (next === sizeClass) return
    assert(records[(next << RECORD_SHIFT) + CLASS] === sizeClass)
    assert(records[(next << RECORD_SHIFT) + LEFT] > 0)
    slab = next
  }
}
