/** TTL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyExpiry } from './reply-expiry.js'

/** TTL key: -1 when it has no expiry time, -2 when there is no such key. */
export const ttl = defineCommand({
  name: 'TTL',
  summary: 'Tells in how many seconds a key expires.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  history: [['2.8.0', 'Gained the reply -2.']],
  tips: ['nondeterministic_output'],
  reply: 'integer',

  run(call) {
    replyExpiry(call, true, true)
  },
})
