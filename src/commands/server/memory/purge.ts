/** MEMORY PURGE. */

import { defineCommand } from '../../../engine/command.js'

/** MEMORY PURGE: frees what waits to be freed, and gives up slabs that were kept for the next use. */
export const memoryPurge = defineCommand({
  name: 'PURGE',
  summary: 'Gives pages that hold nothing back to the system.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N = segments',
  arity: 2,
  flags: 0,
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    call.arena.segments.unpark()
    call.reply.ok()
  },
})
