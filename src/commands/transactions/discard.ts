/** DISCARD. */

import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * DISCARD
 *
 * Errors:  no transaction is open.
 * Effects: drops what was queued, and all watches.
 */
export const discard = defineCommand({
  name: 'DISCARD',
  summary: 'Drops a transaction with all that was queued.',
  since: '2.0.0',
  group: 'transactions',
  complexity: 'O(N), N = queued commands',
  arity: 1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.allowBusy,
  acl: ['transaction'],
  reply: 'ok',

  run(call) {
    if (call.client.transaction === undefined) return call.fail(ErrorReply.discardWithoutMulti)
    call.store.executor.discard(call.client)
    call.reply.ok()
  },
})
