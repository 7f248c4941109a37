/** SLOWLOG RESET. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { slowlogService } from '../../../introspection/slowlog.js'

/** SLOWLOG RESET */
export const slowlogReset = defineCommand({
  name: 'RESET',
  summary: 'Empties the slow log.',
  since: '2.2.12',
  group: 'server',
  complexity: 'O(N), N = entries',
  arity: 2,
  flags: Flag.admin | Flag.loading | Flag.stale,
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run({ reply, store }) {
    store.services.get(slowlogService).reset()
    reply.ok()
  },
})
