/** ZCOUNT. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ScoreRange } from '../../keyspace/types/score-range.js'
import { parseScores } from './range-query.js'

const range = new ScoreRange()

/**
 * ZCOUNT key min max
 *
 * Errors: min or max not a float; WRONGTYPE (key holds another type).
 */
export const zcount = defineCommand({
  name: 'ZCOUNT',
  summary: 'Counts the members with a score in a range.',
  since: '2.0.0',
  group: 'sorted-set',
  complexity: 'O(log N), N = members',
  arity: 4,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'min:double', 'max:double'],
  reply: 'integer',

  run(call) {
    if (!parseScores(call, 2, 3, range)) return
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    call.reply.integer(view.countInScores(range))
  },
})
