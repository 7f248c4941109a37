/** CLIENT GETNAME. */

import { defineCommand, Flag } from '../../../engine/command.js'

/** CLIENT GETNAME */
export const clientGetname = defineCommand({
  name: 'GETNAME',
  summary: 'Returns the name of the connection, if it has one.',
  since: '2.6.9',
  group: 'connection',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  reply: 'bulk|nil',

  run({ client, reply }) {
    if (client.name === '') reply.nil()
    else reply.bulkLatin1(client.name)
  },
})
