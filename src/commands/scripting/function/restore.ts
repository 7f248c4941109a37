/** FUNCTION RESTORE. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { ScriptError } from '../../../scripting/script-engine.js'
import { type RestorePolicy, scripting } from '../../../scripting/scripting.js'

const POLICIES: readonly (readonly [word: Uint8Array, policy: RestorePolicy])[] = [
  [latin1Bytes('append'), 'append'],
  [latin1Bytes('replace'), 'replace'],
  [latin1Bytes('flush'), 'flush'],
]

/**
 * FUNCTION RESTORE serialized-value [FLUSH | APPEND | REPLACE]
 *
 * Errors:  the value is damaged, or holds something else; names collide (unless REPLACE). Nothing has changed then.
 * Effects: the libraries are loaded; replicated as sent.
 */
export const functionRestore = defineCommand({
  name: 'RESTORE',
  summary: 'Loads the libraries that FUNCTION DUMP returned.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(N), N = functions in the value',
  arity: -3,
  flags: Flag.noScript | Flag.write | Flag.denyOom,
  acl: ['scripting'],
  args: [
    'serialized-value:string',
    {
      name: 'policy',
      type: 'oneof',
      isOptional: true,
      args: ['flush:pure-token token=FLUSH', 'append:pure-token token=APPEND', 'replace:pure-token token=REPLACE'],
    },
  ],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    if (call.argc > 4) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'FUNCTION'))
    const policy = call.argc === 4 ? policyOf(call) : 'append'
    if (policy === undefined) return call.fail(ErrorReply.functionRestorePolicy)
    try {
      call.store.services.get(scripting).restoreLibraries(call.copyBytes(2), policy)
      call.store.dirty++
      call.reply.ok()
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error
      call.fail(ErrorReply.functionLoad(error.message))
    }
  },
})

function policyOf(call: Call): RestorePolicy | undefined {
  return POLICIES.find(([word]) => call.is(3, word))?.[1]
}
