/** ZREM. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { removeEmpty } from '../remove-empty.js'

/**
 * ZREM key member [member …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last member; `zrem`, then `del`; replicated as sent.
 */
export const zrem = defineCommand({
  name: 'ZREM',
  summary: 'Removes members from a sorted set.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(M*log N), N = members, M = those given',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'member:string multiple'],
  history: [['2.4.0', 'Takes several members.']],
  reply: 'integer',

  run(call) {
    const { argc, bytes, database, ends, starts } = call
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
    let removed = 0
    for (let i = 2; i < argc && view.size !== 0; i++) {
      if (!view.find(bytes, starts[i]!, ends[i]!)) continue
      view.removeHere(1)
      removed++
    }
    if (removed !== 0) {
      call.changed(removed, 'zrem')
      if (view.size === 0) removeEmpty(call, entry, 1)
    }
    call.reply.integer(removed)
  },
})
