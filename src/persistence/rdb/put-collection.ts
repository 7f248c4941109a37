/** Puts a value that was built under a key. */

import type { Database } from '../../keyspace/database.js'
import { Encoding, HAS_CELL, type Type } from '../../keyspace/entry.js'
import { setCollection } from '../../keyspace/types/collection-entry.js'
import type { Pointer } from '../../memory/pointer.js'

/**
 * Adds a key that the last look-up of the database has reported missing.
 *
 * @returns the entry, or 0 without memory; then the value is still the caller's
 */
export function putCollection(
  database: Database, key: Uint8Array, keyStart: number, keyEnd: number,
  type: Type, encoding: Encoding, value: Pointer, expiryMs: number,
): Pointer {
  const isTimed = encoding === Encoding.timedHashtable
  if (isTimed && !database.timed.reserve()) return 0
  const entry = database.add(
    database.keys.hashOf(key, keyStart, keyEnd), key, keyStart, keyEnd, type, encoding, HAS_CELL, 0, expiryMs,
  )
  if (entry === 0) return 0
  setCollection(database.keyspace.arena, entry, encoding, value)
  if (isTimed) database.timed.add(value, entry)
  return entry
} // prettier-ignore
