/** How many elements a value has. */

import { Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { listLength } from '../../keyspace/types/list.js'
import type { RdbKey } from '../../persistence/rdb/reader.js'

/** Elements, fields, members or entries; 1 for a string, 0 for what cannot be looked into. */
export function elementCount({ arena, hashes, sets, streams, zsets }: Keyspace, { entry, type }: RdbKey): number {
  if (entry === 0) return 0
  switch (type) {
    case Type.list:
      return listLength(arena, entry)
    case Type.set:
      sets.view.open(entry)
      return sets.view.size
    case Type.zset:
      zsets.view.open(entry)
      return zsets.view.size
    case Type.hash:
      hashes.view.open(entry)
      return hashes.view.size
    case Type.stream:
      streams.view.open(cellPointer(arena, entry))
      return streams.view.length
  }
  return 1
}
