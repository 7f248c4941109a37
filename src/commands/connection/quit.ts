/** QUIT. */

import { defineCommand, Flag } from '../../engine/command.js'

/** QUIT: what the client has sent after it is not run. */
export const quit = defineCommand({
  name: 'QUIT',
  summary: 'Closes the connection once its replies are sent.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: -1,
  flags: Flag.allowBusy | Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.noAuth,
  acl: ['connection'],
  docFlags: ['deprecated'],
  deprecatedSince: '7.2.0',
  replacedBy: 'just closing the connection',
  reply: 'ok',

  run(call) {
    call.reply.ok()
    call.client.port.close(true)
  },
})
