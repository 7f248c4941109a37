/** COMMAND COUNT. */

import { defineCommand, Flag } from '../../../engine/command.js'

/** COMMAND COUNT: subcommands do not count. */
export const commandCount = defineCommand({
  name: 'COUNT',
  summary: 'Returns how many commands there are.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  reply: 'integer',

  run({ reply, store }) {
    reply.integer(store.registry.containers.length)
  },
})
