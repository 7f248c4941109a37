/** HLEN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HLEN key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hlen = defineCommand({
  name: 'HLEN',
  summary: 'Returns the number of fields of a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    call.reply.integer(view.size)
  },
})
