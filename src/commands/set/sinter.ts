/** SINTER. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { bySize, hasMissing, openSets, replyIntersection } from './algebra.js'

/**
 * SINTER key [key …]
 *
 * Errors: WRONGTYPE (a key holds another type).
 */
export const sinter = defineCommand({
  name: 'SINTER',
  summary: 'Returns the members that all of several sets have.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N*M) at worst, N = members of the smallest set, M = sets',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key multiple'],
  tips: ['nondeterministic_output_order'],
  reply: 'set',

  run(call) {
    const { reply } = call
    const sets = openSets(call, 1, call.argc)
    if (sets === undefined) return
    if (hasMissing(sets)) return reply.set(0)
    replyIntersection(bySize(sets), reply)
  },
})
