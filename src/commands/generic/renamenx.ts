/** RENAMENX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { renameKey } from './rename-key.js'

/**
 * RENAMENX key newkey: 0 when the new name is taken, also by the key itself.
 *
 * Errors:  no such key.
 * Effects: the expiry time goes along; `rename_from`, `rename_to`; replicated as sent.
 */
export const renamenx = defineCommand({
  name: 'RENAMENX',
  summary: 'Gives a key another name, unless that is taken.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.overwrite | Access.insert },
  ],
  args: ['key:key', 'newkey:key'],
  history: [['3.2.0', 'A new name that is the old one is no error any more.']],
  reply: 'integer',

  run(call) {
    const isRenamed = renameKey(call, false)
    if (isRenamed !== undefined) call.reply.integer(isRenamed ? 1 : 0)
  },
})
