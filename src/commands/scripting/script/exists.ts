/** SCRIPT EXISTS. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { scripting } from '../../../scripting/scripting.js'

/**
 * SCRIPT EXISTS sha1 [sha1 …]
 *
 * Replies 1 or 0 for each; hashes are looked for as they are written, in lower case.
 */
export const scriptExists = defineCommand({
  name: 'EXISTS',
  summary: 'Tells which scripts are loaded.',
  since: '2.6.0',
  group: 'scripting',
  complexity: 'O(N), N = hashes',
  arity: -3,
  flags: Flag.noScript,
  acl: ['scripting'],
  args: ['sha1:string multiple'],
  tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
  reply: 'array',

  run(call) {
    const { scripts } = call.store.services.get(scripting)
    call.reply.array(call.argc - 2)
    for (let i = 2; i < call.argc; i++) call.reply.integer(scripts.has(call.text(i)) ? 1 : 0)
  },
})
