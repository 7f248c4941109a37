/**
 * Values outside their entry: the entry's cell holds {pointer, a word of the type's own}. Every type but strings uses these, and
 * changes of what the pointer refers to are announced with `Database.beforeWrite` first, as all changes are.
 */

import type { Arena } from '../../memory/arena.js'
import { type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { type Database, NO_EXPIRY } from '../database.js'
import { cellWord, type Encoding, HAS_CELL, metaOf, setMeta, type Type, withEncoding } from '../entry.js'

/** What the cell points to. */
export function cellPointer(arena: Arena, entry: Pointer): Pointer {
  return arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, metaOf(arena, entry))]!
}

/** The other word of the cell, unsigned. */
export function cellNumber(arena: Arena, entry: Pointer): number {
  return arena.u32[entry >>> SEGMENT_SHIFT]![cellWord(entry, metaOf(arena, entry)) + 1]!
}

/** The value has moved, or is another. */
export function setCellPointer(arena: Arena, entry: Pointer, value: Pointer): void {
  arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, metaOf(arena, entry))] = value
}

export function setCellNumber(arena: Arena, entry: Pointer, word: number): void {
  arena.u32[entry >>> SEGMENT_SHIFT]![cellWord(entry, metaOf(arena, entry)) + 1] = word
}

/** The value is kept in another encoding from now on. */
export function setEncoding(arena: Arena, entry: Pointer, encoding: Encoding): void {
  setMeta(arena, entry, withEncoding(metaOf(arena, entry), encoding))
}

/**
 * Adds a key, which the last look-up of `database` has reported missing, with a value.
 *
 * @returns the entry, or 0 when memory could not be had; the value is the caller's then
 */
export function addValue(
  database: Database, key: Uint8Array, keyStart: number, keyEnd: number, type: Type, encoding: Encoding, value: Pointer,
): Pointer {
  const hash = database.keys.hashOf(key, keyStart, keyEnd)
  const entry = database.add(hash, key, keyStart, keyEnd, type, encoding, HAS_CELL, 0, NO_EXPIRY)
  if (entry === 0) return 0
  setCellPointer(database.keyspace.arena, entry, value)
  setCellNumber(database.keyspace.arena, entry, 0)
  return entry
} // prettier-ignore
