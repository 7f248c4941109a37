/** XACK. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { findGroup, findPending, removePending } from '../../structures/stream-groups.js'
import { StreamId } from '../../structures/stream-id.js'
import { IdList } from './ids.js'

/**
 * XACK key group id [id …]
 *
 * Errors:  WRONGTYPE (key holds another type); not an id, and then nothing is acknowledged.
 * Effects: replicated as sent. No event.
 */
export const xack = defineCommand({
  name: 'XACK',
  summary: 'Acknowledges entries that are pending in a consumer group and counts them.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N) for each id, N = entries pending',
  arity: -4,
  flags: Flag.write | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key', 'group:string', 'ID:string multiple'],
  reply: 'integer',

  run(call) {
    const { arena, bytes, ends, starts } = call
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.stream)) return
    const { view } = call.keyspace.streams
    view.open(cellPointer(arena, entry))
    const group = findGroup(view, bytes, starts[2]!, ends[2]!)
    if (group === 0) return call.reply.integer(0)
    if (!ids.readAll(call, 3, id)) return
    let acknowledged = 0
    for (let i = 0; i < ids.count; i++) {
      ids.get(i, id)
      const pending = findPending(arena, group, id)
      if (pending === 0) continue
      if (acknowledged++ === 0) call.database.beforeQuietWrite(bytes, starts[1]!, ends[1]!)
      removePending(arena, group, pending, id)
    }
    call.changed(acknowledged)
    call.reply.integer(acknowledged)
  },
})

const ids = new IdList()
const id = new StreamId()
