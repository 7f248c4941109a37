/** ZLEXCOUNT. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { LexRange } from '../../keyspace/types/score-range.js'
import { parseLex } from './range-query.js'

const range = new LexRange()

/**
 * ZLEXCOUNT key min max
 *
 * Errors: min or max not a valid string range item; WRONGTYPE (key holds another type).
 */
export const zlexcount = defineCommand({
  name: 'ZLEXCOUNT',
  summary: 'Counts the members in a lexicographic range, where all scores are equal.',
  since: '2.8.9',
  group: 'sorted-set',
  complexity: 'O(log N), N = members',
  arity: 4,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'min:string', 'max:string'],
  reply: 'integer',

  run(call) {
    if (!parseLex(call, 2, 3, range)) return
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    call.reply.integer(view.countInLex(range))
  },
})
