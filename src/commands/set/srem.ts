/** SREM. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { removeEmpty } from '../remove-empty.js'

/**
 * SREM key member [member …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `srem`, then `del`; replicated as sent.
 */
export const srem = defineCommand({
  name: 'SREM',
  summary: 'Removes members from a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N = members given',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'member:string multiple'],
  history: [['2.4.0', 'Takes several members.']],
  reply: 'integer',

  run(call) {
    const { argc, bytes, database, ends, starts } = call
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
    let removed = 0
    for (let i = 2; i < argc && view.size !== 0; i++) if (view.remove(bytes, starts[i]!, ends[i]!)) removed++
    if (removed !== 0) {
      call.changed(removed, 'srem')
      if (view.size === 0) removeEmpty(call, entry, 1)
    }
    call.reply.integer(removed)
  },
})
