/** HSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { setFields } from './set-fields.js'

/**
 * HSET key field value [field value …]
 *
 * Errors:  wrong number of arguments (a field without value); WRONGTYPE (key holds another type).
 * Effects: creates the key on demand; `hset`, always; replicated as sent.
 */
export const hset = defineCommand({
  name: 'HSET',
  summary: 'Sets fields of a hash, which is created when missing.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key', { name: 'data', type: 'block', isMultiple: true, args: ['field:string', 'value:string'] }],
  history: [['4.0.0', 'Takes several fields with their values.']],
  reply: 'integer',

  run(call) {
    if (call.argc % 2 === 1) return call.fail(ErrorReply.wrongArity('hset'))
    const added = setFields(call)
    if (added >= 0) call.reply.integer(added)
  },
})
