/** MEMORY DOCTOR. */

import { defineCommand } from '../../../engine/command.js'
import { memoryDoctor as examine } from '../../../introspection/memory-doctor.js'

/** MEMORY DOCTOR: a text for people. */
export const memoryDoctor = defineCommand({
  name: 'DOCTOR',
  summary: 'Says in words what looks wrong about the use of memory.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: 0,
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  reply: 'verbatim',

  run(call) {
    call.reply.verbatim('txt', examine(call.store))
  },
})
