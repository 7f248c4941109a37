/** SPOP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeEmpty } from '../remove-empty.js'
import { popMany } from './pop-many.js'

/**
 * SPOP key [count]
 *
 * Errors:  value out of range (a count that is no integer or negative); syntax; WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `spop`, then `del`; replicated as SREM of what was taken, 1024 members a
 *          command, or as DEL (UNLINK with lazyfree-lazy-server-del) when a count empties the set.
 */
export const spop = defineCommand({
  name: 'SPOP',
  summary: 'Takes random members out of a set and returns them.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1); with a count O(N), N = count',
  arity: -2,
  flags: Flag.write | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key', 'count:integer optional since=3.2.0'],
  history: [['3.2.0', 'Takes a count.']],
  tips: ['nondeterministic_output'],
  reply: 'bulk|nil|set',

  run(call) {
    if (call.argc === 3) return popMany(call)
    if (call.argc > 3) return call.fail(ErrorReply.syntax)
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.openToChange(entry, call.database, call.bytes, call.starts[1]!, call.ends[1]!)
    view.random()
    view.reply(call.reply)
    if (call.propagates) call.propagateAs(['SREM', call.copyBytes(1), view.copyMember()])
    view.removeDrawn()
    call.changed(1, 'spop')
    if (view.size === 0) removeEmpty(call, entry, 1)
  },
})
