/** CLIENT UNPAUSE. */

import { defineCommand, Flag } from '../../../engine/command.js'

/** CLIENT UNPAUSE: ends what CLIENT PAUSE began; pauses for other reasons go on. */
export const clientUnpause = defineCommand({
  name: 'UNPAUSE',
  summary: 'Ends a pause: commands that were held back run.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(N), N = clients that wait',
  arity: 2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  reply: 'ok',

  run({ reply, store }) {
    store.pause.end('command')
    reply.ok()
  },
})
