/** CLIENT SETNAME. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { isClientAttribute } from './attribute.js'

/**
 * CLIENT SETNAME name: an empty name takes the name away.
 *
 * Errors: blanks, line breaks or special characters.
 */
export const clientSetname = defineCommand({
  name: 'SETNAME',
  summary: 'Names the connection.',
  since: '2.6.9',
  group: 'connection',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: ['connection-name:string'],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    if (!isClientAttribute(call, 2)) return call.fail(ErrorReply.clientName)
    call.client.name = call.text(2)
    call.reply.ok()
  },
})
