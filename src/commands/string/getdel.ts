/** GETDEL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { replyOld } from './storing.js'

/**
 * GETDEL key
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: deletes the key; `del`; replicated as DEL.
 */
export const getdel = defineCommand({
  name: 'GETDEL',
  summary: 'Returns the string stored at a key and deletes the key.',
  since: '6.2.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.write | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key'],
  reply: 'bulk|nil',

  run(call) {
    const entry = call.findRead(1)
    if (!replyOld(call, entry) || entry === 0) return
    call.database.remove(entry, false)
    call.changed(1)
    call.notify(EventClass.generic, 'del', 1)
    if (call.propagates) call.propagateAs(['DEL', call.copyBytes(1)])
  },
})
