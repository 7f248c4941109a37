/** FUNCTION LOAD. */

import { latin1Bytes } from '../../../base/bytes.js'
import { ClientFlag } from '../../../engine/client.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { LOAD_TIMEOUT_MS } from '../../../scripting/function-libraries.js'
import { ScriptError } from '../../../scripting/script-engine.js'
import { scripting } from '../../../scripting/scripting.js'

const REPLACE = latin1Bytes('replace')

/**
 * FUNCTION LOAD [REPLACE] code
 *
 * Errors:  whatever is wrong with the code, its first line, or the names in it. Nothing has changed then.
 * Effects: the functions it registers can be called; replicated as sent. Replies the library's name.
 */
export const functionLoad = defineCommand({
  name: 'LOAD',
  summary: 'Loads a library of functions.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(1), not counting what the code does when it is loaded',
  arity: -3,
  flags: Flag.noScript | Flag.write | Flag.denyOom,
  acl: ['scripting'],
  args: ['replace:pure-token token=REPLACE optional', 'function-code:string'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'bulk',

  run(call) {
    const last = call.argc - 1
    let replaces = false
    for (let i = 2; i < last; i++) {
      if (!call.is(i, REPLACE)) return call.fail(ErrorReply.functionUnknownOption(call.text(i)))
      replaces = true
    }
    const service = call.store.services.get(scripting)
    const timeoutMs = (call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0 ? 0 : LOAD_TIMEOUT_MS
    try {
      const library = service.loadLibrary(call.bytes, call.starts[last]!, call.ends[last]!, replaces, timeoutMs)
      call.store.dirty++
      call.reply.bulkLatin1(library.name)
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error
      call.fail(ErrorReply.functionLoad(error.message))
    }
  },
})
