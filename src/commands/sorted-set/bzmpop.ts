/** BZMPOP. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type MultiplePop, parseMultiplePop } from '../list/multiple-pop-arguments.js'
import { popOrWait } from './blocking-pop.js'
import { endArgument, endSpec } from './ends.js'

const pop: MultiplePop = { first: 0, keys: 0, atHead: false, count: 0 }

/**
 * BZMPOP timeout numkeys key [key …] MIN|MAX [COUNT count]
 *
 * Errors:  numkeys or count not above 0; syntax; time-out not a float, negative or out of range; WRONGTYPE (the first key that
 *          exists holds another type).
 * Effects: those of ZMPOP; replicated as ZPOPMIN or ZPOPMAX with a count.
 */
export const bzmpop = defineCommand({
  name: 'BZMPOP',
  summary: 'Takes members from an end of the first sorted set that has any; waits for some if none has.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity: 'O(K + M*log N), K = keys, N = members, M = members taken',
  arity: -5,
  flags: Flag.write | Flag.blocking,
  acl: ['sortedset'],
  keys: [
    { at: 2, count: { index: 0, first: 1, step: 1 }, access: Access.readWrite | Access.returnsData | Access.delete },
  ],
  args: [
    'timeout:double',
    'numkeys:integer',
    'key:key multiple',
    endSpec('where'),
    'count:integer token=COUNT optional',
  ],
  reply: 'array|nil-array',

  run(call) {
    if (!parseMultiplePop(call, 2, pop, endArgument)) return
    const deadlineMs = deadlineFromSeconds(call, 1)
    if (!Number.isNaN(deadlineMs)) popOrWait(call, pop.first, pop.keys, !pop.atHead, pop.count, deadlineMs)
  },
})
