/** ZINTERCARD. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { countIntersection } from './algebra.js'

/**
 * ZINTERCARD numkeys key [key …] [LIMIT limit]
 *
 * Errors: not an integer, or below 1 (numkeys); syntax; limit negative; WRONGTYPE (a key holds neither a set nor a sorted set).
 */
export const zintercard = defineCommand({
  name: 'ZINTERCARD',
  summary: 'Counts the members that all of several sets have.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity: 'O(N*K) at worst, N = members of the smallest set, K = sets',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData }],
  args: ['numkeys:integer', 'key:key multiple', 'limit:integer token=LIMIT optional'],
  reply: 'integer',

  run(call) {
    countIntersection(call)
  },
})
