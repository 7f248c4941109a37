/** ZMSCORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * ZMSCORE key member [member …]
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const zmscore = defineCommand({
  name: 'ZMSCORE',
  summary: 'Returns the scores of several members.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(N), N = members given',
  arity: -3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'member:string multiple'],
  reply: 'array',

  run(call) {
    const { argc, bytes, ends, reply, starts } = call
    const entry = call.findRead(1)
    if (entry !== 0 && !call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    if (entry !== 0) view.open(entry)
    reply.array(argc - 2)
    for (let i = 2; i < argc; i++) {
      if (entry !== 0 && view.find(bytes, starts[i]!, ends[i]!)) reply.double(view.score)
      else reply.nil()
    }
  },
})
