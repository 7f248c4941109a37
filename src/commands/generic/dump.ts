/** DUMP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { valueCodec } from '../../persistence/rdb/value-codec.js'

/**
 * DUMP key
 *
 * The payload has the form of `rdb-version`. Neither the expiry time nor the access clock is part of it.
 */
export const dump = defineCommand({
  name: 'DUMP',
  summary: "Returns a key's value as bytes that RESTORE takes back.",
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(N*M) to write it out, N = elements, M = their average size; strings O(M)',
  arity: 2,
  flags: Flag.readOnly,
  acl: ['keyspace'],
  tips: ['nondeterministic_output'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  reply: 'bulk|nil',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    const { bytes, length } = call.store.services.get(valueCodec).dump(entry)
    call.reply.bulk(bytes, 0, length)
  },
})
