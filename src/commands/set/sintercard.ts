/** SINTERCARD. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { bySize, hasMissing, nextCommon, openSets } from './algebra.js'

const LIMIT = latin1Bytes('limit')

/**
 * SINTERCARD numkeys key [key …] [LIMIT limit]
 *
 * Errors: numkeys not positive, or more than there are keys; syntax; limit negative; WRONGTYPE (a key holds another type).
 */
export const sintercard = defineCommand({
  name: 'SINTERCARD',
  summary: 'Counts the members that all of several sets have.',
  since: '7.0.0',
  group: 'set',
  complexity: 'O(N*M) at worst, N = members of the smallest set, M = sets',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readOnly | Access.returnsData }],
  args: ['numkeys:integer', 'key:key multiple', 'limit:integer token=LIMIT optional'],
  reply: 'integer',

  run(call) {
    const keys = call.parseInteger(1)
    if (!(keys > 0)) return call.fail(ErrorReply.numkeysNotPositive)
    if (keys > call.argc - 2) return call.fail(ErrorReply.tooManyKeys)
    const limit = readLimit(call, 2 + keys)
    if (Number.isNaN(limit)) return
    const sets = openSets(call, 2, 2 + keys)
    if (sets === undefined) return
    if (hasMissing(sets)) return call.reply.integer(0)
    const views = bySize(sets)
    let count = 0
    while (count < limit && nextCommon(views)) count++
    call.reply.integer(count)
  },
})

/** The limit among the options, Infinity for none; NaN, with the error replied, when they are no good. */
function readLimit(call: Call, first: number): number {
  let limit = 0
  for (let i = first; i < call.argc; i += 2) {
    if (!call.is(i, LIMIT) || i + 1 === call.argc) {
      call.fail(ErrorReply.syntax)
      return NaN
    }
    limit = call.parseInteger(i + 1)
    if (limit >= 0) continue
    call.fail(ErrorReply.limitNegative)
    return NaN
  }
  return limit === 0 ? Infinity : limit
}
