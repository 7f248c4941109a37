/** Writes everything in one go, while nothing else happens: DEBUG RELOAD, SAVE without a walker, tests. */

import type { Store } from '../../engine/store.js'
import type { Pointer } from '../../memory/pointer.js'
import type { ByteSink } from '../byte-sink.js'
import { libraries } from './libraries.js'
import { rdbWriteOptions } from './write-options.js'
import { type RdbFileFacts, RdbWriter } from './writer.js'

export function rdbFileFacts(store: Store): RdbFileFacts {
  return {
    nowMs: store.environment.clock.nowMs(),
    usedMemory: store.usedMemory,
    pointerBits: store.environment.host.pointerBits,
    isAofBase: false,
    libraries: store.services.get(libraries).codes(),
  }
}

/** A whole file. */
export function saveWhole(store: Store, sink: ByteSink, facts: RdbFileFacts): void {
  const { keyspace } = store
  const writer = new RdbWriter(keyspace, sink, rdbWriteOptions(store.config.values))
  const batch: Pointer[] = []
  writer.start(facts)
  for (const database of keyspace.databases) {
    if (database.size === 0) continue
    writer.selectDatabase(database.index)
    writer.resizeDatabase(database.size, database.volatile.count)
    let cursor = 0
    do {
      batch.length = 0
      cursor = database.keys.scan(cursor, batch)
      for (const entry of batch) writer.key(entry)
    } while (cursor !== 0)
  }
  writer.end()
}
