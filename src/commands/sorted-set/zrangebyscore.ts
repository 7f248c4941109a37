/** ZRANGEBYSCORE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { replyRange } from './reply-range.js'

const FORM: RangeForm = { kind: RangeKind.score, isReverse: false, stores: false }

/**
 * ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]
 *
 * Errors: syntax; not an integer (LIMIT); min or max not a float; WRONGTYPE (key holds another type).
 */
export const zrangebyscore = defineCommand({
  name: 'ZRANGEBYSCORE',
  summary: 'Returns the members with a score in a range.',
  since: '1.0.5',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'min:double',
    'max:double',
    'withscores:pure-token token=WITHSCORES optional since=2.0.0',
    { name: 'limit', type: 'block', token: 'LIMIT', isOptional: true, args: ['offset:integer', 'count:integer'] },
  ],
  history: [['2.0.0', 'Takes WITHSCORES.']],
  deprecatedSince: '6.2.0',
  replacedBy: '`ZRANGE` with `BYSCORE`',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    replyRange(call, FORM)
  },
})
