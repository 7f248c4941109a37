/** GET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { replyString } from '../../keyspace/types/string.js'

/**
 * GET key
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const get = defineCommand({
  name: 'GET',
  summary: 'Returns the string stored at a key.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  reply: 'bulk|nil',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.string)) return
    replyString(call.arena, entry, call.reply)
  },
})
