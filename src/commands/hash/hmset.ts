/** HMSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { setFields } from './set-fields.js'

/**
 * HMSET key field value [field value …]
 *
 * As HSET, with another reply.
 */
export const hmset = defineCommand({
  name: 'HMSET',
  summary: 'Sets fields of a hash and confirms it.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key', { name: 'data', type: 'block', isMultiple: true, args: ['field:string', 'value:string'] }],
  reply: 'ok',
  deprecatedSince: '4.0.0',
  replacedBy: '`HSET` with multiple field-value pairs',
  docFlags: ['deprecated'],

  run(call) {
    if (call.argc % 2 === 1) return call.fail(ErrorReply.wrongArity('hmset'))
    if (setFields(call) >= 0) call.reply.ok()
  },
})
