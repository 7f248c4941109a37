/** CLIENT ID. */

import { defineCommand, Flag } from '../../../engine/command.js'

/** CLIENT ID */
export const clientId = defineCommand({
  name: 'ID',
  summary: 'Returns the number of the connection; no other has had it or will have it while the server runs.',
  since: '5.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  reply: 'integer',

  run({ client, reply }) {
    reply.integer(client.id)
  },
})
