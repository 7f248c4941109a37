/** BLPOP. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { popOrWait } from './blocking-pop.js'

/**
 * BLPOP key [key …] timeout
 *
 * Errors:  time-out not a float, negative or out of range; WRONGTYPE (the first key that exists holds another type).
 * Effects: those of LPOP, as which it is replicated.
 */
export const blpop = defineCommand({
  name: 'BLPOP',
  summary: 'Takes the first element of the first list that has any; waits for one if none has.',
  since: '2.0.0',
  group: 'list',
  complexity: 'O(N), N = keys',
  arity: -3,
  flags: Flag.write | Flag.blocking,
  acl: ['list'],
  keys: [{ at: 1, last: -2, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key multiple', 'timeout:double'],
  history: [['6.0.0', 'The time-out is a double, it was an integer.']],
  reply: 'array|nil-array',

  run(call) {
    const deadlineMs = deadlineFromSeconds(call, call.argc - 1)
    if (!Number.isNaN(deadlineMs)) popOrWait(call, 1, call.argc - 2, true, 0, deadlineMs)
  },
})
