/** EXPIRETIME. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyExpiry } from './reply-expiry.js'

/** EXPIRETIME key: -1 when it has no expiry time, -2 when there is no such key. */
export const expiretime = defineCommand({
  name: 'EXPIRETIME',
  summary: 'Tells the Unix time in seconds at which a key expires.',
  since: '7.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    replyExpiry(call, true, false)
  },
})
