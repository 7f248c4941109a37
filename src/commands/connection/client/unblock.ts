/** CLIENT UNBLOCK. */

import { latin1Bytes } from '../../../base/bytes.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'

const TIMEOUT = latin1Bytes('timeout')
const ERROR = latin1Bytes('error')

/**
 * CLIENT UNBLOCK id [TIMEOUT | ERROR]: 1 when that client waited inside a command, otherwise 0.
 *
 * Errors: reason should be TIMEOUT or ERROR; not an integer.
 */
export const clientUnblock = defineCommand({
  name: 'UNBLOCK',
  summary: 'Ends the wait of another connection inside a blocking command, as if its time were over or with an error.',
  since: '5.0.0',
  group: 'connection',
  complexity: 'O(log N), N = connections',
  arity: -3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    'client-id:integer',
    {
      name: 'unblock-type',
      type: 'oneof',
      isOptional: true,
      args: ['timeout:pure-token token=TIMEOUT', 'error:pure-token token=ERROR'],
    },
  ],
  reply: 'integer',

  run(call) {
    if (call.argc > 4) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'client'))
    const isError = call.argc === 4 && call.is(3, ERROR)
    if (call.argc === 4 && !isError && !call.is(3, TIMEOUT)) return call.fail(ErrorReply.clientUnblockReason)
    const id = call.integer(2)
    if (Number.isNaN(id)) return
    const target = call.store.clients.find(id)
    // A client that waits for the end of a pause has no reply to wait for.
    const unblock = target?.onUnblock
    if (unblock === undefined) return call.reply.integer(0)
    unblock(isError)
    call.reply.integer(1)
  },
})
