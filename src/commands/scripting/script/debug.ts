/** SCRIPT DEBUG. */

import { latin1Bytes } from '../../../base/bytes.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'

const NO = latin1Bytes('no')
const YES = latin1Bytes('yes')
const SYNC = latin1Bytes('sync')

/**
 * SCRIPT DEBUG YES | SYNC | NO
 *
 * Errors:  scripts cannot be stepped through, so YES and SYNC are refused; other words.
 * Effects: none.
 */
export const scriptDebug = defineCommand({
  name: 'DEBUG',
  summary: 'Chooses whether scripts run step by step, which is not offered.',
  since: '3.2.0',
  group: 'scripting',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.noScript,
  acl: ['scripting'],
  args: [
    {
      name: 'mode',
      type: 'oneof',
      args: ['yes:pure-token token=YES', 'sync:pure-token token=SYNC', 'no:pure-token token=NO'],
    },
  ],
  reply: 'ok',

  run(call) {
    if (call.is(2, NO)) return call.reply.ok()
    call.fail(call.is(2, YES) || call.is(2, SYNC) ? ErrorReply.scriptNoDebugger : ErrorReply.scriptDebugOption)
  },
})
