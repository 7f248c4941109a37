/** HSETNX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { setFieldsOf } from './set-fields.js'

/**
 * HSETNX key field value
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: creates the key on demand; `hset` if the field was missing; replicated as sent.
 */
export const hsetnx = defineCommand({
  name: 'HSETNX',
  summary: 'Sets a field of a hash unless it is there already.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'field:string', 'value:string'],
  reply: 'integer',

  run(call) {
    const entry = call.findWrite(1)
    if (entry !== 0) {
      if (!call.hasType(entry, Type.hash)) return
      const { view } = call.keyspace.hashes
      view.open(entry)
      if (view.has(call.bytes, call.starts[2]!, call.ends[2]!)) return call.reply.integer(0)
    }
    if (setFieldsOf(call, entry) >= 0) call.reply.integer(1)
  },
})
