/** HSTRLEN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * HSTRLEN key field
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const hstrlen = defineCommand({
  name: 'HSTRLEN',
  summary: 'Returns the length of the value of a field of a hash.',
  since: '3.2.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key', 'field:string'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    if (!view.find(call.bytes, call.starts[2]!, call.ends[2]!)) return call.reply.integer(0)
    if (view.content.isInteger) view.content.spellInteger()
    call.reply.integer(view.content.length)
  },
})
