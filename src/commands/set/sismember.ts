/** SISMEMBER. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * SISMEMBER key member
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const sismember = defineCommand({
  name: 'SISMEMBER',
  summary: 'Tells whether a set has a member.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key', 'member:string'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.open(entry)
    call.reply.integer(view.has(call.bytes, call.starts[2]!, call.ends[2]!) ? 1 : 0)
  },
})
