/** ZREMRANGEBYRANK. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { RangeQuery } from './range-query.js'
import { removeRange } from './remove-range.js'

const query = new RangeQuery()

/**
 * ZREMRANGEBYRANK key start stop
 *
 * Errors:  not an integer; WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `zremrangebyrank`, then `del`; replicated as sent.
 */
export const zremrangebyrank = defineCommand({
  name: 'ZREMRANGEBYRANK',
  summary: 'Removes the members between two ranks.',
  since: '2.0.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members, M = members removed',
  arity: 4,
  flags: Flag.write,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'start:integer', 'stop:integer'],
  reply: 'integer',

  run(call) {
    if (!query.readRanks(call, 2)) return
    removeRange(call, 'zremrangebyrank', goToRange)
  },
})

function goToRange(view: ZsetView): number {
  if (!query.fitRanks(view.size)) return 0
  view.toRank(query.start)
  return query.stop - query.start + 1
}
