/** ZREMRANGEBYLEX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { LexRange } from '../../keyspace/types/score-range.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { parseLex } from './range-query.js'
import { removeRange } from './remove-range.js'

const range = new LexRange()

/**
 * ZREMRANGEBYLEX key min max
 *
 * Errors:  min or max not a valid string range item; WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `zremrangebylex`, then `del`; replicated as sent.
 */
export const zremrangebylex = defineCommand({
  name: 'ZREMRANGEBYLEX',
  summary: 'Removes the members of a lexicographic range, where all scores are equal.',
  since: '2.8.9',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members, M = members removed',
  arity: 4,
  flags: Flag.write,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'min:string', 'max:string'],
  reply: 'integer',

  run(call) {
    if (!parseLex(call, 2, 3, range)) return
    removeRange(call, 'zremrangebylex', goToRange)
  },
})

/** Where scores differ, so many as follow one another in the range. */
function goToRange(view: ZsetView): number {
  let count = 0
  for (let isIn = view.toFirstInLex(range); isIn; isIn = view.next() && view.isBelowMaxOf(range)) count++
  if (count !== 0) view.toFirstInLex(range)
  return count
}
