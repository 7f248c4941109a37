/** ZREVRANGE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { type RangeForm, RangeKind } from './range-query.js'
import { replyRange } from './reply-range.js'

const FORM: RangeForm = { kind: RangeKind.rank, isReverse: true, stores: false }

/**
 * ZREVRANGE key start stop [WITHSCORES]
 *
 * Errors: syntax; not an integer; WRONGTYPE (key holds another type).
 */
export const zrevrange = defineCommand({
  name: 'ZREVRANGE',
  summary: 'Returns a part of a sorted set by rank, counted from the highest score down.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log N + M), N = members of the sorted set, M = members returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'start:integer', 'stop:integer', 'withscores:pure-token token=WITHSCORES optional'],
  deprecatedSince: '6.2.0',
  replacedBy: '`ZRANGE` with `REV`',
  docFlags: ['deprecated'],
  reply: 'array',

  run(call) {
    replyRange(call, FORM)
  },
})
