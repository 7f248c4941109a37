/** SDIFF. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { buildDifference, openSets } from './algebra.js'
import { replyResult } from './store-result.js'

/**
 * SDIFF key [key …]
 *
 * Errors: WRONGTYPE (a key holds another type).
 */
export const sdiff = defineCommand({
  name: 'SDIFF',
  summary: 'Returns the members of a set that no other of several sets has.',
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
    replyResult(call, target, buildDifference(sets, target))
  },
})
