/** LATENCY HISTORY. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { latencyMonitor } from '../../../introspection/latency-monitor.js'

/** LATENCY HISTORY event: pairs of time and ms, the oldest first; none for an event that has not been seen. */
export const latencyHistory = defineCommand({
  name: 'HISTORY',
  summary: 'Returns the samples of an event: when, and how long it took.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: ['event:string'],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  reply: 'array',

  run(call) {
    const samples = call.store.services.get(latencyMonitor).series.get(call.text(2))?.samples ?? []
    call.reply.array(samples.length)
    for (const { milliseconds, timeSeconds } of samples) {
      call.reply.array(2)
      call.reply.integer(timeSeconds)
      call.reply.integer(milliseconds)
    }
  },
})
