/** SUNION. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { buildUnion, openSets } from './algebra.js'
import { replyResult } from './store-result.js'

/**
 * SUNION key [key …]
 *
 * Errors: WRONGTYPE (a key holds another type).
 */
export const sunion = defineCommand({
  name: 'SUNION',
  summary: 'Returns the members that any of several sets has.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N = members of all sets',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key multiple'],
  tips: ['nondeterministic_output_order'],
  reply: 'set',

  run(call) {
    const sets = openSets(call, 1, call.argc)
    if (sets === undefined) return
    const { target } = call.keyspace.sets
    replyResult(call, target, buildUnion(sets, target))
  },
})
