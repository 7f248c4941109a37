/** SCARD. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * SCARD key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const scard = defineCommand({
  name: 'SCARD',
  summary: 'Returns the number of members of a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.open(entry)
    call.reply.integer(view.size)
  },
})
