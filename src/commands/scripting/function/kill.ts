/** FUNCTION KILL. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * FUNCTION KILL
 *
 * Errors:  NOTBUSY (nothing runs); UNKILLABLE (it has written); BUSY (it is a script of EVAL).
 * Effects: the function that runs fails with an error.
 */
export const functionKill = defineCommand({
  name: 'KILL',
  summary: 'Ends the running function.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.allowBusy,
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  reply: 'ok',

  run(call) {
    const error = call.store.services.get(scripting).kill(false)
    if (error !== undefined) return call.fail(error)
    call.reply.ok()
  },
})
