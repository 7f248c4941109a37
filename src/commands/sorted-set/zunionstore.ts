/** ZUNIONSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { AlgebraForm } from './algebra-arguments.js'
import { computeAlgebra } from './algebra.js'

const FORM: AlgebraForm = { operation: 'union', outcome: 'stored' }

/**
 * ZUNIONSTORE destination numkeys key [key …] [WEIGHTS weight [weight …]] [AGGREGATE SUM|MIN|MAX]
 *
 * Errors:  not an integer, or below 1 (numkeys); syntax; weight not a float; WRONGTYPE (a key holds neither a set nor a sorted set).
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `zunionstore`, or `del`; replicated as sent.
 */
export const zunionstore = defineCommand({
  name: 'ZUNIONSTORE',
  summary: 'Stores the members that any of several sets has as a sorted set.',
  since: '2.0.0',
  group: 'sorted-set',
  complexity: 'O(N + M*log M), N = members of all sets, M = members of the result',
  arity: -4,
  flags: Flag.write | Flag.denyOom,
  acl: ['sortedset'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 2, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData },
  ],
  args: [
    'destination:key',
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
  ],
  reply: 'integer',

  run(call) {
    computeAlgebra(call, FORM, 'zunionstore')
  },
})
