/** MSETNX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { storePairs } from './storing.js'

/**
 * MSETNX key value [key value …]
 *
 * Errors:  wrong number of arguments (a key without value).
 * Effects: none, and a reply of 0, if any of the keys is there; else `set` for each key; replicated as sent.
 */
export const msetnx = defineCommand({
  name: 'MSETNX',
  summary: 'Stores strings at several keys in one atomic step, provided that none of the keys is taken.',
  since: '1.0.1',
  group: 'string',
  complexity: 'O(N), N = keys to set',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [{ at: 1, last: -1, step: 2, access: Access.overwrite | Access.insert }],
  args: [{ name: 'data', type: 'block', isMultiple: true, args: ['key:key', 'value:string'] }],
  reply: 'integer',

  run(call) {
    if ((call.argc & 1) === 0) return call.fail(ErrorReply.wrongArity(call.command.fullName))
    for (let i = 1; i < call.argc; i += 2) if (call.findWrite(i) !== 0) return call.reply.integer(0)
    if (storePairs(call)) call.reply.integer(1)
  },
})
