/** EXEC. */

import type { Call } from '../../engine/call.js'
import { Gate } from '../../engine/client.js'
import { defineCommand, Flag } from '../../engine/command.js'
import type { QueuedCommand } from '../../engine/transaction.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * EXEC
 *
 * Errors:  no transaction is open; EXECABORT when a command was refused while queueing. Nil when a watched key has changed
 *          or expired. In all cases the transaction is over, and its watches with it.
 * Effects: those of the queued commands, as one unit; time stands still between them. An error of one command does not keep
 *          the others from running.
 */
export const exec = defineCommand({
  name: 'EXEC',
  summary: 'Runs the queued commands of a transaction in one go.',
  since: '1.2.0',
  group: 'transactions',
  complexity: 'Depends on commands in the transaction',
  arity: 1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.skipSlowlog,
  acl: ['transaction'],
  reply: 'array|nil-array',

  run(call) {
    const { client, reply, store } = call
    const { executor, watches } = store
    const { transaction } = client
    if (transaction === undefined) return call.fail(ErrorReply.execWithoutMulti)
    if (transaction.isSpoiled) {
      executor.discard(client)
      return call.fail(ErrorReply.execAbort)
    }
    if ((client.gate & Gate.watchedChanged) !== 0 || watches.hasExpired(client)) {
      executor.discard(client)
      return reply.nilArray()
    }
    watches.unwatchAll(client) // from here on nothing can spoil it, and its own writes need not be looked at
    const { commands } = transaction
    const deniedBlocking = client.gate & Gate.denyBlocking
    client.gate |= Gate.denyBlocking
    reply.array(commands.length)
    runCommands(call, commands, 0, deniedBlocking === 0)
  },
})

/** Runs the commands from `index` on. A script among them may be put aside; the rest follows when it has ended. */
function runCommands(call: Call, commands: readonly QueuedCommand[], index: number, unblocks: boolean): void {
  const { client, store } = call
  const { suspension } = store.executor
  for (let i = index; i < commands.length; i++) {
    store.executor.runQueued(client, commands[i]!)
    if (suspension.isUnwinding) return suspension.suspend((later) => runCommands(later, commands, i + 1, unblocks))
  }
  if (unblocks) client.gate &= ~Gate.denyBlocking
  store.executor.discard(client)
}
