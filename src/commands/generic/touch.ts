/** TOUCH. */

import { Access, defineCommand, Flag } from '../../engine/command.js'

/** TOUCH key [key …]: notes the access even for clients with NO-TOUCH set. */
export const touch = defineCommand({
  name: 'TOUCH',
  summary: 'Marks keys as just used and counts how many of them there are.',
  since: '3.2.1',
  group: 'generic',
  complexity: 'O(N), N = keys to touch',
  arity: -2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly }],
  args: ['key:key multiple'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, starts } = call
    let count = 0
    for (let i = 1; i < call.argc; i++) if (database.lookupRead(bytes, starts[i]!, ends[i]!, true) !== 0) count++
    call.reply.integer(count)
  },
})
