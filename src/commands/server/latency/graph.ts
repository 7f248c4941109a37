/** LATENCY GRAPH. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { latencyMonitor } from '../../../introspection/latency-monitor.js'
import { latencyGraph } from '../../../introspection/latency-monitor-graph.js'
import { ErrorReply } from '../../../protocol/errors.js'

/**
 * LATENCY GRAPH event
 *
 * Errors: no samples available for the event.
 */
export const latencyGraphCommand = defineCommand({
  name: 'GRAPH',
  summary: 'Draws the samples of an event with characters.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: ['event:string'],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  reply: 'verbatim',

  run(call) {
    const monitor = call.store.services.get(latencyMonitor)
    const event = call.text(2)
    const series = monitor.series.get(event)
    if (series === undefined) return call.fail(ErrorReply.latencyNoSamples(event))
    call.reply.verbatim('txt', latencyGraph(event, series, monitor.nowSeconds()))
  },
})
