/** MONITOR. */

import { Gate } from '../../engine/client.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { monitors } from '../../introspection/monitor.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * MONITOR: from now on the client is told of every command; it leaves by RESET or QUIT. To a client that monitors already
 * nothing is said.
 *
 * Errors: not allowed where each command must have one reply (in EXEC).
 */
export const monitor = defineCommand({
  name: 'MONITOR',
  summary: 'Shows the connection every command that the server runs.',
  since: '1.0.0',
  group: 'server',
  arity: 1,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  reply: 'ok',

  run(call) {
    const { client, reply, store } = call
    if ((client.gate & Gate.denyBlocking) !== 0) return call.fail(ErrorReply.denyBlockingMonitor)
    if ((client.gate & (Gate.monitor | Gate.replica)) !== 0) return
    store.services.get(monitors).add(client)
    reply.ok()
  },
})
