/** BLMOVE. */

import { deadlineFromSeconds } from '../../engine/blocking-timeout.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { moveOrWait } from './blocking-move.js'
import { endArgument, endSpec } from './ends.js'

/**
 * BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout
 *
 * Errors:  syntax error; time-out not a float, negative or out of range; WRONGTYPE (either key holds another type).
 * Effects: those of LMOVE, as which it is replicated.
 */
export const blmove = defineCommand({
  name: 'BLMOVE',
  summary: 'Moves an element from an end of one list to an end of another; waits for one if there is none.',
  since: '6.2.0',
  group: 'list',
  complexity: 'O(1)',
  arity: 6,
  flags: Flag.write | Flag.denyOom | Flag.blocking,
  acl: ['list'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert },
  ],
  args: ['source:key', 'destination:key', endSpec('wherefrom'), endSpec('whereto'), 'timeout:double'],
  reply: 'bulk|nil|nil-array',

  run(call) {
    const from = endArgument(call, 3)
    if (from < 0) return
    const to = endArgument(call, 4)
    if (to < 0) return
    const deadlineMs = deadlineFromSeconds(call, 5)
    if (!Number.isNaN(deadlineMs)) moveOrWait(call, from === 1, to === 1, deadlineMs, 'LMOVE', 5)
  },
})
