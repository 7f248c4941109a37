/** FUNCTION FLUSH. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { scripting } from '../../../scripting/scripting.js'
import { flushModes, hasFlushMode } from '../flush-mode.js'

/**
 * FUNCTION FLUSH [ASYNC | SYNC]
 *
 * Errors:  another word than these.
 * Effects: all libraries are gone; replicated as sent.
 */
export const functionFlush = defineCommand({
  name: 'FLUSH',
  summary: 'Removes all libraries.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(N), N = functions',
  arity: -2,
  flags: Flag.noScript | Flag.write,
  acl: ['scripting'],
  args: flushModes(),
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    if (call.argc > 3) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'FUNCTION'))
    if (!hasFlushMode(call)) return call.fail(ErrorReply.functionFlushOption)
    call.store.services.get(scripting).flushLibraries()
    call.store.dirty++
    call.reply.ok()
  },
})
