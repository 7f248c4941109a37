/** CLIENT SETINFO. */

import { latin1Bytes } from '../../../base/bytes.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { isClientAttribute } from './attribute.js'

const LIBRARY_NAME = latin1Bytes('lib-name')
const LIBRARY_VERSION = latin1Bytes('lib-ver')

/**
 * CLIENT SETINFO LIB-NAME name | LIB-VER version: an empty text takes what was there away.
 *
 * Errors: unrecognized option; blanks, line breaks or special characters.
 */
export const clientSetinfo = defineCommand({
  name: 'SETINFO',
  summary: 'Says which library is on the other end of the connection.',
  since: '7.2.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [{ name: 'attr', type: 'oneof', args: ['libname:string token=lib-name', 'libver:string token=lib-ver'] }],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    const isName = call.is(2, LIBRARY_NAME)
    if (!isName && !call.is(2, LIBRARY_VERSION)) return call.fail(ErrorReply.clientInfoOption(call.text(2)))
    if (!isClientAttribute(call, 3)) return call.fail(ErrorReply.clientAttribute(call.text(2)))
    if (isName) call.client.libraryName = call.text(3)
    else call.client.libraryVersion = call.text(3)
    call.reply.ok()
  },
})
