/** BZPOPMIN. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { popOrWait } from './blocking-pop.js'

/**
 * BZPOPMIN key [key …] timeout
 *
 * Errors:  time-out not a float, negative or out of range; WRONGTYPE (the first key that exists holds another type).
 * Effects: those of ZPOPMIN, as which it is replicated.
 */
export const bzpopmin = defineCommand({
  name: 'BZPOPMIN',
  summary:
    'Takes the member with the lowest score out of the first sorted set that has any; waits for one if none has.',
  since: '5.0.0',
  group: 'sorted-set',
  complexity: 'O(log N), N = members',
  arity: -3,
  flags: Flag.write | Flag.fast | Flag.blocking,
  acl: ['sortedset'],
  keys: [{ at: 1, last: -2, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key multiple', 'timeout:double'],
  history: [['6.0.0', 'The time-out is a double, it was an integer.']],
  reply: 'array|nil-array',

  run(call) {
    const deadlineMs = deadlineFromSeconds(call, call.argc - 1)
    if (!Number.isNaN(deadlineMs)) popOrWait(call, 1, call.argc - 2, false, 0, deadlineMs)
  },
})
