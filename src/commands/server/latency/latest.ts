/** LATENCY LATEST. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { latencyMonitor } from '../../../introspection/latency-monitor.js'

/** LATENCY LATEST: for each event its name, the time and ms of the latest sample, and the worst ms of all time. */
export const latencyLatest = defineCommand({
  name: 'LATEST',
  summary: 'Returns the latest sample of each event.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  reply: 'unordered',

  run({ reply, store }) {
    const { series } = store.services.get(latencyMonitor)
    reply.array(series.size)
    for (const [event, { latest, worstMs }] of series) {
      reply.array(4)
      reply.bulkText(event)
      reply.integer(latest.timeSeconds)
      reply.integer(latest.milliseconds)
      reply.integer(worstMs)
    }
  },
})
