/** CLIENT INFO. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { clientLine } from '../../../introspection/client-line.js'

/** CLIENT INFO */
export const clientInfo = defineCommand({
  name: 'INFO',
  summary: 'Describes the connection, in the fields of CLIENT LIST.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  tips: ['nondeterministic_output'],
  reply: 'verbatim',

  run({ client, keyspace, reply }) {
    reply.verbatim('txt', `${clientLine(client, keyspace.nowMs)}\n`)
  },
})
