/** XLEN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'

/**
 * XLEN key
 *
 * Errors:  WRONGTYPE (key holds another type).
 */
export const xlen = defineCommand({
  name: 'XLEN',
  summary: 'Number of entries of a stream.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.stream)) return
    const { view } = call.keyspace.streams
    view.open(cellPointer(call.arena, entry))
    call.reply.integer(view.length)
  },
})
