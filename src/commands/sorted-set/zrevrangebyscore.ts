/** ZREVRANGEBYSCORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { replyRange } from './reply-range.js'

const FORM: RangeForm = { kind: RangeKind.score, isReverse: true, stores: false }

/**
 * ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]
 *
 * Errors: syntax; not an integer (LIMIT); min or max not a float; WRONGTYPE (key holds another type).
 */
export const zrevrangebyscore = defineCommand({
  name: 'ZREVRANGEBYSCORE',
  summary: 'Returns the members with a score in a range, from the highest score down.',
  since: '2.2.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'max:double',
    'min:double',
    'withscores:pure-token token=WITHSCORES optional',
    { name: 'limit', type: 'block', token: 'LIMIT', isOptional: true, args: ['offset:integer', 'count:integer'] },
  ],
  history: [['2.1.6', 'Either end of the range can be exclusive.']],
  deprecatedSince: '6.2.0',
  replacedBy: '`ZRANGE` with `REV` and `BYSCORE`',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    replyRange(call, FORM)
  },
})
