/** LATENCY RESET. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { latencyMonitor } from '../../../introspection/latency-monitor.js'

/** LATENCY RESET [event …]: returns how many series were there to be dropped. */
export const latencyReset = defineCommand({
  name: 'RESET',
  summary: 'Drops the samples of some events, or of all.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: -2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: ['event:string optional multiple'],
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum'],
  reply: 'integer',

  run(call) {
    const monitor = call.store.services.get(latencyMonitor)
    if (call.argc === 2) return call.reply.integer(monitor.reset())
    let count = 0
    for (let i = 2; i < call.argc; i++) count += monitor.reset(call.text(i))
    call.reply.integer(count)
  },
})
