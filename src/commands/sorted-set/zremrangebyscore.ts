/** ZREMRANGEBYSCORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ScoreRange } from '../../keyspace/types/score-range.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { parseScores } from './range-query.js'
import { removeRange } from './remove-range.js'

const range = new ScoreRange()

/**
 * ZREMRANGEBYSCORE key min max
 *
 * Errors:  min or max not a float; WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `zremrangebyscore`, then `del`; replicated as sent.
 */
export const zremrangebyscore = defineCommand({
  name: 'ZREMRANGEBYSCORE',
  summary: 'Removes the members with a score in a range.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members, M = members removed',
  arity: 4,
  flags: Flag.write,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'min:double', 'max:double'],
  reply: 'integer',

  run(call) {
    if (!parseScores(call, 2, 3, range)) return
    removeRange(call, 'zremrangebyscore', goToRange)
  },
})

function goToRange(view: ZsetView): number {
  const count = view.countInScores(range)
  return count !== 0 && view.toFirstInScores(range) ? count : 0
}
