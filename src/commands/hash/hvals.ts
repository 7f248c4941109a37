/** HVALS. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HVALS key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hvals = defineCommand({
  name: 'HVALS',
  summary: 'Returns all values of a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields of the hash',
  arity: 2,
  flags: Flag.readOnly,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  tips: ['nondeterministic_output_order'],
  reply: 'array',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.emptyArray()
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    call.reply.array(view.size)
    view.rewind()
    while (view.next()) view.replyContent(call.reply)
  },
})
