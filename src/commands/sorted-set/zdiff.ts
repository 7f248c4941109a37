/** ZDIFF. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { AlgebraForm } from './algebra-arguments.js'
import { computeAlgebra } from './algebra.js'

const FORM: AlgebraForm = { operation: 'difference', outcome: 'returned' }

/**
 * ZDIFF numkeys key [key …] [WITHSCORES]
 *
 * Errors: not an integer, or below 1 (numkeys); syntax; WRONGTYPE (a key holds neither a set nor a sorted set).
 */
export const zdiff = defineCommand({
  name: 'ZDIFF',
  summary: 'Returns the members of the first set that no other one has, sorted by score.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(L + (N-K)*log N) at worst, L = members of all sets, N = those of the first, K = those of the result',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData }],
  args: ['numkeys:integer', 'key:key multiple', 'withscores:pure-token token=WITHSCORES optional'],
  reply: 'array',

  run(call) {
    computeAlgebra(call, FORM, '')
  },
})
