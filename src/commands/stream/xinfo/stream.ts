/** XINFO STREAM. */

import { Int64 } from '../../../base/int64.js'
import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { GREATEST_ID, LEAST_ID } from '../../../keyspace/types/stream.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import type { Stream } from '../../../structures/stream.js'
import {
  activeMs,
  consumerCount,
  consumerPending,
  consumersOf,
  deliveredMs,
  groupPending,
  pendingConsumer,
  readDeliveries,
  seenMs,
} from '../../../structures/stream-groups.js'
import { StreamId } from '../../../structures/stream-id.js'
import { indexCount, IndexCursor } from '../../../structures/stream-index.js'
import { NameWalk } from '../../../structures/stream-names.js'
import { replyName, replyWide } from '../group.js'
import { replyEntries, replyEntry, replyId } from '../reply.js'
import { openToRead, replyGroupName, replyLastId, replyProgress } from './figures.js'

const FULL = latin1Bytes('full')
const COUNT = latin1Bytes('count')
const COUNT_DEFAULT = 10

/**
 * XINFO STREAM key [FULL [COUNT count]]
 *
 * `radix-tree-nodes` is what the reference would show: its index is a radix tree, ours is not.
 *
 * Errors:  no such key; WRONGTYPE (key holds another type); unknown option; not an integer (count).
 */
export const xinfoStream = defineCommand({
  name: 'STREAM',
  summary: 'Shows the figures of a stream; with FULL its entries, groups and consumers as well.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1); with FULL O(N), N = what is shown',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    {
      name: 'full-block',
      type: 'block',
      isOptional: true,
      args: ['full:pure-token token=FULL', 'count:integer token=COUNT optional'],
    },
  ],
  history: [
    ['6.0.0', 'Takes FULL.'],
    ['7.0.0', 'Shows max-deleted-entry-id, entries-added, recorded-first-entry-id, entries-read and lag.'],
    ['7.2.0', 'Shows active-time; seen-time has another meaning.'],
  ],
  reply: 'map|array',

  run(call) {
    if (!openToRead(call)) return
    if (call.argc === 3) return replyShort(call)
    const isFull = (call.argc === 4 || call.argc === 6) && call.is(3, FULL)
    if (!isFull || (call.argc === 6 && !call.is(4, COUNT))) {
      return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'xinfo'))
    }
    const count = call.argc === 6 ? call.integer(5) : COUNT_DEFAULT
    if (!Number.isNaN(count)) replyFull(call, count < 0 ? COUNT_DEFAULT : count)
  },
})

const id = new StreamId()
const wide = new Int64()
const place = new IndexCursor()
const groupWalk = new NameWalk()
const consumerWalk = new NameWalk()

function replyFigures(call: Call, stream: Stream): void {
  const { reply } = call
  replyPair(call, 'length', stream.length)
  replyPair(call, 'radix-tree-keys', stream.nodeCount)
  replyPair(call, 'radix-tree-nodes', stream.radixNodeCount)
  stream.readLastId(id)
  reply.bulkText('last-generated-id')
  replyId(reply, id)
  stream.readMaxDeletedId(id)
  reply.bulkText('max-deleted-entry-id')
  replyId(reply, id)
  stream.readEntriesAdded(wide)
  reply.bulkText('entries-added')
  replyWide(call, wide)
  stream.readFirstId(id)
  reply.bulkText('recorded-first-entry-id')
  replyId(reply, id)
}

function replyPair(call: Call, name: string, value: number): void {
  call.reply.bulkText(name)
  call.reply.integer(value)
}

function replyShort(call: Call): void {
  const { cursor, view } = call.keyspace.streams
  call.reply.map(10)
  replyFigures(call, view)
  replyPair(call, 'groups', view.groupCount)
  call.reply.bulkText('first-entry')
  cursor.forward(view, LEAST_ID, GREATEST_ID, 0, 0)
  replyNext(call)
  call.reply.bulkText('last-entry')
  cursor.backward(view, LEAST_ID, GREATEST_ID)
  replyNext(call)
}

function replyNext(call: Call): void {
  const { cursor } = call.keyspace.streams
  if (cursor.next()) replyEntry(call.reply, cursor)
  else call.reply.nil()
}

/** @param count  of entries and of what is pending, each, at most; 0 is no limit */
function replyFull(call: Call, count: number): void {
  const { arena, reply } = call
  const { cursor, view } = call.keyspace.streams
  reply.map(9)
  replyFigures(call, view)
  reply.bulkText('entries')
  cursor.forward(view, LEAST_ID, GREATEST_ID, 0, 0)
  replyEntries(reply, cursor, count)
  reply.bulkText('groups')
  reply.array(view.groupCount)
  groupWalk.start(arena, view.groups)
  for (let group = groupWalk.next(arena); group !== 0; group = groupWalk.next(arena)) replyGroup(call, group, count)
}

function replyGroup(call: Call, group: Pointer, count: number): void {
  const { arena, reply } = call
  reply.map(7)
  replyGroupName(call, group)
  replyLastId(call, group)
  replyProgress(call, group)
  replyPendings(call, groupPending(group), count, true)
  reply.bulkText('consumers')
  reply.array(consumerCount(arena, group))
  consumerWalk.start(arena, consumersOf(arena, group))
  for (let consumer = consumerWalk.next(arena); consumer !== 0; consumer = consumerWalk.next(arena)) {
    reply.map(5)
    replyGroupName(call, consumer)
    replyPair(call, 'seen-time', seenMs(arena, consumer))
    replyPair(call, 'active-time', activeMs(arena, consumer))
    replyPendings(call, consumerPending(consumer), count, false)
  }
}

/** The number of pending entries and the first of them: two pairs. */
function replyPendings(call: Call, pendings: Pointer, countMax: number, showsConsumer: boolean): void {
  const { arena, reply } = call
  const total = indexCount(arena, pendings)
  const count = countMax === 0 || countMax > total ? total : countMax
  replyPair(call, 'pel-count', total)
  reply.bulkText('pending')
  reply.array(count)
  place.toFirst(arena, pendings)
  for (let left = count; left > 0; left--) {
    const pending = place.value(arena)
    place.readId(arena, id)
    readDeliveries(arena, pending, wide)
    reply.array(showsConsumer ? 4 : 3)
    replyId(reply, id)
    if (showsConsumer) replyName(call, pendingConsumer(arena, pending))
    reply.integer(deliveredMs(arena, pending))
    replyWide(call, wide)
    place.next(arena)
  }
}
