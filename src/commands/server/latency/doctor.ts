/** LATENCY DOCTOR. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { latencyMonitor } from '../../../introspection/latency-monitor.js'
import { latencyReport } from '../../../introspection/latency-monitor-report.js'

/** LATENCY DOCTOR */
export const latencyDoctor = defineCommand({
  name: 'DOCTOR',
  summary: 'Reports in words what held the server up, and what may help.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  reply: 'verbatim',

  run({ reply, store }) {
    reply.verbatim('txt', latencyReport(store.services.get(latencyMonitor), store.config.values))
  },
})
