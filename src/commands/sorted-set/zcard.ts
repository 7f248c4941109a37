/** ZCARD. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * ZCARD key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const zcard = defineCommand({
  name: 'ZCARD',
  summary: 'Counts the members of a sorted set.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    call.reply.integer(view.size)
  },
})
