/** ZSCORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * ZSCORE key member
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const zscore = defineCommand({
  name: 'ZSCORE',
  summary: 'Returns the score of a member.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'member:string'],
  reply: 'double|nil',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    if (view.find(call.bytes, call.starts[2]!, call.ends[2]!)) call.reply.double(view.score)
    else call.reply.nil()
  },
})
