/** HGETALL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HGETALL key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hgetall = defineCommand({
  name: 'HGETALL',
  summary: 'Returns all fields of a hash with their values.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields of the hash',
  arity: 2,
  flags: Flag.readOnly,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  tips: ['nondeterministic_output_order'],
  reply: 'map',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.map(0)
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    call.reply.map(view.size)
    view.replyAll(call.reply, true, true)
  },
})
