/** ZADD. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { addGeneric } from './add-scores.js'

/**
 * ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member …]
 *
 * Errors:  syntax; options that exclude each other; not a float (score); WRONGTYPE (key holds another type); NaN score (INCR with
 *          opposite infinities). The sorted set is left untouched then.
 * Effects: creates the key on demand; `zadd`, or `zincr` with INCR, when something changed; replicated as sent.
 */
export const zadd = defineCommand({
  name: 'ZADD',
  summary: 'Adds members with scores to a sorted set, or moves the scores of those it has.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log N) for each member, N = members of the sorted set',
  arity: -4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: [
    'key:key',
    {
      name: 'condition',
      type: 'oneof',
      isOptional: true,
      since: '3.0.2',
      args: ['nx:pure-token token=NX', 'xx:pure-token token=XX'],
    },
    {
      name: 'comparison',
      type: 'oneof',
      isOptional: true,
      since: '6.2.0',
      args: ['gt:pure-token token=GT', 'lt:pure-token token=LT'],
    },
    'change:pure-token token=CH optional since=3.0.2',
    'increment:pure-token token=INCR optional since=3.0.2',
    { name: 'data', type: 'block', isMultiple: true, args: ['score:double', 'member:string'] },
  ],
  history: [
    ['2.4.0', 'Takes several members.'],
    ['3.0.2', 'Knows XX, NX, CH and INCR.'],
    ['6.2.0', 'Knows GT and LT.'],
  ],
  reply: 'integer|double|nil',

  run(call) {
    addGeneric(call, false)
  },
})
