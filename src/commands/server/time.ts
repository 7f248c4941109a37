/** TIME. */

import { defineCommand, Flag } from '../../engine/command.js'

/** TIME: seconds since 1970 and the microseconds beyond, which are exact to the millisecond. */
export const time = defineCommand({
  name: 'TIME',
  summary: 'Tells what time it is for the server.',
  since: '2.6.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.loading | Flag.stale | Flag.fast,
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    const { nowMs, reply } = call
    reply.array(2)
    reply.bulkInteger(Math.floor(nowMs / 1000))
    reply.bulkInteger((nowMs % 1000) * 1000)
  },
})
