/** ZINCRBY. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { addGeneric } from './add-scores.js'

/**
 * ZINCRBY key increment member
 *
 * Errors:  syntax (options of ZADD, which it takes as such); not a float (increment); WRONGTYPE (key holds another type); NaN
 *          score (opposite infinities).
 * Effects: creates key and member on demand; `zincr` when the score changed; replicated as sent.
 */
export const zincrby = defineCommand({
  name: 'ZINCRBY',
  summary: "Moves a member's score up or down and returns where it is then.",
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log N), N = members',
  arity: 4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'increment:integer', 'member:string'],
  reply: 'double|nil',

  run(call) {
    addGeneric(call, true)
  },
})
