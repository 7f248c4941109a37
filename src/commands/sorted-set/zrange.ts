/** ZRANGE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { replyRange } from './reply-range.js'

const FORM: RangeForm = { kind: RangeKind.unknown, isReverse: undefined, stores: false }

/**
 * ZRANGE key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
 *
 * With REV, ranks count from the end, and scores and members are given as stop and start.
 *
 * Errors: syntax; LIMIT with ranks, or WITHSCORES with BYLEX; not an integer (ranks, LIMIT); min or max not a float, or not a valid
 *         string range item; WRONGTYPE (key holds another type).
 */
export const zrange = defineCommand({
  name: 'ZRANGE',
  summary: 'Returns a part of a sorted set, by rank, score or member.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'start:string',
    'stop:string',
    {
      name: 'sortby',
      type: 'oneof',
      isOptional: true,
      since: '6.2.0',
      args: ['byscore:pure-token token=BYSCORE', 'bylex:pure-token token=BYLEX'],
    },
    'rev:pure-token token=REV optional since=6.2.0',
    {
      name: 'limit',
      type: 'block',
      token: 'LIMIT',
      isOptional: true,
      since: '6.2.0',
      args: ['offset:integer', 'count:integer'],
    },
    'withscores:pure-token token=WITHSCORES optional',
  ],
  history: [['6.2.0', 'Knows REV, BYSCORE, BYLEX and LIMIT.']],
  reply: 'array',

  run(call) {
    replyRange(call, FORM)
  },
})
