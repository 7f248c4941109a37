/** How many elements a value has. */

import { Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ListCursor, listLength } from '../../keyspace/types/list.js'
import type { RdbKey } from '../../persistence/rdb/reader.js'

/** Elements, fields, members or entries; 1 for a string, 0 for what cannot be looked into. */
export function elementCount(keyspace: Keyspace, { entry, type }: RdbKey): number {
  if (entry === 0) return 0
  const { arena, hashes, sets, streams, zsets } = keyspace
  switch (type) {
    case Type.list:
      return listLength(arena, entry)
    case Type.set:
      sets.view.open(entry)
      return sets.view.length
    case Type.zset:
      zsets.view.open(entry)
      return zsets.view.length
    case Type.hash:
      hashes.view.open(entry)
      return hashes.view.length
    case Type.stream:
      streams.view.open(cellPointer(arena, entry))
      return streams.view.length
  }
  return 1
}

void ListCursor
