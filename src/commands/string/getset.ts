/** GETSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { entryToWrite, replyOld, store } from './storing.js'

/**
 * GETSET key value
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: takes the expiry time away; `set`; replicated as SET.
 */
export const getset = defineCommand({
  name: 'GETSET',
  summary: 'Stores a string at a key and returns the one that was there.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'value:string'],
  reply: 'bulk|nil',
  deprecatedSince: '6.2.0',
  replacedBy: '`SET` with `!GET`',
  docFlags: ['deprecated'],

  run(call) {
    const mark = call.reply.mark()
    const entry = call.findRead(1)
    if (!replyOld(call, entry)) return
    if (!store(call, entryToWrite(call, entry), 2, NO_EXPIRY, mark)) return
    if (call.propagates) call.propagateAs(['SET', call.copyBytes(1), call.copyBytes(2)])
  },
})
