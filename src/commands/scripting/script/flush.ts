/** SCRIPT FLUSH. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { scripting } from '../../../scripting/scripting.js'
import { flushModes, hasFlushMode } from '../flush-mode.js'

/**
 * SCRIPT FLUSH [ASYNC | SYNC]
 *
 * Errors:  another word than these.
 * Effects: all scripts are forgotten, with what they left in Lua.
 */
export const scriptFlush = defineCommand({
  name: 'FLUSH',
  summary: 'Forgets all loaded scripts.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'O(N), N = loaded scripts',
  arity: -2,
  flags: Flag.noScript,
  acl: ['scripting'],
  args: flushModes('6.2.0'),
  history: [['6.2.0', 'Added the `ASYNC` and `SYNC` flushing mode modifiers.']],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    if (!hasFlushMode(call)) return call.fail(ErrorReply.scriptFlushOption)
    call.store.services.get(scripting).flushScripts()
    call.reply.ok()
  },
})
