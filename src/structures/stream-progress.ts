/**
 * How far a consumer group has come: the number of entries that an id stands for since the stream began, and from that how many
 * are yet to be delivered. Both are known only where no deletion lies ahead; the rules are those of Redis 7.2.
 */

import { Int64, subtract } from '../base/int64.js'
import type { Pointer } from '../memory/pointer.js'
import type { Stream } from './stream.js'
import { hasEntriesRead, readEntriesRead, readGroupLastId } from './stream-groups.js'
import { compareIds, isIdZero, StreamId } from './stream-id.js'

const deletedId = new StreamId()
const firstId = new StreamId()
const lastId = new StreamId()
const added = new Int64()
const read = new Int64()
const length = new Int64()

/** Whether an entry may have been deleted behind `id`, that id included, that was not before all there are. */
export function hasDeletedBehind(stream: Stream, id: StreamId): boolean {
  stream.readMaxDeletedId(deletedId)
  if (isIdZero(deletedId) || stream.length === 0) return false
  stream.readFirstId(firstId)
  if (compareIds(firstId, deletedId) > 0) return false
  return compareIds(id, deletedId) <= 0
}

/**
 * How many entries were added up to an id, that one included.
 *
 * @returns false when that cannot be told
 */
export function entriesUpTo(stream: Stream, id: StreamId, into: Int64): boolean {
  stream.readEntriesAdded(into)
  if ((into.high | into.low) === 0) return true
  stream.readLastId(lastId)
  const order = compareIds(id, lastId)
  if (order === 0 || (order < 0 && stream.length === 0)) return true
  if (order > 0) return false
  stream.readMaxDeletedId(deletedId)
  stream.readFirstId(firstId)
  if (!isIdZero(deletedId) && compareIds(deletedId, firstId) >= 0) return false
  const fromFirst = compareIds(id, firstId)
  if (fromFirst > 0) return false
  setLength(stream.length - (fromFirst === 0 ? 1 : 0))
  subtract(into, length, into)
  return true
}

/** How many entries a group has yet to read; false when that cannot be told. */
export function groupLag(stream: Stream, group: Pointer, into: Int64): boolean {
  const { arena } = stream
  stream.readEntriesAdded(added)
  into.high = 0
  into.low = 0
  if ((added.high | added.low) === 0) return true
  readGroupLastId(arena, group, groupId)
  if (hasEntriesRead(arena, group) && !hasDeletedBehind(stream, groupId)) readEntriesRead(arena, group, read)
  else if (!entriesUpTo(stream, groupId, read)) return false
  subtract(added, read, into)
  return true
}

const groupId = new StreamId()

function setLength(value: number): void {
  length.high = Math.floor(value / 0x100000000)
  length.low = value >>> 0
}
