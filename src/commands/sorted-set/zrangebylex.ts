/** ZRANGEBYLEX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { replyRange } from './reply-range.js'

const FORM: RangeForm = { kind: RangeKind.lex, isReverse: false, stores: false }

/**
 * ZRANGEBYLEX key min max [LIMIT offset count]
 *
 * Errors: syntax; WITHSCORES; not an integer (LIMIT); min or max not a valid string range item; WRONGTYPE (key holds another type).
 */
export const zrangebylex = defineCommand({
  name: 'ZRANGEBYLEX',
  summary: 'Returns the members of a lexicographic range, where all scores are equal.',
  since: '2.8.9',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'min:string',
    'max:string',
    { name: 'limit', type: 'block', token: 'LIMIT', isOptional: true, args: ['offset:integer', 'count:integer'] },
  ],
  deprecatedSince: '6.2.0',
  replacedBy: '`ZRANGE` with `BYLEX`',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    replyRange(call, FORM)
  },
})
