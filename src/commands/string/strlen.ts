/** STRLEN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { stringLength } from '../../keyspace/types/string.js'

/**
 * STRLEN key
 *
 * Errors: WRONGTYPE (key holds another type). A missing key is 0 bytes long.
 */
export const strlen = defineCommand({
  name: 'STRLEN',
  summary: 'Returns how many bytes the string at a key has.',
  since: '2.2.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (call.hasType(entry, Type.string)) call.reply.integer(stringLength(call.arena, entry))
  },
})
