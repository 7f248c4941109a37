/** Puts the list type into a store, with its configuration, and the figures about clients that wait for lists and the like. */

import type { Store } from '../engine/store.js'
import { infoFigures } from '../introspection/info/figures.js'
import { Type } from '../keyspace/entry.js'
import { ListOwner } from '../keyspace/types/list.js'

export function provideLists(store: Store): void {
  const { config, keyspace } = store
  keyspace.registerOwner(Type.list, new ListOwner(keyspace.arena))
  const apply = (): undefined => {
    keyspace.lists.fill = config.values['list-max-listpack-size']
    keyspace.lists.depth = Math.min(config.values['list-compress-depth'], DEPTH_MAX)
    return undefined
  }
  apply()
  config.onChange(['list-max-listpack-size', 'list-compress-depth'], apply)
}

/** Deeper makes no difference to any list, and is what the reference keeps. */
const DEPTH_MAX = 0xffff

export function provideBlocking(store: Store): void {
  const figures = store.services.get(infoFigures)
  const { blocking } = store
  figures.supply('clients_in_timeout_table', () => blocking.timedCount)
  figures.supply('total_blocking_keys', () => blocking.keyCount)
  figures.supply('total_blocking_keys_on_nokey', () => blocking.mindfulKeyCount)
}
