/** RESET. */

import { ClientFlag, Gate } from '../../engine/client.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const GATES = Gate.replyOff | Gate.replySkip | Gate.replySkipNext
const FLAGS = ClientFlag.readOnly | ClientFlag.noTouch | ClientFlag.noEvict

/**
 * RESET: protocol 2, database 0, no transaction, no watched keys, no subscriptions, no MONITOR, no name, logged out.
 *
 * Errors: replicas and the link from a primary cannot be reset.
 */
export const reset = defineCommand({
  name: 'RESET',
  summary: 'Makes the connection like one that has just been opened.',
  since: '6.2.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.noAuth | Flag.allowBusy,
  acl: ['connection'],
  reply: 'simple',

  run(call) {
    const { client, keyspace, reply, store } = call
    if ((client.gate & Gate.replica) !== 0 || (client.flags & ClientFlag.isPrimary) !== 0) {
      return call.fail(ErrorReply.resetNotNormalClient)
    }
    client.leaveParts()
    client.database = keyspace.databases[0]!
    reply.protocol = 2
    store.access.welcome(client)
    store.executor.discard(client)
    client.name = ''
    client.gate &= ~GATES
    client.flags &= ~FLAGS
    reply.simple('RESET')
  },
})
