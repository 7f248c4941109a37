/**
 * Slab records: what the arena knows about each slab, eight int32 apiece in one typed array.
 *
 * A slab is 64 KB cut into blocks of one class. Its blocks are handed out in two ways: those freed before, from a list
 * threaded through the free blocks themselves (the first four bytes of each hold the pointer of the next); and those
 * never used so far, in order of address. So a new slab costs no set-up, and its pages are not touched before they are
 * needed.
 *
 *     slab   | used | free ->| used | free | used |   never used   |tail|
 *                   ^ FREE      `----->---'       ^ VIRGIN
 *
 * Slabs of a class that have blocks left form a circular list, joined by NEXT and PREV. Full ones are in no list, wholly
 * free ones are given back. The head of the list of class c is record c, which also counts for the class: it would be
 * that of a slab in segment 0, and there is none, so heads and members of a list need no telling apart.
 */
import { assert } from '../base/assert.js'
import type { Segments } from './segments.js'
import { SLABS_PER_SEGMENT, SLAB_SHIFT } from './pointer.js'
import { CLASS_COUNT, classBytes, classCapacity } from './size-classes.js'

export const RECORD_SHIFT = 3

/** Length of the records of one segment. */
export const RECORDS_LENGTH = SLABS_PER_SEGMENT << RECORD_SHIFT

export const CLASS = 0 // 0: no slab here, but free pages, runs or nothing
export const FREE = 1 // pointer of the first freed block, or 0
export const VIRGIN = 2 // pointer of the first block never used since the slab was taken
export const LEFT = 3 // blocks that can still be handed out, of both kinds
export const NEXT = 4
export const PREVIOUS = 5
export const UNITS = 6 // block size
export const CAPACITY = 7 // blocks in the slab

// In the head of a list, besides NEXT and PREVIOUS; its CLASS is 0.
export const BLOCKS = 1 // blocks of the class handed out (unsigned, see `blocksInUse`)
export const SLABS = 2 // slabs of the class

/** What the checks, statistics and snapshots of this folder see of an `Arena`. */
export interface SlabHeap {
  readonly segments: Segments
  readonly records: Int32Array
  readonly usedBytes: number
  readonly peakUsedBytes: number
}

/** @returns records for the segments below `segments`, with empty lists and no slabs */
export function newRecords(segments: number): Int32Array {
  assert(CLASS_COUNT <= SLABS_PER_SEGMENT)
  const records = new Int32Array(segments * RECORDS_LENGTH)
  for (let sizeClass = 1; sizeClass < CLASS_COUNT; sizeClass++) {
    const head = sizeClass << RECORD_SHIFT
    records[head + NEXT] = sizeClass
    records[head + PREVIOUS] = sizeClass
  }
  return records
}

/** @returns blocks of the class that are handed out */
export function blocksInUse(records: Int32Array, sizeClass: number): number {
  return records[(sizeClass << RECORD_SHIFT) + BLOCKS] >>> 0
}

/** @returns slabs of the class, full ones included */
export function slabsInUse(records: Int32Array, sizeClass: number): number {
  return records[(sizeClass << RECORD_SHIFT) + SLABS]
}

/** Makes the slab one of `sizeClass`, with all its blocks left, and puts it into the list. */
export function openSlab(records: Int32Array, slab: number, sizeClass: number): void {
  const record = slab << RECORD_SHIFT
  assert(records[record + CLASS] === 0)
  records[record + CLASS] = sizeClass
  records[record + FREE] = 0
  records[record + VIRGIN] = slab << SLAB_SHIFT
  records[record + LEFT] = classCapacity[sizeClass]
  records[record + UNITS] = classBytes[sizeClass] >>> 3
  records[record + CAPACITY] = classCapacity[sizeClass]
  records[(sizeClass << RECORD_SHIFT) + SLABS]++
  linkAfter(records, sizeClass, slab)
}

/** Takes a wholly free slab out of its list and class. */
export function closeSlab(records: Int32Array, slab: number): void {
  const record = slab << RECORD_SHIFT
  assert(records[record + LEFT] === records[record + CAPACITY])
  unlink(records, slab)
  records[(records[record + CLASS] << RECORD_SHIFT) + SLABS]--
  records[record + CLASS] = 0
}

/** @param place  a slab in a list, or a class to mean the front of its list */
export function linkAfter(records: Int32Array, place: number, slab: number): void {
  const next = records[(place << RECORD_SHIFT) + NEXT]
  const record = slab << RECORD_SHIFT
  records[record + NEXT] = next
  records[record + PREVIOUS] = place
  records[(next << RECORD_SHIFT) + PREVIOUS] = slab
  records[(place << RECORD_SHIFT) + NEXT] = slab
}

export function unlink(records: Int32Array, slab: number): void {
  const record = slab << RECORD_SHIFT
  const next = records[record + NEXT]
  const previous = records[record + PREVIOUS]
  records[(previous << RECORD_SHIFT) + NEXT] = next
  records[(next << RECORD_SHIFT) + PREVIOUS] = previous
}
