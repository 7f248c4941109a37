/** SMISMEMBER. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'

/**
 * SMISMEMBER key member [member …]
 *
 * Errors: WRONGTYPE (key holds another type).
 */
export const smismember = defineCommand({
  name: 'SMISMEMBER',
  summary: 'Tells of each of several members whether a set has it.',
  since: '6.2.0',
  group: 'set',
  complexity: 'O(N), N = members given',
  arity: -3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'member:string multiple'],
  reply: 'array',

  run(call) {
    const { argc, bytes, ends, reply, starts } = call
    const entry = call.findRead(1)
    if (entry !== 0 && !call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    if (entry !== 0) view.open(entry)
    reply.array(argc - 2)
    for (let i = 2; i < argc; i++) reply.integer(entry !== 0 && view.has(bytes, starts[i]!, ends[i]!) ? 1 : 0)
  },
})
