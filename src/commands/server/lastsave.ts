/** LASTSAVE. */

import { defineCommand, Flag } from '../../engine/command.js'
import { saves } from '../../persistence/snapshot/saves.js'

/** LASTSAVE: the start of the store counts as a save. */
export const lastsave = defineCommand({
  name: 'LASTSAVE',
  summary: 'Tells when the data set was last saved to disk, in seconds since 1970.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.loading | Flag.stale | Flag.fast,
  acl: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  reply: 'integer',

  run(call) {
    const { services, startedMs } = call.store
    const savedMs = services.has(saves) ? services.get(saves).lastSaveMs : startedMs
    call.reply.integer(Math.floor(savedMs / 1000))
  },
})
