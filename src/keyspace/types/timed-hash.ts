/**
 * Hashes of which some fields have an expiry time. Such a hash is always a dict, however small, and its entry says so by an
 * encoding of its own (`timedHashtable`, which clients see as `hashtable`), so that all other hashes pay nothing for it. The
 * entry then refers to a block, which is a thing of the database's heap (structures/due-heap.ts):
 *
 *     offset  0  u32  root of the dict
 *             4       the earliest due time among the fields, and the block's place in the heap of the database
 *            16  u32  heap of the fields that have an expiry time
 *            20  u32  the entry
 *
 * A field with an expiry time is an element with a prefix (structures/dict-element.ts) that makes it a thing of the hash's heap.
 */

import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { elementPrefixWords } from '../../structures/dict-element.js'
import { DUE_WORDS, dueOf } from '../../structures/due-heap.js'
import { Encoding } from '../entry.js'

const BLOCK_BYTES = 24
const ROOT = 0
const HEAP = 4
const ENTRY = 5

/** No due time. */
export const NEVER = -1

/** A block around a dict and a heap; its due time is the caller's to set. 0 without memory. */
export function newTimedHash(arena: Arena, root: Pointer, heap: Pointer): Pointer {
  const block = arena.allocate(BLOCK_BYTES)
  if (block === 0) return 0
  setWord(arena, block, ROOT, root)
  setWord(arena, block, HEAP, heap)
  setWord(arena, block, ENTRY, 0)
  return block
}

/** The root of the dict. */
export function timedRoot(arena: Arena, block: Pointer): Pointer {
  return word(arena, block, ROOT)
}

/** The root of the dict of a hash in either of the two encodings that have one. */
export function hashRoot(arena: Arena, encoding: Encoding, value: Pointer): Pointer {
  return encoding === Encoding.timedHashtable ? word(arena, value, ROOT) : value
}

export function timedFields(arena: Arena, block: Pointer): Pointer {
  return word(arena, block, HEAP)
}

export function setTimedFields(arena: Arena, block: Pointer, heap: Pointer): void {
  setWord(arena, block, HEAP, heap)
}

export function timedEntry(arena: Arena, block: Pointer): Pointer {
  return word(arena, block, ENTRY)
}

export function setTimedEntry(arena: Arena, block: Pointer, entry: Pointer): void {
  setWord(arena, block, ENTRY, entry)
}

/** When a field falls due, in ms since 1970; NEVER for one without an expiry time. */
export function elementDue(arena: Arena, element: Pointer): number {
  return elementPrefixWords(arena, element) === DUE_WORDS ? dueOf(arena, element) : NEVER
}

function word(arena: Arena, block: Pointer, index: number): number {
  return arena.i32[block >>> SEGMENT_SHIFT]![((block & OFFSET_MASK) << 1) + index]!
}

function setWord(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.i32[block >>> SEGMENT_SHIFT]![((block & OFFSET_MASK) << 1) + index] = value
}
