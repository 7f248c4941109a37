/** EXISTS. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { findUntouched } from './lookup.js'

/** EXISTS key [key …]: a key named several times counts as often. */
export const exists = defineCommand({
  name: 'EXISTS',
  summary: 'Counts how many of the named keys there are.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(N), N = keys to look for',
  arity: -2,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly }],
  args: ['key:key multiple'],
  history: [['3.0.3', 'Takes several `key` arguments.']],
  tips: ['request_policy:multi_shard', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    let count = 0
    for (let i = 1; i < call.argc; i++) if (findUntouched(call, i) !== 0) count++
    call.reply.integer(count)
  },
})
