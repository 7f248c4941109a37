/** DBSIZE. */

import { defineCommand, Flag } from '../../engine/command.js'

/** DBSIZE: keys past their time count until they are deleted. */
export const dbsize = defineCommand({
  name: 'DBSIZE',
  summary: 'Counts the keys of the selected database.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.readOnly | Flag.fast,
  acl: ['keyspace'],
  tips: ['request_policy:all_shards', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    call.reply.integer(call.database.size)
  },
})
