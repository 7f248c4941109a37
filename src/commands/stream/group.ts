/** What commands on consumer groups share: finding them, and telling the feed what happened in them. */

import { Int64 } from '../../base/int64.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import {
  addConsumer,
  deliveredMs,
  findConsumer,
  findGroup,
  NEVER,
  pendingConsumer,
  readDeliveries,
  readEntriesRead,
  readGroupLastId,
} from '../../structures/stream-groups.js'
import { StreamId } from '../../structures/stream-id.js'
import { viewName } from '../../structures/stream-names.js'
import { idText } from './reply.js'

const lastId = new StreamId()
const name = new Slice()

/**
 * Finds the group that argument 2 names in the stream of an entry (0 for none), on which the view of streams is open then.
 *
 * @returns 0 when an error (WRONGTYPE, NOGROUP) has been replied
 */
export function findGroupIn(call: Call, entry: Pointer): Pointer {
  if (entry !== 0) {
    if (!call.hasType(entry, Type.stream)) return 0
    const { view } = call.keyspace.streams
    view.open(cellPointer(call.arena, entry))
    const group = findGroup(view, call.bytes, call.starts[2]!, call.ends[2]!)
    if (group !== 0) return group
  }
  call.fail(ErrorReply.noGroupOrKey(call.text(1), call.text(2)))
  return 0
}

/**
 * Finds a consumer, or makes it.
 *
 * @param key       argument of the stream's key, for which the event is announced
 * @param consumer  argument of the name
 * @returns 0 when memory could not be had
 */
export function findOrAddConsumer(call: Call, group: Pointer, key: number, consumer: number): Pointer {
  const { arena, bytes, ends, starts } = call
  const found = findConsumer(arena, group, bytes, starts[consumer]!, ends[consumer]!)
  return found !== 0 ? found : makeConsumer(call, group, key, consumer)
}

/** Makes a consumer that is not there yet, and announces it; 0 when memory could not be had. */
export function makeConsumer(call: Call, group: Pointer, key: number, consumer: number): Pointer {
  const { arena, bytes, ends, nowMs, starts } = call
  const added = addConsumer(arena, group, bytes, starts[consumer]!, ends[consumer]!, nowMs, NEVER)
  if (added === 0) return 0
  call.changed(1)
  call.notify(EventClass.stream, 'xgroup-createconsumer', key)
  return added
}

/** Tells the feed who waits to acknowledge an entry now, in a form that can be repeated. */
export function propagateClaim(
  call: Call,
  key: number,
  groupName: number,
  id: Uint8Array,
  group: Pointer,
  pending: Pointer,
): void {
  if (!call.propagates) return
  const { arena } = call
  const deliveries = new Int64()
  viewName(arena, pendingConsumer(arena, pending), name)
  readDeliveries(arena, pending, deliveries)
  readGroupLastId(arena, group, lastId)
  call.propagateAs([
    'XCLAIM', call.copyBytes(key), call.copyBytes(groupName), name.bytes.slice(name.start, name.end), '0', id,
    'TIME', deliveredMs(arena, pending), 'RETRYCOUNT', deliveries, 'FORCE', 'JUSTID', 'LASTID', idText(lastId),
  ]) // prettier-ignore
}

/** Tells the feed how far a group has come. */
export function propagateGroupId(call: Call, key: number, groupName: number, group: Pointer): void {
  if (!call.propagates) return
  const entriesRead = new Int64()
  readGroupLastId(call.arena, group, lastId)
  readEntriesRead(call.arena, group, entriesRead)
  call.propagateAs([
    'XGROUP', 'SETID', call.copyBytes(key), call.copyBytes(groupName), idText(lastId), 'ENTRIESREAD', entriesRead,
  ]) // prettier-ignore
}

/** The name of a group or consumer as a reply. */
export function replyName(call: Call, block: Pointer): void {
  viewName(call.arena, block, name)
  call.reply.bulk(name.bytes, name.start, name.end)
}

/** A 64-bit number as a reply. */
export function replyWide(call: Call, value: Int64): void {
  call.reply.int64(value.high, value.low)
}
