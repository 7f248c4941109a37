/** XRANGE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyRange } from './range.js'

/**
 * XRANGE key start end [COUNT count]
 *
 * An id may be `-` or `+`; a `(` in front of one leaves it out. COUNT 0 gives nil.
 *
 * Errors:  not an id; nothing beyond an excluded one; not an integer (count); syntax; WRONGTYPE (key holds another type).
 */
export const xrange = defineCommand({
  name: 'XRANGE',
  summary: 'Entries of a stream between two ids, those included.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N + M), N = entries, M = entries returned',
  arity: -4,
  flags: Flag.readOnly,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'start:string', 'end:string', 'count:integer token=COUNT optional'],
  history: [['6.2.0', 'Ids can be left out of the range.']],
  reply: 'array|nil-array',

  run(call) {
    replyRange(call, false)
  },
})
