/** ZRANK. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyRank } from './reply-rank.js'

/**
 * ZRANK key member [WITHSCORE]
 *
 * Errors: wrong number of arguments; syntax; WRONGTYPE (key holds another type).
 */
export const zrank = defineCommand({
  name: 'ZRANK',
  summary: 'Returns how many members are in front of a member, and its score if asked.',
  since: '2.0.0',
  group: 'sorted-set',
  complexity: 'O(log N), N = members',
  arity: -3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'member:string', 'withscore:pure-token token=WITHSCORE optional'],
  history: [['7.2.0', 'Takes WITHSCORE.']],
  reply: 'integer|array|nil|nil-array',

  run(call) {
    replyRank(call, false)
  },
})
