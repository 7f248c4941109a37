/** BRPOPLPUSH. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { moveOrWait } from './blocking-move.js'

/**
 * BRPOPLPUSH source destination timeout
 *
 * Errors:  time-out not a float, negative or out of range; WRONGTYPE (either key holds another type).
 * Effects: those of RPOPLPUSH, as which it is replicated.
 */
export const brpoplpush = defineCommand({
  name: 'BRPOPLPUSH',
  summary: 'Moves the last element of a list to the head of another; waits for one if there is none.',
  since: '2.2.0',
  group: 'list',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom | Flag.blocking,
  acl: ['list'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert },
  ],
  args: ['source:key', 'destination:key', 'timeout:double'],
  history: [['6.0.0', 'The time-out is a double, it was an integer.']],
  deprecatedSince: '6.2.0',
  replacedBy: '`BLMOVE` with the `RIGHT` and `LEFT` arguments',
  docFlags: ['deprecated'],
  reply: 'bulk|nil|nil-array',

  run(call) {
    const deadlineMs = deadlineFromSeconds(call, 3)
    if (!Number.isNaN(deadlineMs)) moveOrWait(call, false, true, deadlineMs, 'RPOPLPUSH', 3)
  },
})
