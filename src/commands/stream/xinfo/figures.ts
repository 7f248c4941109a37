/** What the subcommands of XINFO share. */

import { Int64 } from '../../../base/int64.js'
import type { Call } from '../../../engine/call.js'
import { Type } from '../../../keyspace/entry.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { hasEntriesRead, readEntriesRead, readGroupLastId } from '../../../structures/stream-groups.js'
import { StreamId } from '../../../structures/stream-id.js'
import { groupLag } from '../../../structures/stream-progress.js'
import { replyName, replyWide } from '../group.js'
import { replyId } from '../reply.js'

const id = new StreamId()
const count = new Int64()

/** Opens the view of streams on the one at key 2; false when an error has been replied. */
export function openToRead(call: Call): boolean {
  const entry = call.findRead(2)
  if (entry === 0) {
    call.fail(ErrorReply.noSuchKey)
    return false
  }
  if (!call.hasType(entry, Type.stream)) return false
  call.keyspace.streams.view.open(cellPointer(call.arena, entry))
  return true
}

export function replyGroupName(call: Call, group: Pointer): void {
  call.reply.bulkText('name')
  replyName(call, group)
}

/** The last delivered id, entries read and lag of a group: three pairs. */
export function replyLastId(call: Call, group: Pointer): void {
  readGroupLastId(call.arena, group, id)
  call.reply.bulkText('last-delivered-id')
  replyId(call.reply, id)
}

export function replyProgress(call: Call, group: Pointer): void {
  const { arena, reply } = call
  readEntriesRead(arena, group, count)
  reply.bulkText('entries-read')
  if (hasEntriesRead(arena, group)) replyWide(call, count)
  else reply.nil()
  reply.bulkText('lag')
  if (groupLag(call.keyspace.streams.view, group, count)) replyWide(call, count)
  else reply.nil()
}
