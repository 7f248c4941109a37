/** LRANGE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { listLength, replyElements } from '../../keyspace/types/list.js'

/**
 * LRANGE key start stop
 *
 * Errors: not an integer (start, stop); WRONGTYPE (key holds another type).
 */
export const lrange = defineCommand({
  name: 'LRANGE',
  summary: 'Reads the elements from one index of a list to another, both included; negative ones count from the end.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(S + N), S = elements between the start and the nearer end, N = elements read',
  arity: 4,
  flags: Flag.readOnly,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'start:integer', 'stop:integer'],
  reply: 'array',

  run(call) {
    const { arena, reply } = call
    let start = call.integer(2)
    if (Number.isNaN(start)) return
    let stop = call.integer(3)
    if (Number.isNaN(stop)) return
    const entry = call.findRead(1)
    if (entry === 0) return reply.emptyArray()
    if (!call.hasType(entry, Type.list)) return

    const length = listLength(arena, entry)
    if (start < 0) start += length
    if (stop < 0) stop += length
    if (start < 0) start = 0
    if (stop >= length) stop = length - 1
    if (start > stop) return reply.emptyArray()
    const count = stop - start + 1
    reply.array(count)
    replyElements(arena, entry, reply, start, count, false)
  },
})
