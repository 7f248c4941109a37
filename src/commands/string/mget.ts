/** MGET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type, typeOf } from '../../keyspace/entry.js'
import { replyString } from '../../keyspace/types/string.js'

/**
 * MGET key [key …]
 *
 * A key that is missing or holds another type shows as nil.
 */
export const mget = defineCommand({
  name: 'MGET',
  summary: 'Returns the strings stored at several keys.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(N), N = keys to get',
  arity: -2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key multiple'],
  tips: ['request_policy:multi_shard'],
  reply: 'array',

  run(call) {
    const { arena, argc, reply } = call
    reply.array(argc - 1)
    for (let i = 1; i < argc; i++) {
      call.lookAhead(i, 1)
      const entry = call.findRead(i)
      if (entry !== 0 && typeOf(arena, entry) === Type.string) replyString(arena, entry, reply)
      else reply.nil()
    }
  },
})
