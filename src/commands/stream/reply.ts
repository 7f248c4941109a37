/** Ids and entries as replies. */

import type { Call } from '../../engine/call.js'
import { replyEntry as replyElement } from '../../keyspace/types/list.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import type { Stream } from '../../structures/stream.js'
import type { StreamCursor } from '../../structures/stream-cursor.js'
import { ID_TEXT_BYTES_MAX, type StreamId, writeMs, writeSequence } from '../../structures/stream-id.js'

const text = new Uint8Array(ID_TEXT_BYTES_MAX)

export function replyId(reply: ReplyWriter, id: StreamId): void {
  reply.bulk(text, 0, spellId(id))
}

/** Writes an id to `text`; returns the end. Of one in the millisecond of the last, only what is behind the dash. */
function spellId(id: StreamId): number {
  if (id.msLow !== spelled.msLow || id.msHigh !== spelled.msHigh || spelled.end === 0) {
    spelled.msHigh = id.msHigh
    spelled.msLow = id.msLow
    spelled.end = writeMs(id, text, 0)
  }
  return writeSequence(id, text, spelled.end)
}

/** The millisecond that `text` begins with, and where its dash ends; 0 before the first. */
const spelled = { msHigh: 0, msLow: 0, end: 0 }

/** Tells the feed the client's words with an id in place of one. */
export function propagateWithId(call: Call, index: number, id: StreamId): void {
  call.propagateReplacing(index, text, spellId(id))
}

/** The text of an id, for effects. */
export function idText(id: StreamId): Uint8Array {
  return text.slice(0, spellId(id))
}

/** The entry on which a cursor stands: its id, and its fields and values in turn. */
export function replyEntry(reply: ReplyWriter, cursor: StreamCursor): void {
  reply.array(2)
  replyId(reply, cursor.id)
  reply.array(cursor.fields * 2)
  const { bytes } = cursor
  for (let left = cursor.fields; left > 0; left--) {
    cursor.nextField()
    replyWord(reply, bytes, cursor.fieldAt)
    replyWord(reply, bytes, cursor.valueAt)
  }
}

/** Replies with the entries that a cursor comes across, at most `count` if that is not 0; returns how many. */
export function replyEntries(reply: ReplyWriter, cursor: StreamCursor, count: number): number {
  const mark = reply.deferArray()
  let entries = 0
  while (cursor.next()) {
    replyEntry(reply, cursor)
    if (++entries === count) break
  }
  reply.setArray(mark, entries)
  return entries
}

/** Replies with the entry of an id, if it is there. */
export function replyEntryOf(reply: ReplyWriter, cursor: StreamCursor, stream: Stream, id: StreamId): boolean {
  cursor.forward(stream, id, id, 0, 0)
  if (!cursor.next()) return false
  replyEntry(reply, cursor)
  return true
}

/** Whether there is an entry of an id. */
export function hasEntry(cursor: StreamCursor, stream: Stream, id: StreamId): boolean {
  cursor.forward(stream, id, id, 0, 0)
  return cursor.next()
}

/** A short string, which most elements are, without a detour. */
function replyWord(reply: ReplyWriter, bytes: Uint8Array, at: number): void {
  const head = bytes[at]!
  if (head >= 0x80 && head < 0xc0) reply.bulk(bytes, at + 1, at + 1 + (head & 63))
  else replyElement(reply, bytes, at)
}
