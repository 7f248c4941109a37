/** MEMORY MALLOC-STATS. */

import { defineCommand } from '../../../engine/command.js'
import { allocatorReport } from '../../../introspection/memory-allocator.js'

/** MEMORY MALLOC-STATS: a text for people. */
export const memoryMallocStats = defineCommand({
  name: 'MALLOC-STATS',
  summary: 'Shows the figures of the allocator.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N = segments and size classes',
  arity: 2,
  flags: 0,
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  reply: 'verbatim',

  run(call) {
    call.reply.verbatim('txt', allocatorReport(call.arena.statistics(), call.store.environment.host))
  },
})
