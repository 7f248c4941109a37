/** MSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { storePairs } from './storing.js'

/**
 * MSET key value [key value …]
 *
 * Errors:  wrong number of arguments (a key without value).
 * Effects: replaces values of any type; `set` for each key; replicated as sent.
 */
export const mset = defineCommand({
  name: 'MSET',
  summary: 'Stores strings at several keys in one atomic step.',
  since: '1.0.1',
  group: 'string',
  complexity: 'O(N), N = keys to set',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [{ at: 1, last: -1, step: 2, access: Access.overwrite | Access.update }],
  args: [{ name: 'data', type: 'block', isMultiple: true, args: ['key:key', 'value:string'] }],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    if ((call.argc & 1) === 0) return call.fail(ErrorReply.wrongArity(call.command.fullName))
    if (storePairs(call)) call.reply.ok()
  },
})
