/** Entries whose value is a set or a hash; see cell.ts for their cell. */

import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { Arena } from '../../memory/arena.js'
import { type Database, NO_EXPIRY } from '../database.js'
import { cellWord, Encoding, HAS_CELL, metaOf, setMeta, type Type, TYPE_MASK, withEncoding } from '../entry.js'

/** Notes where a collection is now, and how it is kept. */
export function setCollection(arena: Arena, entry: Pointer, encoding: number, collection: Pointer): void {
  const segment = entry >>> SEGMENT_SHIFT
  const words = arena.i32[segment]!
  const base = (entry & OFFSET_MASK) << 1
  const meta = withEncoding(words[base]!, encoding)
  words[base] = meta
  const word = cellWord(entry, meta)
  words[word] = collection
  words[word + 1] = 0
}

/**
 * Adds a key that `find` has just reported missing.
 *
 * @returns the entry, or 0 without memory; then the collection is still the caller's
 */
export function addCollection(
  database: Database, hash: number,
  key: Uint8Array, keyStart: number, keyEnd: number,
  type: Type, encoding: number, collection: Pointer,
): Pointer {
  const isTimed = encoding === Encoding.timedHashtable
  if (isTimed && !database.timed.reserve()) return 0
  const entry = database.add(hash, key, keyStart, keyEnd, type, encoding, HAS_CELL, 0, NO_EXPIRY)
  if (entry === 0) return 0
  setCollection(database.keyspace.arena, entry, encoding, collection)
  if (isTimed) database.timed.add(collection, entry)
  return entry
} // prettier-ignore

/** Gives a key a collection in place of whatever it holds, without expiry time. Returns as `addCollection`. */
export function storeCollection(
  database: Database,
  key: Uint8Array, keyStart: number, keyEnd: number,
  type: Type, encoding: number, collection: Pointer,
): Pointer {
  const { keyspace } = database
  const entry = database.lookupWrite(key, keyStart, keyEnd, true)
  if (entry === 0) return addCollection(database, database.keys.hash, key, keyStart, keyEnd, type, encoding, collection)
  const isTimed = encoding === Encoding.timedHashtable
  if (isTimed && !database.timed.reserve()) return 0
  const meta = metaOf(keyspace.arena, entry)
  const old = keyspace.valuePointer(entry, meta)
  database.beforeWrite(key, keyStart, keyEnd)
  const target = database.reshape(entry, encoding, HAS_CELL, 0, NO_EXPIRY)
  if (target === 0) return 0
  setMeta(keyspace.arena, target, (metaOf(keyspace.arena, target) & ~TYPE_MASK) | type)
  setCollection(keyspace.arena, target, encoding, collection)
  keyspace.events.removed(database, key, keyStart, keyEnd)
  if (isTimed) database.timed.add(collection, target)
  if (old !== 0) keyspace.freeValue(meta, old, keyspace.lazyFreesOverwritten)
  return target
} // prettier-ignore
