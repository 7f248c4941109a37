/** SCRIPT LOAD. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * SCRIPT LOAD script
 *
 * Errors:  the script does not compile, or its first line is wrong.
 * Effects: EVALSHA can run it; replies its SHA-1.
 */
export const scriptLoad = defineCommand({
  name: 'LOAD',
  summary: 'Loads a Lua script and returns its SHA-1.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'O(N), N = bytes of the script',
  arity: 3,
  flags: Flag.noScript | Flag.stale,
  acl: ['scripting'],
  args: ['script:string'],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'bulk',

  run(call) {
    const script = call.store.services.get(scripting).load(call, 2)
    if (script !== undefined) call.reply.bulkLatin1(script.sha)
  },
})
