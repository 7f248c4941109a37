/** CLIENT REPLY. */

import { latin1Bytes } from '../../../base/bytes.js'
import { Gate } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'

const ON = latin1Bytes('on')
const OFF = latin1Bytes('off')
const SKIP = latin1Bytes('skip')

/**
 * CLIENT REPLY ON | OFF | SKIP
 *
 * OFF and SKIP themselves are not answered. SKIP mutes the next command only.
 *
 * Errors: syntax.
 */
export const clientReply = defineCommand({
  name: 'REPLY',
  summary: 'Chooses whether commands of the connection are answered.',
  since: '3.2.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    {
      name: 'action',
      type: 'oneof',
      args: ['on:pure-token token=ON', 'off:pure-token token=OFF', 'skip:pure-token token=SKIP'],
    },
  ],
  reply: 'ok',

  run(call) {
    const { client } = call
    if (call.is(2, ON)) {
      client.gate &= ~(Gate.replyOff | Gate.replySkip)
      call.reply.ok()
    } else if (call.is(2, OFF)) client.gate |= Gate.replyOff
    else if (!call.is(2, SKIP)) call.fail(ErrorReply.syntax)
    else if ((client.gate & Gate.replyOff) === 0) client.gate |= Gate.replySkipNext
  },
})
