/** MULTI. */

import { Gate } from '../../engine/client.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { Transaction } from '../../engine/transaction.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * MULTI
 *
 * Errors: nested (the transaction that is open goes on).
 */
export const multi = defineCommand({
  name: 'MULTI',
  summary: 'Opens a transaction: the commands that follow are queued until EXEC.',
  since: '1.2.0',
  group: 'transactions',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.allowBusy,
  acl: ['transaction'],
  reply: 'ok',

  run(call) {
    const { client } = call
    if (client.transaction !== undefined) return call.fail(ErrorReply.multiNested)
    client.transaction = new Transaction()
    client.gate |= Gate.inTransaction
    call.reply.ok()
  },
})
