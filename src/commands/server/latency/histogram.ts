/** LATENCY HISTOGRAM. */

import { type CommandSpec, defineCommand, Flag } from '../../../engine/command.js'
import type { LatencyHistogram } from '../../../engine/latency-histogram.js'
import type { CommandRegistry } from '../../../engine/registry.js'
import type { ReplyWriter } from '../../../protocol/reply-writer.js'

/** The first bucket shown ends here, and each further one at twice the time, in ns. */
const FIRST_NS = 1024
/** Times above about a second count as that. */
const LAST_NS = 2 ** 30
/** A bucket's end is true to its 8 leading bits. */
const PRECISION = 128

/**
 * LATENCY HISTOGRAM [command …]
 *
 * For each command that was called: the calls, and how many of them took up to 1, 2, 4 … microseconds, from the first bucket
 * with any to the one that holds all. A container stands for its subcommands; names of no command are passed over.
 */
export const latencyHistogram = defineCommand({
  name: 'HISTOGRAM',
  summary: 'Returns how the run times of commands are distributed.',
  since: '7.0.0',
  group: 'server',
  complexity: 'O(N), N = commands with histograms returned',
  arity: -2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  args: ['COMMAND:string optional multiple'],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  reply: 'map',

  run(call) {
    const { registry } = call.store
    const wanted: CommandSpec[] = []
    if (call.argc === 2) wanted.push(...registry.commands)
    for (let i = 2; i < call.argc; i++) {
      const command = registry.findByFullName(call.text(i))
      if (command !== undefined) wanted.push(command, ...(command.subcommands ?? []))
    }
    const called = wanted.filter((command) => (registry.histogramOf(command)?.total ?? 0) > 0)
    call.reply.map(called.length)
    for (const command of called) replyHistogram(command, registry, call.reply)
  },
})

function replyHistogram(command: CommandSpec, registry: CommandRegistry, reply: ReplyWriter): void {
  const histogram = registry.histogramOf(command)!
  const buckets = bucketsOf(histogram)
  reply.bulkText(command.fullName)
  reply.map(2)
  reply.bulkText('calls')
  reply.integer(histogram.total)
  reply.bulkText('histogram_usec')
  reply.map(buckets.length)
  for (const [microseconds, count] of buckets) {
    reply.integer(microseconds)
    reply.integer(count)
  }
}

/** Ends of buckets in microseconds with the calls up to there; buckets that add none are left out. */
function bucketsOf(histogram: LatencyHistogram): (readonly [number, number])[] {
  const buckets: (readonly [number, number])[] = []
  let seen = 0
  for (let ns = FIRST_NS; seen < histogram.total; ns *= 2) {
    const count = ns < LAST_NS ? histogram.countUpTo(ns) : histogram.total
    if (count === seen) continue
    const end = ns < LAST_NS ? ns + ns / PRECISION - 1 : LAST_NS - 1
    buckets.push([Math.floor(end / 1000), count])
    seen = count
  }
  return buckets
}
