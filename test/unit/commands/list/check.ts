/** Checks every list of a store. */

import { Type, typeOf } from '../../../../src/keyspace/entry.js'
import { validateList } from '../../../../src/keyspace/types/list.js'
import type { TestStore } from '../../../support/test-store.js'

export function validateLists(store: TestStore): void {
  const { arena, databases } = store.store.keyspace
  for (const database of databases) {
    const entries: number[] = []
    let cursor = 0
    do cursor = database.keys.scan(cursor, entries)
    while (cursor !== 0)
    for (const entry of entries) if (typeOf(arena, entry) === Type.list) validateList(arena, entry)
  }
}
