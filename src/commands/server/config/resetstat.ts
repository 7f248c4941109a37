/** CONFIG RESETSTAT. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { infoFigures } from '../../../introspection/info/figures.js'

/** CONFIG RESETSTAT: zeroes counters, command statistics, error counts and latency histograms. */
export const configResetstat = defineCommand({
  name: 'RESETSTAT',
  summary: 'Starts the statistics of the server anew.',
  since: '2.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    call.store.resetStatistics()
    call.store.services.get(infoFigures).rates.reset()
    call.reply.ok()
  },
})
