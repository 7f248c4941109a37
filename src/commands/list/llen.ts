/** LLEN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { listLength } from '../../keyspace/types/list.js'

/**
 * LLEN key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const llen = defineCommand({
  name: 'LLEN',
  summary: 'Counts the elements of a list.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (call.hasType(entry, Type.list)) call.reply.integer(listLength(call.arena, entry))
  },
})
