/** BLMPOP. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { popOrWait } from './blocking-pop.js'
import { endSpec } from './ends.js'
import { type MultiplePop, parseMultiplePop } from './multiple-pop-arguments.js'

const pop: MultiplePop = { first: 0, keys: 0, atHead: false, count: 0 }

/**
 * BLMPOP timeout numkeys key [key …] LEFT|RIGHT [COUNT count]
 *
 * Errors:  numkeys or count not above 0; syntax error; time-out not a float, negative or out of range;
 *          WRONGTYPE (the first key that exists holds another type).
 * Effects: those of LMPOP; replicated as LPOP or RPOP with a count.
 */
export const blmpop = defineCommand({
  name: 'BLMPOP',
  summary: 'Takes elements from an end of the first list that has any; waits for some if none has.',
  since: '7.0.0',
  group: 'list',
  complexity: 'O(N + M), N = keys, M = elements taken',
  arity: -5,
  flags: Flag.write | Flag.blocking,
  acl: ['list'],
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
    if (!parseMultiplePop(call, 2, pop)) return
    const deadlineMs = deadlineFromSeconds(call, 1)
    if (!Number.isNaN(deadlineMs)) popOrWait(call, pop.first, pop.keys, pop.atHead, pop.count, deadlineMs)
  },
})
