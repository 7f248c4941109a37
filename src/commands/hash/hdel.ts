/** HDEL. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { removeEmpty } from '../remove-empty.js'

/**
 * HDEL key field [field …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: deletes the key with its last field; `hdel`, then `del`; replicated as sent.
 */
export const hdel = defineCommand({
  name: 'HDEL',
  summary: 'Removes fields from a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'field:string multiple'],
  history: [['2.4.0', 'Takes several fields.']],
  reply: 'integer',

  run(call) {
    const { argc, bytes, database, ends, starts } = call
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
    let removed = 0
    for (let i = 2; i < argc && !view.isEmpty; i++) if (view.remove(bytes, starts[i]!, ends[i]!)) removed++
    if (removed !== 0) call.changed(removed, 'hdel')
    if (view.isEmpty) removeEmpty(call, entry, 1)
    call.reply.integer(removed)
  },
})
