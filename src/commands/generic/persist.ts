/** PERSIST. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { hasExpiry } from '../../keyspace/entry.js'

/**
 * PERSIST key
 *
 * Effects: `persist` when there was an expiry time; replicated as sent.
 */
export const persist = defineCommand({
  name: 'PERSIST',
  summary: 'Takes the expiry time off a key, which then stays until deleted.',
  since: '2.2.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    const entry = call.findWrite(1)
    if (entry === 0 || !hasExpiry(call.arena, entry)) return call.reply.integer(0)
    if (call.database.setExpiry(entry, NO_EXPIRY) === 0) return call.fail(ErrorReply.outOfMemory)
    call.changed(1, 'persist')
    call.reply.integer(1)
  },
})
