/** HGET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HGET key field
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hget = defineCommand({
  name: 'HGET',
  summary: 'Returns the value of a field of a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'field:string'],
  reply: 'bulk|nil',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    if (view.find(call.bytes, call.starts[2]!, call.ends[2]!)) view.replyContent(call.reply)
    else call.reply.nil()
  },
})
