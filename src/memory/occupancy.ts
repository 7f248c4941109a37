/**
 * How full slabs are, for active defragmentation.
 *
 * The defragmenter walks the data and asks of each block whether moving it helps. It helps when its slab is emptier than
 * the partly used slabs of the class are on average, since then the block goes to a fuller one and its slab comes nearer
 * to being given back. For the copy to go where it should, `fullestFirst` puts the slabs of a class in order beforehand.
 * Runs of pages and oversized blocks are never worth it: they do not share their pages.
 */
import { type Pointer, SLAB_SHIFT } from './pointer.js'
import { classByUnits, classCapacity, SLAB_BLOCK_BYTES_MAX } from './size-classes.js'
import { type SlabHeap, CAPACITY, CLASS, LEFT, NEXT, RECORD_SHIFT, linkAfter, unlink } from './slabs.js'

/** Slabs are put in order by how many such parts of them are in use. */
const ORDER_STEPS = 16

/** @returns the class of blocks for `bytes`, or 0 for those that do not come from slabs */
export function sizeClassFor(bytes: number): number {
  return bytes <= SLAB_BLOCK_BYTES_MAX ? classByUnits[(bytes + 7) >>> 3] : 0
}

/** @returns which part of the block's slab is in use, from above 0 to 1; 1 for a block with pages of its own */
export function pageOccupancy(heap: SlabHeap, pointer: Pointer): number {
  const record = (pointer >>> SLAB_SHIFT) << RECORD_SHIFT
  if (heap.records[record + CLASS] === 0) return 1
  return 1 - heap.records[record + LEFT] / heap.records[record + CAPACITY]
}

/**
 * Whether freeing this block and allocating one of its size elsewhere brings the class nearer to using fewer slabs.
 *
 * Ask `partlyUsedOccupancy` once in a while and pass it on: it walks the list of the class.
 */
export function isWorthMoving(heap: SlabHeap, pointer: Pointer, occupancyOfClass: number): boolean {
  const slab = pointer >>> SLAB_SHIFT
  const record = slab << RECORD_SHIFT
  const sizeClass = heap.records[record + CLASS]
  if (sizeClass === 0 || heap.records[record + LEFT] === 0) return false
  if (heap.records[(sizeClass << RECORD_SHIFT) + NEXT] === slab) return false // the copy would go to this very slab
  return pageOccupancy(heap, pointer) <= occupancyOfClass
}

/** @returns which part of the blocks is in use in those slabs of the class that are not full; 1 when all are */
export function partlyUsedOccupancy(heap: SlabHeap, sizeClass: number): number {
  let slabs = 0
  let left = 0
  let slab = heap.records[(sizeClass << RECORD_SHIFT) + NEXT]
  while (slab !== sizeClass) {
    slabs++
    left += heap.records[(slab << RECORD_SHIFT) + LEFT]
    slab = heap.records[(slab << RECORD_SHIFT) + NEXT]
  }
  return slabs === 0 ? 1 : 1 - left / (slabs * classCapacity[sizeClass])
}

/** Arranges the partly used slabs of a class so that the fullest are used up first. Takes time linear in their number. */
export function fullestFirst(heap: SlabHeap, sizeClass: number): void {
  const steps: number[][] = Array.from({ length: ORDER_STEPS }, () => [])
  const records = heap.records
  const head = sizeClass << RECORD_SHIFT
  while (records[head + NEXT] !== sizeClass) {
    const slab = records[head + NEXT]
    const left = records[(slab << RECORD_SHIFT) + LEFT] / classCapacity[sizeClass]
    steps[Math.ceil(left * ORDER_STEPS) - 1].push(slab)
    unlink(records, slab)
  }
  // Emptiest first, each in front of those before it.
  for (let step = ORDER_STEPS - 1; step >= 0; step--) {
    for (const slab of steps[step]) linkAfter(records, sizeClass, slab)
  }
}
