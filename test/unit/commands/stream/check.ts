/** Asserts the invariants of all streams of a store. */

import { Type, typeOf } from '../../../../src/keyspace/entry.js'
import { cellPointer } from '../../../../src/keyspace/types/cell.js'
import type { Pointer } from '../../../../src/memory/pointer.js'
import { validateGroups } from '../../../../src/structures/stream-groups.js'
import type { TestStore } from '../../../support/test-store.js'

export function validateStreams(store: TestStore): void {
  const { keyspace } = store.store
  const { arena, streams } = keyspace
  for (const { keys } of keyspace.databases) {
    const entries: Pointer[] = []
    let cursor = 0
    do cursor = keys.scan(cursor, entries)
    while (cursor !== 0)
    for (const entry of entries) {
      if (typeOf(arena, entry) !== Type.stream) continue
      streams.view.open(cellPointer(arena, entry))
      streams.view.validate()
      validateGroups(streams.view)
    }
  }
  store.validate()
}
