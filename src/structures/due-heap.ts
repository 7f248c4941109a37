/**
 * A binary heap in the arena of things that fall due: the earliest stands first.
 *
 * A thing is any block that begins so:
 *
 *     offset  0  u32  the owner's
 *             4  u32  due time in ms since 1970, low half
 *             8  u32  and high half
 *            12  u32  where in its heap it stands: kept by the heap
 *
 * The heap itself is one block: the number of things, an unused word, then a pointer to each. It moves as it grows and shrinks,
 * so that functions which may move it return where it is. A thing that moves keeps its place, of which the heap is told.
 */

import { assert } from '../base/assert.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'

const HEADER_WORDS = 2
const INITIAL_BYTES = 32
const TWO_32 = 0x100000000

const DUE_LOW = 1
const DUE_HIGH = 2
const PLACE = 3

/** Words a thing needs behind its first, for what the heap keeps there. */
export const DUE_WORDS = 3

/** When a thing falls due, in ms since 1970. */
export function dueOf(arena: Arena, thing: Pointer): number {
  const words = arena.u32[thing >>> SEGMENT_SHIFT]
  const base = (thing & OFFSET_MASK) << 1
  return words[base + DUE_HIGH] * TWO_32 + words[base + DUE_LOW]
}

/** Sets a whole number of ms, from 0 to 2^64; `settleDue` comes afterwards when the thing is in a heap. */
export function setDue(arena: Arena, thing: Pointer, dueMs: number): void {
  const words = arena.u32[thing >>> SEGMENT_SHIFT]
  const base = (thing & OFFSET_MASK) << 1
  const high = Math.floor(dueMs / TWO_32)
  words[base + DUE_HIGH] = high
  words[base + DUE_LOW] = dueMs - high * TWO_32
}

/** A new heap without things; 0 without memory. */
export function newDueHeap(arena: Arena): Pointer {
  const heap = arena.allocate(INITIAL_BYTES)
  if (heap !== 0) setCount(arena, heap, 0)
  return heap
}

export function dueCount(arena: Arena, heap: Pointer): number {
  return arena.i32[heap >>> SEGMENT_SHIFT][(heap & OFFSET_MASK) << 1]
}

/** The thing that falls due first; 0 when there is none. */
export function firstDue(arena: Arena, heap: Pointer): Pointer {
  return dueCount(arena, heap) === 0 ? 0 : itemAt(arena, heap, 0)
}

/** Makes room for one thing more; the heap, or 0 without memory, and then nothing has changed. */
export function reserveDue(arena: Arena, heap: Pointer): Pointer {
  return dueCount(arena, heap) < capacityOf(arena, heap) ? heap : resized(arena, heap, capacityOf(arena, heap) * 2)
}

/** Adds a thing whose due time is set. Returns as `reserveDue`. */
export function addDue(arena: Arena, heap: Pointer, thing: Pointer): Pointer {
  const target = reserveDue(arena, heap)
  if (target === 0) return 0
  const count = dueCount(arena, target)
  setCount(arena, target, count + 1)
  rise(arena, target, count, thing)
  return target
}

/** Takes a thing out that is in the heap; returns the heap. */
export function removeDue(arena: Arena, heap: Pointer, thing: Pointer): Pointer {
  const place = placeOf(arena, thing)
  const count = dueCount(arena, heap) - 1
  assert(itemAt(arena, heap, place) === thing)
  const last = itemAt(arena, heap, count)
  setCount(arena, heap, count)
  if (last !== thing) {
    put(arena, heap, place, last)
    settleDue(arena, heap, last)
  }
  const capacity = capacityOf(arena, heap)
  if (count * 4 >= capacity || capacity * 4 <= INITIAL_BYTES) return heap
  const smaller = resized(arena, heap, Math.max(count * 2, (INITIAL_BYTES >>> 2) - HEADER_WORDS))
  return smaller === 0 ? heap : smaller
}

/** The due time of a thing in the heap has changed. */
export function settleDue(arena: Arena, heap: Pointer, thing: Pointer): void {
  const place = placeOf(arena, thing)
  if (place > 0 && dueOf(arena, thing) < dueOf(arena, itemAt(arena, heap, (place - 1) >>> 1))) {
    rise(arena, heap, place, thing)
  } else sink(arena, heap, place, thing)
}

/** A thing of the heap is in another block now, to which its words have been copied. */
export function dueMoved(arena: Arena, heap: Pointer, thing: Pointer): void {
  put(arena, heap, placeOf(arena, thing), thing)
}

/** How many fall due before a moment; takes time in proportion to these. */
export function countDueBefore(arena: Arena, heap: Pointer, momentMs: number): number {
  const count = dueCount(arena, heap)
  if (count === 0 || dueOf(arena, itemAt(arena, heap, 0)) >= momentMs) return 0
  // What is due forms a tree from the first place on: a walk over it, with the places that are still to be seen on a stack.
  const places = [0]
  let due = 0
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (place >= count || dueOf(arena, itemAt(arena, heap, place)) >= momentMs) continue
    due++
    places.push(place * 2 + 1, place * 2 + 2)
  }
  return due
}

/** A heap of the same size, without things; for copies, which `dueMoved` puts into the places that they bring along. */
export function emptyCopy(arena: Arena, heap: Pointer): Pointer {
  const count = dueCount(arena, heap)
  const copy = arena.allocate(Math.max(INITIAL_BYTES, (count + HEADER_WORDS) << 2))
  if (copy !== 0) setCount(arena, copy, count)
  return copy
}

/** Asserts that things stand in order, and where they say. */
export function validateDueHeap(arena: Arena, heap: Pointer): void {
  const count = dueCount(arena, heap)
  assert(count <= capacityOf(arena, heap))
  for (let place = 0; place < count; place++) {
    const thing = itemAt(arena, heap, place)
    assert(placeOf(arena, thing) === place)
    if (place > 0) assert(dueOf(arena, itemAt(arena, heap, (place - 1) >>> 1)) <= dueOf(arena, thing))
  }
}

function itemAt(arena: Arena, heap: Pointer, place: number): Pointer {
  return arena.i32[heap >>> SEGMENT_SHIFT][((heap & OFFSET_MASK) << 1) + HEADER_WORDS + place]
}

function put(arena: Arena, heap: Pointer, place: number, thing: Pointer): void {
  arena.i32[heap >>> SEGMENT_SHIFT][((heap & OFFSET_MASK) << 1) + HEADER_WORDS + place] = thing
  arena.i32[thing >>> SEGMENT_SHIFT][((thing & OFFSET_MASK) << 1) + PLACE] = place
}

function placeOf(arena: Arena, thing: Pointer): number {
  return arena.i32[thing >>> SEGMENT_SHIFT][((thing & OFFSET_MASK) << 1) + PLACE]
}

function setCount(arena: Arena, heap: Pointer, count: number): void {
  arena.i32[heap >>> SEGMENT_SHIFT][(heap & OFFSET_MASK) << 1] = count
}

function capacityOf(arena: Arena, heap: Pointer): number {
  return (arena.usableBytes(heap) >>> 2) - HEADER_WORDS
}

/** Moves a thing, which belongs at `place` or nearer to the first, to where it belongs. */
function rise(arena: Arena, heap: Pointer, place: number, thing: Pointer): void {
  const due = dueOf(arena, thing)
  while (place > 0) {
    const parent = (place - 1) >>> 1
    const above = itemAt(arena, heap, parent)
    if (dueOf(arena, above) <= due) break
    put(arena, heap, place, above)
    place = parent
  }
  put(arena, heap, place, thing)
}

/** The same away from the first. */
function sink(arena: Arena, heap: Pointer, place: number, thing: Pointer): void {
  const due = dueOf(arena, thing)
  const count = dueCount(arena, heap)
  for (let child = place * 2 + 1; child < count; child = place * 2 + 1) {
    let next = itemAt(arena, heap, child)
    if (child + 1 < count) {
      const other = itemAt(arena, heap, child + 1)
      if (dueOf(arena, other) < dueOf(arena, next)) {
        next = other
        child++
      }
    }
    if (dueOf(arena, next) >= due) break
    put(arena, heap, place, next)
    place = child
  }
  put(arena, heap, place, thing)
}

/** Moves the heap to a block with that room; 0 without memory. */
function resized(arena: Arena, heap: Pointer, capacity: number): Pointer {
  const target = arena.allocate((capacity + HEADER_WORDS) << 2)
  if (target === 0) return 0
  const from = (heap & OFFSET_MASK) << 1
  const source = arena.i32[heap >>> SEGMENT_SHIFT]
  const words = arena.i32[target >>> SEGMENT_SHIFT]
  const to = (target & OFFSET_MASK) << 1
  const used = source[from] + HEADER_WORDS
  words.set(source.subarray(from, from + used), to)
  arena.free(heap)
  return target
}
