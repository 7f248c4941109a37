/** Hands the limits of the compact encodings to the types that keep them, now and whenever they change. */

import type { Store } from '../engine/store.js'

export function watchCollectionLimits(store: Store): void {
  const { config, keyspace } = store
  const apply = (values: typeof config.values): undefined => {
    keyspace.hashes.listpackEntriesMax = values['hash-max-listpack-entries']
    keyspace.hashes.listpackValueMax = values['hash-max-listpack-value']
    keyspace.sets.intsetEntriesMax = values['set-max-intset-entries']
    keyspace.sets.listpackEntriesMax = values['set-max-listpack-entries']
    keyspace.sets.listpackValueMax = values['set-max-listpack-value']
    keyspace.streams.nodeBytesMax = values['stream-node-max-bytes']
    keyspace.streams.nodeEntriesMax = values['stream-node-max-entries']
    keyspace.zsets.listpackEntriesMax = values['zset-max-listpack-entries']
    keyspace.zsets.listpackValueMax = values['zset-max-listpack-value']
  }
  apply(config.values)
  config.onChange(
    ['hash-max-listpack-entries', 'hash-max-listpack-value', 'set-max-intset-entries', 'set-max-listpack-entries',
      'set-max-listpack-value', 'stream-node-max-bytes', 'stream-node-max-entries', 'zset-max-listpack-entries', 'zset-max-listpack-value'],
    apply,
  ) // prettier-ignore
}
