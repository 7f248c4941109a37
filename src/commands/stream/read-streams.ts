/** XREAD and XREADGROUP behind their arguments. */

import { Int64 } from '../../base/int64.js'
import { mayWait, type WaiterKind } from '../../engine/blocking.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { KeyspaceStat } from '../../keyspace/statistics.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { GREATEST_ID } from '../../keyspace/types/stream.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import {
  consumerPending,
  countDelivery,
  countEntryRead,
  deliver,
  findConsumer,
  hasEntriesRead,
  hintNode,
  hintOf,
  readGroupLastId,
  setActiveMs,
  setDeliveredMs,
  setEntriesRead,
  setGroupLastId,
  setHint,
  setSeenMs,
} from '../../structures/stream-groups.js'
import { compareIds, incrementId, isIdMax, StreamId } from '../../structures/stream-id.js'
import { IndexCursor } from '../../structures/stream-index.js'
import { entriesUpTo, hasDeletedBehind } from '../../structures/stream-progress.js'
import { findOrAddConsumer, propagateClaim, propagateGroupId } from './group.js'
import { NEVER_WAITS, type ReadArguments } from './read-arguments.js'
import { idText, replyEntries, replyEntry, replyEntryOf, replyId } from './reply.js'

const READER: WaiterKind = Object.freeze({ type: Type.stream, minds: false })
const GROUP_READER: WaiterKind = Object.freeze({ type: Type.stream, minds: true })

const id = new StreamId()
const start = new StreamId()
const top = new StreamId()
const pendingId = new StreamId()
const place = new IndexCursor()
const entriesRead = new Int64()

/** Outcome for one stream. */
const Served = { no: 0, yes: 1, noMemory: 2 } as const

/** Replies with what is new in the streams; waits for it, or replies nil, when there is nothing. */
export function readStreams(call: Call, read: ReadArguments): void {
  const reply = new Opening(call)
  for (let i = 0; i < read.streams; i++) {
    if (!isStillThere(call, read, i)) continue
    const served = read.group === 0 ? serve(call, read, i, reply) : serveGroup(call, read, i, reply)
    if (served === Served.noMemory) break
  }
  if (reply.streams > 0) return reply.close()
  if (call.hasFailed) return
  if (read.deadlineMs === NEVER_WAITS || !mayWait(call.client)) return call.reply.nilArray()
  park(call, read)
}

/** The header of the whole reply, which is written when the first stream has something. */
class Opening {
  streams: number
  private readonly call: Call
  private mark: number

  constructor(call: Call) {
    this.streams = 0
    this.call = call
    this.mark = 0
  }

  /** Begins the part of a stream. */
  add(key: number): void {
    const { bytes, ends, reply, starts } = this.call
    if (this.streams++ === 0) this.mark = reply.deferArray()
    if (reply.protocol === 2) reply.array(2)
    reply.bulk(bytes, starts[key]!, ends[key]!)
  }

  close(): void {
    const { reply } = this.call
    if (reply.protocol === 2) reply.setArray(this.mark, this.streams)
    else reply.setMap(this.mark, this.streams)
  }
}

/** The streams have been looked up before, and are looked up once more as statistics go. */
function isStillThere(call: Call, read: ReadArguments, index: number): boolean {
  if (read.entries[index] === 0) return call.findRead(read.keys + index) !== 0
  call.keyspace.statistics[KeyspaceStat.hits]!++
  return true
}

function openStream(call: Call, read: ReadArguments, index: number): Stream {
  const { view } = call.keyspace.streams
  view.open(cellPointer(call.arena, read.entries[index]!))
  read.ids.get(index, id)
  return view
}

function serve(call: Call, read: ReadArguments, index: number, reply: Opening): number {
  const stream = openStream(call, read, index)
  if (!hasAbove(stream, id)) return Served.no
  const { cursor } = call.keyspace.streams
  reply.add(read.keys + index)
  incrementId(id)
  cursor.forward(stream, id, GREATEST_ID, 0, 0)
  replyEntries(call.reply, cursor, read.count)
  return Served.yes
}

/** Whether the stream has an entry above an id. */
function hasAbove(stream: Stream, bound: StreamId): boolean {
  if (stream.length === 0 || stream.compareLastId(bound) <= 0) return false
  stream.readTopId(top)
  return compareIds(top, bound) > 0
}

function serveGroup(call: Call, read: ReadArguments, index: number, reply: Opening): number {
  const { arena } = call
  const stream = openStream(call, read, index)
  const group = read.groups[index]!
  const key = read.keys + index
  const isHistory = !isIdMax(id)
  call.database.beforeQuietWrite(call.bytes, call.starts[key]!, call.ends[key]!)
  const consumer = findConsumerOf(call, read, group, key)
  if (consumer === 0) return fail(call, reply)
  setSeenMs(arena, consumer, call.nowMs)
  if (isHistory) {
    reply.add(key)
    incrementId(id)
    replyHistory(call, stream, consumer, read.count)
  } else {
    readGroupLastId(arena, group, start)
    if (!hasAbove(stream, start)) return Served.no
    if (!deliverNew(call, read, stream, group, consumer, key, reply)) return fail(call, reply)
  }
  call.changed(1)
  return Served.yes
}

function fail(call: Call, reply: Opening): number {
  if (reply.streams === 0) call.fail(ErrorReply.outOfMemory)
  return Served.noMemory
}

function findConsumerOf(call: Call, read: ReadArguments, group: Pointer, key: number): Pointer {
  const name = read.group + 1
  const found = findConsumer(call.arena, group, call.bytes, call.starts[name]!, call.ends[name]!)
  if (found !== 0) return found
  const added = findOrAddConsumer(call, group, key, name)
  if (added !== 0 && read.isUnacknowledged && call.propagates) {
    call.propagateAs([
      'XGROUP', 'CREATECONSUMER', call.copyBytes(key), call.copyBytes(read.group), call.copyBytes(name),
    ]) // prettier-ignore
  }
  return added
}

/**
 * Replies with entries behind the group's last one, notes them as pending, and moves the group on.
 *
 * An entry that cannot be noted for want of memory is not delivered: the reply ends before it.
 *
 * @returns false when that is the first one; nothing has been replied then
 */
function deliverNew(
  call: Call, read: ReadArguments, stream: Stream, group: Pointer, consumer: Pointer, key: number, opening: Opening,
): boolean {
  const { arena, nowMs, reply } = call
  const { cursor } = call.keyspace.streams
  const isNoted = !read.isUnacknowledged
  let mark = 0
  let entries = 0
  let node = 0
  let hint = 0
  incrementId(start)
  cursor.forward(stream, start, GREATEST_ID, hintOf(stream, group), hintNode(arena, group))
  while (cursor.next()) {
    const pending = isNoted ? deliver(arena, group, consumer, cursor.id, nowMs) : 0
    if (isNoted && pending === 0) break
    if (entries++ === 0) {
      opening.add(key)
      mark = reply.deferArray()
    }
    moveGroup(stream, group, cursor.id)
    replyEntry(reply, cursor)
    if (isNoted && call.propagates) propagateClaim(call, key, read.group, idText(cursor.id), group, pending)
    node = cursor.node
    hint = cursor.hintBehind
    if (entries === read.count) break
  }
  if (entries === 0) return false
  setHint(stream, group, node, hint)
  if (isNoted) setActiveMs(arena, consumer, nowMs)
  else propagateGroupId(call, key, read.group, group)
  reply.setArray(mark, entries)
  return true
} // prettier-ignore

/** An entry above the last one has been delivered. */
function moveGroup(stream: Stream, group: Pointer, delivered: StreamId): void {
  const { arena } = stream
  if (hasEntriesRead(arena, group) && !hasDeletedBehind(stream, delivered)) countEntryRead(arena, group)
  else {
    stream.readEntriesAdded(entriesRead)
    if ((entriesRead.high | entriesRead.low) !== 0) {
      if (!entriesUpTo(stream, delivered, entriesRead)) {
        entriesRead.high = -1
        entriesRead.low = 0xffffffff
      }
      setEntriesRead(arena, group, entriesRead)
    }
  }
  setGroupLastId(arena, group, delivered)
}

/** Replies with what is pending for a consumer from `id` on; entries that are gone have no fields. */
function replyHistory(call: Call, stream: Stream, consumer: Pointer, count: number): void {
  const { arena, nowMs, reply } = call
  const { cursor } = call.keyspace.streams
  const mark = reply.deferArray()
  let entries = 0
  let isThere = place.toCeiling(arena, consumerPending(consumer), id)
  for (; isThere && (count === 0 || entries < count); isThere = place.next(arena)) {
    place.readId(arena, pendingId)
    if (replyEntryOf(reply, cursor, stream, pendingId)) {
      setDeliveredMs(arena, place.value(arena), nowMs)
      countDelivery(arena, place.value(arena))
    } else {
      reply.array(2)
      replyId(reply, pendingId)
      reply.nilArray()
    }
    entries++
  }
  reply.setArray(mark, entries)
}

/** Waits. An id given as `$` means what it means now, also when the command runs again. */
function park(call: Call, read: ReadArguments): void {
  const kind = read.group === 0 ? READER : GROUP_READER
  if (!read.hasDollar) return call.store.blocking.park(call, kind, read.keys, read.streams, read.deadlineMs)
  const { bytes, ends, starts } = call
  rewriteDollars(call, read)
  call.store.blocking.park(call, kind, read.keys, read.streams, read.deadlineMs)
  call.bytes = bytes
  call.starts = starts
  call.ends = ends
}

/** Makes the call's arguments a copy in which the ids are those that were found. */
function rewriteDollars(call: Call, read: ReadArguments): void {
  const words: Uint8Array[] = []
  for (let i = 0; i < call.argc; i++) words.push(call.copyBytes(i))
  for (let i = 0; i < read.streams; i++) {
    read.ids.get(i, id)
    words[read.keys + read.streams + i] = idText(id)
  }
  const bytes = new Uint8Array(words.reduce((total, word) => total + word.length, 0))
  const starts = new Int32Array(call.argc)
  const ends = new Int32Array(call.argc)
  let at = 0
  for (const [i, word] of words.entries()) {
    bytes.set(word, at)
    starts[i] = at
    at += word.length
    ends[i] = at
  }
  call.bytes = bytes
  call.starts = starts
  call.ends = ends
}
