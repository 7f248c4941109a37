/** ZPOPMIN. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { popGeneric } from './pop-scores.js'

/**
 * ZPOPMIN key [count]
 *
 * A count makes pairs of the reply in RESP3.
 *
 * Errors:  syntax; value out of range (a count that is no integer, or negative); WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `zpopmin`, then `del`; replicated as sent.
 */
export const zpopmin = defineCommand({
  name: 'ZPOPMIN',
  summary: 'Takes the members with the lowest scores out of a sorted set and returns them.',
  since: '5.0.0',
  group: 'sorted-set',
  complexity: 'O(M*log N), N = members, M = members taken',
  arity: -2,
  flags: Flag.write | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key', 'count:integer optional'],
  reply: 'array',

  run(call) {
    popGeneric(call, false)
  },
})
