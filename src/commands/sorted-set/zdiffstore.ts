/** ZDIFFSTORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { AlgebraForm } from './algebra-arguments.js'
import { computeAlgebra } from './algebra.js'

const FORM: AlgebraForm = { operation: 'difference', outcome: 'stored' }

/**
 * ZDIFFSTORE destination numkeys key [key …]
 *
 * Errors:  not an integer, or below 1 (numkeys); syntax; WRONGTYPE (a key holds neither a set nor a sorted set).
 * Effects: replaces the destination, whatever it held; an empty result deletes it. `zdiffstore`, or `del`; replicated as sent.
 */
export const zdiffstore = defineCommand({
  name: 'ZDIFFSTORE',
  summary: 'Stores the members of the first set that no other one has as a sorted set.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(L + (N-K)*log N) at worst, L = members of all sets, N = those of the first, K = those of the result',
  arity: -4,
  flags: Flag.write | Flag.denyOom,
  acl: ['sortedset'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.overwrite | Access.update },
    { at: 2, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData },
  ],
  args: ['destination:key', 'numkeys:integer', 'key:key multiple'],
  reply: 'integer',

  run(call) {
    computeAlgebra(call, FORM, 'zdiffstore')
  },
})
