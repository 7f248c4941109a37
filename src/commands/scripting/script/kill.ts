/** SCRIPT KILL. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * SCRIPT KILL
 *
 * Errors:  NOTBUSY (nothing runs); UNKILLABLE (it has written); BUSY (it is a function).
 * Effects: the script that runs fails with an error.
 */
export const scriptKill = defineCommand({
  name: 'KILL',
  summary: 'Ends the running script.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.allowBusy,
  acl: ['scripting'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  reply: 'ok',

  run(call) {
    const error = call.store.services.get(scripting).kill(true)
    if (error !== undefined) return call.fail(error)
    call.reply.ok()
  },
})
