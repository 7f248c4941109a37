/** SLOWLOG LEN. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { slowlogService } from '../../../introspection/slowlog.js'

/** SLOWLOG LEN */
export const slowlogLen = defineCommand({
  name: 'LEN',
  summary: 'Returns how many entries the slow log has.',
  since: '2.2.12',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.admin | Flag.loading | Flag.stale,
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  reply: 'integer',

  run({ reply, store }) {
    reply.integer(store.services.get(slowlogService).length)
  },
})
