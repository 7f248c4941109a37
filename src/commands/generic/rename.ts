/** RENAME. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { renameKey } from './rename-key.js'

/**
 * RENAME key newkey
 *
 * Errors:  no such key.
 * Effects: a key of the new name is replaced; the expiry time goes along; `rename_from`, `rename_to`; replicated as sent.
 */
export const rename = defineCommand({
  name: 'RENAME',
  summary: 'Gives a key another name, in place of any key that has it.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1), and O(N) to free what is replaced, N = its elements',
  arity: 3,
  flags: Flag.write,
  acl: ['keyspace'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.overwrite | Access.update },
  ],
  args: ['key:key', 'newkey:key'],
  reply: 'ok',

  run(call) {
    if (renameKey(call, true) !== undefined) call.reply.ok()
  },
})
