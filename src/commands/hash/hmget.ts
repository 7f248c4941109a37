/** HMGET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HMGET key field [field …]
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hmget = defineCommand({
  name: 'HMGET',
  summary: 'Returns the values of several fields of a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'field:string multiple'],
  reply: 'array',

  run(call) {
    const { argc, bytes, ends, reply, starts } = call
    const entry = call.findRead(1)
    if (entry !== 0 && !call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    if (entry !== 0) view.open(entry)
    reply.array(argc - 2)
    for (let i = 2; i < argc; i++) {
      if (entry !== 0 && view.find(bytes, starts[i]!, ends[i]!)) view.replyContent(reply)
      else reply.nil()
    }
  },
})
