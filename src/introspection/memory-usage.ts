/** MEMORY USAGE and DEBUG SDSLEN: what one key takes up in the arena. */

import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import type { Database } from '../keyspace/database.js'
import {
  cellWord,
  Encoding,
  encodingOfMeta,
  EXTERNAL_KEY_LENGTH,
  HAS_CELL,
  KEY_LENGTH_SHIFT,
  keyOffset,
  metaOf,
  type Type,
  TYPE_MASK,
} from '../keyspace/entry.js'

/**
 * Bytes of all blocks that belong to a key, and its share of the key table.
 *
 * @param samples  elements looked at to estimate those of a large collection; Infinity for all
 */
export function keyMemory(database: Database, entry: Pointer, samples: number): number {
  const { keyspace, keys } = database
  const share = Math.ceil(keys.tableBytes / keys.count)
  const meta = metaOf(keyspace.arena, entry)
  const value = keyspace.valuePointer(entry, meta)
  return entryBlockBytes(database, entry) + share + keyspace.valueMemory(meta, value, samples)
}

/** The entry's own block, and the key's when it is too long for that. */
export function entryBlockBytes({ keyspace: { arena } }: Database, entry: Pointer): number {
  const meta = metaOf(arena, entry)
  const bytes = arena.usableBytes(entry)
  if (meta >>> KEY_LENGTH_SHIFT !== EXTERNAL_KEY_LENGTH) return bytes
  const word = (((entry & OFFSET_MASK) << 3) + keyOffset(meta)) >>> 2
  return bytes + arena.usableBytes(arena.i32[entry >>> SEGMENT_SHIFT]![word]!)
}

/** Type and block of a value; the block is 0 when the value lies in the entry. */
export function valueOf({ keyspace: { arena } }: Database, entry: Pointer): [type: Type, value: Pointer] {
  const meta = metaOf(arena, entry)
  const type = (meta & TYPE_MASK) as Type
  if ((meta & HAS_CELL) === 0 || encodingOfMeta(meta) === Encoding.int) return [type, 0]
  return [type, arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!]
}
