/** ZINTER. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { AlgebraForm } from './algebra-arguments.js'
import { computeAlgebra } from './algebra.js'

const FORM: AlgebraForm = { operation: 'intersection', outcome: 'returned' }

/**
 * ZINTER numkeys key [key …] [WEIGHTS weight [weight …]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
 *
 * Errors: not an integer, or below 1 (numkeys); syntax; weight not a float; WRONGTYPE (a key holds neither a set nor a sorted set).
 */
export const zinter = defineCommand({
  name: 'ZINTER',
  summary: 'Returns the members that all of several sets have, sorted by score.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(N*K + M*log M), N = members of the smallest set, K = sets, M = members of the result',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData }],
  args: [
    'numkeys:integer',
    'key:key multiple',
    'weight:integer token=WEIGHTS optional multiple',
    {
      name: 'aggregate',
      type: 'oneof',
      token: 'AGGREGATE',
      isOptional: true,
      args: ['sum:pure-token token=SUM', 'min:pure-token token=MIN', 'max:pure-token token=MAX'],
    },
    'withscores:pure-token token=WITHSCORES optional',
  ],
  reply: 'array',

  run(call) {
    computeAlgebra(call, FORM, '')
  },
})
