/** PTTL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { replyExpiry } from './reply-expiry.js'

/** PTTL key: -1 when it has no expiry time, -2 when there is no such key. */
export const pttl = defineCommand({
  name: 'PTTL',
  summary: 'Tells in how many milliseconds a key expires.',
  since: '2.6.0',
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
    replyExpiry(call, false, true)
  },
})
