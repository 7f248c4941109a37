/** XDEL. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import { assignId, compareIds, StreamId } from '../../structures/stream-id.js'
import { IdList } from './ids.js'

/**
 * XDEL key id [id …]
 *
 * Errors:  WRONGTYPE (key holds another type); not an id, and then nothing is deleted.
 * Effects: `xdel` when entries went; replicated as sent. What is pending in groups stays.
 */
export const xdel = defineCommand({
  name: 'XDEL',
  summary: 'Deletes entries of a stream by their ids and counts them.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N) for each id, N = entries',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'ID:string multiple'],
  reply: 'integer',

  run(call) {
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.stream) || !ids.readAll(call, 2, id)) return
    const { view } = call.keyspace.streams
    view.open(cellPointer(call.arena, entry))
    deleteEntries(call, view)
  },
})

const ids = new IdList()
const id = new StreamId()
const first = new StreamId()
const greatest = new StreamId()

function deleteEntries(call: Call, stream: Stream): void {
  let deleted = 0
  let outcome = 0
  let isFirstGone = false
  call.database.beforeQuietWrite(call.bytes, call.starts[1]!, call.ends[1]!)
  stream.readFirstId(first)
  stream.readMaxDeletedId(greatest)
  for (let i = 0; i < ids.count && outcome >= 0; i++) {
    ids.get(i, id)
    outcome = stream.deleteEntry(id)
    if (outcome <= 0) continue
    deleted++
    if (compareIds(id, first) === 0) isFirstGone = true
    if (compareIds(id, greatest) > 0) assignId(id, greatest)
  }
  if (deleted > 0) {
    stream.setMaxDeletedId(greatest)
    if (isFirstGone || stream.length === 0) stream.refreshFirstId()
    call.database.markModified(call.bytes, call.starts[1]!, call.ends[1]!)
    call.changed(deleted, 'xdel')
  }
  if (outcome < 0) call.fail(ErrorReply.outOfMemory)
  else call.reply.integer(deleted)
}
