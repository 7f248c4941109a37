/** SMEMBERS. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * SMEMBERS key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const smembers = defineCommand({
  name: 'SMEMBERS',
  summary: 'Returns all members of a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N = members of the set',
  arity: 2,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  tips: ['nondeterministic_output_order'],
  reply: 'set',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.set(0)
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.open(entry)
    call.reply.set(view.size)
    view.rewind()
    while (view.next()) view.reply(call.reply)
  },
})
