/** SETNX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { store } from './storing.js'

/**
 * SETNX key value
 *
 * Effects: none, and a reply of 0, if the key is there; else `set`; replicated as sent.
 */
export const setnx = defineCommand({
  name: 'SETNX',
  summary: 'Stores a string at a key that does not exist yet.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.overwrite | Access.insert }],
  args: ['key:key', 'value:string'],
  reply: 'integer',
  deprecatedSince: '2.6.12',
  replacedBy: '`SET` with `NX`',
  docFlags: ['deprecated'],

  run(call) {
    const entry = call.findWrite(1)
    if (entry !== 0) return call.reply.integer(0)
    if (store(call, entry, 2, NO_EXPIRY)) call.reply.integer(1)
  },
})
