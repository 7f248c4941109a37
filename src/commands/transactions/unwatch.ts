/** UNWATCH. */

import { defineCommand, Flag } from '../../engine/command.js'

/** UNWATCH: forgets the client's watches, and that one of the keys has changed. */
export const unwatch = defineCommand({
  name: 'UNWATCH',
  summary: 'Frees the next transaction from all watched keys.',
  since: '2.2.0',
  group: 'transactions',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.noScript | Flag.loading | Flag.stale | Flag.fast | Flag.allowBusy,
  acl: ['transaction'],
  reply: 'ok',

  run(call) {
    call.store.watches.unwatchAll(call.client)
    call.reply.ok()
  },
})
