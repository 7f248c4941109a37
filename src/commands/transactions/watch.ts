/** WATCH. */

import { Gate } from '../../engine/client.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * WATCH key [key …]
 *
 * Errors: inside MULTI.
 */
export const watch = defineCommand({
  name: 'WATCH',
  summary: 'Makes the next transaction depend on keys staying as they are.',
  since: '2.2.0',
  group: 'transactions',
  complexity: 'O(1) a key',
  arity: -2,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.allowBusy,
  acl: ['transaction'],
  keys: [{ at: 1, last: -1, step: 1, access: Access.readOnly }],
  args: ['key:key multiple'],
  reply: 'ok',

  run(call) {
    const { bytes, client, database, ends, starts, store } = call
    if (client.transaction !== undefined) return call.fail(ErrorReply.watchInsideMulti)
    // Once a watched key has changed, the next EXEC fails anyway.
    if ((client.gate & Gate.watchedChanged) === 0) {
      for (let i = 1; i < call.argc; i++) store.watches.watch(client, database, bytes, starts[i]!, ends[i]!)
    }
    call.reply.ok()
  },
})
