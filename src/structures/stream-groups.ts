/**
 * Consumer groups of streams: what was delivered to whom and not yet acknowledged.
 *
 *     group     words 0-3 name (stream-names.ts), 4-7 index of what is pending, 8-11 last delivered id,
 *               12-13 entries read (64 bits, low word first; -1 unknown), 14 root of the consumers, 15 their number,
 *               16 node, 17 offset, 18 moves: where the entry behind the last delivered one is, as long as nothing moved
 *     consumer  words 0-3 name, 4-7 index of what is pending for it, 8 seen (f64), 10 active (f64); ms since 1970, -1 never
 *     pending   word 0 delivered at (f64, ms since 1970), 2-3 deliveries (64 bits, low word first), 4 consumer
 *
 * A pending entry is one block, to which both indexes point. None of these blocks moves.
 */

import { assert } from '../base/assert.js'
import { Int64 } from '../base/int64.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import type { Stream } from './stream.js'
import { loadId, storeId, StreamId } from './stream-id.js'
import {
  Added,
  indexAdd,
  indexCount,
  IndexCursor,
  indexFind,
  indexFree,
  indexFreeSome,
  indexMemory,
  indexRemove,
  indexValidate,
} from './stream-index.js'
import { addNamed, findNamed, NameWalk, newNamed, removeNamed, validateNames } from './stream-names.js'

const PENDING_UNITS = 2
const GROUP_LAST_ID = 8
const GROUP_READ = 12
const GROUP_CONSUMERS = 14
const GROUP_CONSUMER_COUNT = 15
const GROUP_HINT_NODE = 16
const GROUP_HINT_OFFSET = 17
const GROUP_HINT_MOVES = 18
const GROUP_BYTES = 80
const CONSUMER_SEEN = 8
const CONSUMER_ACTIVE = 10
const CONSUMER_BYTES = 48
const NACK_COUNT = 2
const NACK_CONSUMER = 4
const NACK_BYTES = 24

/** Time of a consumer that was never active. */
export const NEVER = -1

// ---- Groups ----

export function findGroup(stream: Stream, name: Uint8Array, start: number, end: number): Pointer {
  return findNamed(stream.arena, stream.groups, name, start, end)
}

/** Adds a group whose name is not there yet; 0 when memory could not be had. */
export function addGroup(
  stream: Stream, name: Uint8Array, start: number, end: number, lastId: StreamId, entriesRead: Int64,
): Pointer {
  const { arena } = stream
  const group = newNamed(arena, GROUP_BYTES, name, start, end)
  if (group === 0) return 0
  setGroupLastId(arena, group, lastId)
  setEntriesRead(arena, group, entriesRead)
  stream.setGroups(addNamed(arena, stream.groups, group), stream.groupCount + 1)
  return group
} // prettier-ignore

/** Takes a group out of its stream; it is the caller's to free. */
export function unlinkGroup(stream: Stream, group: Pointer): void {
  stream.setGroups(removeNamed(stream.arena, stream.groups, group), stream.groupCount - 1)
}

/**
 * Frees about `blocksMax` blocks of a group that is in no stream any more.
 *
 * @returns blocks that went; fewer than `blocksMax` when the group is gone
 */
export function freeGroupSome(arena: Arena, group: Pointer, blocksMax: number): number {
  let freed = indexFreeSome(arena, groupPending(group), blocksMax, true)
  while (freed < blocksMax) {
    const consumer = word(arena, group, GROUP_CONSUMERS)
    if (consumer === 0) {
      arena.free(group)
      return freed
    }
    freed += indexFreeSome(arena, consumerPending(consumer), blocksMax - freed, false) + 1
    if (indexCount(arena, consumerPending(consumer)) !== 0) break
    setWord(arena, group, GROUP_CONSUMERS, removeNamed(arena, consumer, consumer))
    arena.free(consumer)
  }
  return freed < blocksMax ? blocksMax : freed
}

export function freeGroup(arena: Arena, group: Pointer): void {
  freeGroupSome(arena, group, Infinity)
}

/** Handle of the index of all that is pending in a group. */
export function groupPending(group: Pointer): Pointer {
  return group + PENDING_UNITS
}

export function readGroupLastId(arena: Arena, group: Pointer, into: StreamId): void {
  loadId(wordsOf(arena, group), baseOf(group) + GROUP_LAST_ID, into)
}

/** Sets it; the note of what is behind it is worth nothing then. */
export function setGroupLastId(arena: Arena, group: Pointer, id: StreamId): void {
  storeId(wordsOf(arena, group), baseOf(group) + GROUP_LAST_ID, id)
  setWord(arena, group, GROUP_HINT_OFFSET, 0)
}

/** Entries that the group has read since the stream began; negative when that is not known. */
export function readEntriesRead(arena: Arena, group: Pointer, into: Int64): void {
  readWide(arena, group, GROUP_READ, into)
}

export function setEntriesRead(arena: Arena, group: Pointer, count: Int64): void {
  setWide(arena, group, GROUP_READ, count)
}

/** One entry more; the number is known. */
export function countEntryRead(arena: Arena, group: Pointer): void {
  const low = (word(arena, group, GROUP_READ) + 1) | 0
  setWord(arena, group, GROUP_READ, low)
  if (low === 0) setWord(arena, group, GROUP_READ + 1, word(arena, group, GROUP_READ + 1) + 1)
}

export function hasEntriesRead(arena: Arena, group: Pointer): boolean {
  return (word(arena, group, GROUP_READ) & word(arena, group, GROUP_READ + 1)) !== -1
}

/** Notes where the entry behind the last delivered one is or will be. */
export function setHint(stream: Stream, group: Pointer, node: Pointer, offset: number): void {
  const { arena } = stream
  setWord(arena, group, GROUP_HINT_NODE, node)
  setWord(arena, group, GROUP_HINT_OFFSET, offset)
  setWord(arena, group, GROUP_HINT_MOVES, stream.moves)
}

/** That place, 0 when it is not known (any more). It is good for the node of `hintNode` only. */
export function hintOf(stream: Stream, group: Pointer): number {
  const { arena } = stream
  return word(arena, group, GROUP_HINT_MOVES) === stream.moves ? word(arena, group, GROUP_HINT_OFFSET) : 0
}

export function hintNode(arena: Arena, group: Pointer): Pointer {
  return word(arena, group, GROUP_HINT_NODE)
}

// ---- Consumers ----

/** Root of the consumers' tree. */
export function consumersOf(arena: Arena, group: Pointer): Pointer {
  return word(arena, group, GROUP_CONSUMERS)
}

export function consumerCount(arena: Arena, group: Pointer): number {
  return word(arena, group, GROUP_CONSUMER_COUNT)
}

export function findConsumer(arena: Arena, group: Pointer, name: Uint8Array, start: number, end: number): Pointer {
  return findNamed(arena, word(arena, group, GROUP_CONSUMERS), name, start, end)
}

/** Adds a consumer whose name is not there yet; 0 when memory could not be had. */
export function addConsumer(
  arena: Arena, group: Pointer, name: Uint8Array, start: number, end: number, seenMs: number, activeMs: number,
): Pointer {
  const consumer = newNamed(arena, CONSUMER_BYTES, name, start, end)
  if (consumer === 0) return 0
  setSeenMs(arena, consumer, seenMs)
  setActiveMs(arena, consumer, activeMs)
  setWord(arena, group, GROUP_CONSUMERS, addNamed(arena, word(arena, group, GROUP_CONSUMERS), consumer))
  setWord(arena, group, GROUP_CONSUMER_COUNT, word(arena, group, GROUP_CONSUMER_COUNT) + 1)
  return consumer
} // prettier-ignore

/** Removes a consumer with all that is pending for it. */
export function removeConsumer(arena: Arena, group: Pointer, consumer: Pointer): void {
  const handle = consumerPending(consumer)
  for (let isThere = cursor.toFirst(arena, handle); isThere; isThere = cursor.next(arena)) {
    cursor.readId(arena, pendingId)
    indexRemove(arena, groupPending(group), pendingId)
  }
  indexFree(arena, handle, true)
  setWord(arena, group, GROUP_CONSUMERS, removeNamed(arena, word(arena, group, GROUP_CONSUMERS), consumer))
  setWord(arena, group, GROUP_CONSUMER_COUNT, word(arena, group, GROUP_CONSUMER_COUNT) - 1)
  arena.free(consumer)
}

const cursor = new IndexCursor()
const pendingId = new StreamId()

/** Handle of the index of what is pending for a consumer. */
export function consumerPending(consumer: Pointer): Pointer {
  return consumer + PENDING_UNITS
}

/** When it last asked for anything. */
export function seenMs(arena: Arena, consumer: Pointer): number {
  return double(arena, consumer, CONSUMER_SEEN)
}

export function setSeenMs(arena: Arena, consumer: Pointer, ms: number): void {
  setDouble(arena, consumer, CONSUMER_SEEN, ms)
}

/** When it last got anything, or NEVER. */
export function activeMs(arena: Arena, consumer: Pointer): number {
  return double(arena, consumer, CONSUMER_ACTIVE)
}

export function setActiveMs(arena: Arena, consumer: Pointer, ms: number): void {
  setDouble(arena, consumer, CONSUMER_ACTIVE, ms)
}

// ---- What is pending ----

/** The pending entry of an id in a group, or 0. */
export function findPending(arena: Arena, group: Pointer, id: StreamId): Pointer {
  return indexFind(arena, groupPending(group), id)
}

/**
 * Notes that an entry was delivered to a consumer once, and just now; one that is pending already, for whomever, becomes like a new one.
 *
 * @returns the pending entry, or 0 when memory could not be had (nothing has changed then)
 */
export function deliver(arena: Arena, group: Pointer, consumer: Pointer, id: StreamId, nowMs: number): Pointer {
  const pending = newPending(arena, consumer, nowMs)
  if (pending === 0) return 0
  const added = indexAdd(arena, groupPending(group), id, pending)
  if (added === Added.yes) {
    if (indexAdd(arena, consumerPending(consumer), id, pending) === Added.yes) return pending
    indexRemove(arena, groupPending(group), id)
  }
  arena.free(pending)
  return added === Added.exists ? deliverAgain(arena, group, consumer, id, nowMs) : 0
}

function deliverAgain(arena: Arena, group: Pointer, consumer: Pointer, id: StreamId, nowMs: number): Pointer {
  const pending = findPending(arena, group, id)
  if (!giveTo(arena, pending, id, consumer)) return 0
  setDeliveredMs(arena, pending, nowMs)
  setWord(arena, pending, NACK_COUNT, 1)
  setWord(arena, pending, NACK_COUNT + 1, 0)
  return pending
}

/** A pending entry makes another consumer wait for its acknowledgement; false when memory could not be had. */
export function giveTo(arena: Arena, pending: Pointer, id: StreamId, consumer: Pointer): boolean {
  const owner = word(arena, pending, NACK_CONSUMER)
  if (owner === consumer) return true
  if (indexAdd(arena, consumerPending(consumer), id, pending) === Added.noMemory) return false
  indexRemove(arena, consumerPending(owner), id)
  setWord(arena, pending, NACK_CONSUMER, consumer)
  return true
}

/** Takes a pending entry out of both indexes and frees it. */
export function removePending(arena: Arena, group: Pointer, pending: Pointer, id: StreamId): void {
  indexRemove(arena, groupPending(group), id)
  indexRemove(arena, consumerPending(word(arena, pending, NACK_CONSUMER)), id)
  arena.free(pending)
}

export function pendingConsumer(arena: Arena, pending: Pointer): Pointer {
  return word(arena, pending, NACK_CONSUMER)
}

export function deliveredMs(arena: Arena, pending: Pointer): number {
  return double(arena, pending, 0)
}

export function setDeliveredMs(arena: Arena, pending: Pointer, ms: number): void {
  setDouble(arena, pending, 0, ms)
}

export function readDeliveries(arena: Arena, pending: Pointer, into: Int64): void {
  readWide(arena, pending, NACK_COUNT, into)
}

export function setDeliveries(arena: Arena, pending: Pointer, count: Int64): void {
  setWide(arena, pending, NACK_COUNT, count)
}

export function countDelivery(arena: Arena, pending: Pointer): void {
  const low = (word(arena, pending, NACK_COUNT) + 1) | 0
  setWord(arena, pending, NACK_COUNT, low)
  if (low === 0) setWord(arena, pending, NACK_COUNT + 1, word(arena, pending, NACK_COUNT + 1) + 1)
}

function newPending(arena: Arena, consumer: Pointer, nowMs: number): Pointer {
  const pending = arena.allocate(NACK_BYTES)
  if (pending === 0) return 0
  setDouble(arena, pending, 0, nowMs)
  setWord(arena, pending, NACK_COUNT, 1)
  setWord(arena, pending, NACK_COUNT + 1, 0)
  setWord(arena, pending, NACK_CONSUMER, consumer)
  return pending
}

// ---- For loading ----

/** Adds a pending entry that no consumer waits for yet; `adoptPending` must follow. False when memory is missing or it is there. */
export function addUnowned(arena: Arena, group: Pointer, id: StreamId, deliveredMs: number, deliveries: Int64): Added {
  const pending = newPending(arena, 0, deliveredMs)
  if (pending === 0) return Added.noMemory
  setDeliveries(arena, pending, deliveries)
  const added = indexAdd(arena, groupPending(group), id, pending)
  if (added !== Added.yes) arena.free(pending)
  return added
}

/** Gives a consumer a pending entry of its group; `exists` when it has it already or another has. */
export function adoptPending(arena: Arena, consumer: Pointer, pending: Pointer, id: StreamId): Added {
  if (word(arena, pending, NACK_CONSUMER) !== 0) return Added.exists
  const added = indexAdd(arena, consumerPending(consumer), id, pending)
  if (added === Added.yes) setWord(arena, pending, NACK_CONSUMER, consumer)
  return added
}

// ---- The whole ----

/** Copies the groups of a stream to another, which has none; false when memory could not be had. */
export function copyGroups(from: Stream, to: Stream): boolean {
  const walk = new NameWalk()
  walk.start(from.arena, from.groups)
  for (let group = walk.next(from.arena); group !== 0; group = walk.next(from.arena)) {
    if (!copyGroup(from.arena, group, to)) return false
  }
  return true
}

function copyGroup(arena: Arena, group: Pointer, to: Stream): boolean {
  const lastId = new StreamId()
  const entriesRead = new Int64()
  const name = nameRange(arena, group)
  readGroupLastId(arena, group, lastId)
  readEntriesRead(arena, group, entriesRead)
  const copied = addGroup(to, name.bytes, name.start, name.end, lastId, entriesRead)
  if (copied === 0) return false
  const walk = new NameWalk()
  walk.start(arena, consumersOf(arena, group))
  for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
    if (!copyConsumer(arena, consumer, copied)) return false
  }
  return true
}

function copyConsumer(arena: Arena, consumer: Pointer, group: Pointer): boolean {
  const name = nameRange(arena, consumer)
  const seen = seenMs(arena, consumer)
  const copied = addConsumer(arena, group, name.bytes, name.start, name.end, seen, activeMs(arena, consumer))
  if (copied === 0) return false
  const place = new IndexCursor()
  const id = new StreamId()
  const count = new Int64()
  const handle = consumerPending(consumer)
  for (let isThere = place.toFirst(arena, handle); isThere; isThere = place.next(arena)) {
    place.readId(arena, id)
    const pending = deliver(arena, group, copied, id, deliveredMs(arena, place.value(arena)))
    if (pending === 0) return false
    readDeliveries(arena, place.value(arena), count)
    setDeliveries(arena, pending, count)
  }
  return true
}

function nameRange(arena: Arena, block: Pointer): { bytes: Uint8Array; start: number; end: number } {
  const start = ((block & OFFSET_MASK) << 3) + word(arena, block, 3)
  return { bytes: arena.u8[block >>> SEGMENT_SHIFT], start, end: start + word(arena, block, 2) }
}

/** Frees about so many blocks of a stream's groups; true when none is left. */
export function freeGroupsSome(stream: Stream, blocksMax: number): boolean {
  const { arena } = stream
  let left = blocksMax
  while (left > 0 && stream.groups !== 0) {
    const group = stream.groups
    const rest = removeNamed(arena, group, group)
    const freed = freeGroupSome(arena, group, left)
    const isGone = freed < left
    stream.setGroups(isGone ? rest : addNamed(arena, rest, group), stream.groupCount - (isGone ? 1 : 0))
    left -= freed + 1
  }
  return stream.groups === 0
}

/** Blocks and entries of a group, about. */
export function groupBlocks(arena: Arena, group: Pointer): number {
  let blocks = 1 + indexCount(arena, groupPending(group))
  const walk = new NameWalk()
  walk.start(arena, consumersOf(arena, group))
  for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
    blocks += 1 + indexCount(arena, consumerPending(consumer))
  }
  return blocks
}

/** Bytes of all blocks of a stream's groups. */
export function groupsMemory(stream: Stream): number {
  const { arena } = stream
  const walk = new NameWalk()
  const consumers = new NameWalk()
  let bytes = 0
  walk.start(arena, stream.groups)
  for (let group = walk.next(arena); group !== 0; group = walk.next(arena)) {
    bytes += arena.usableBytes(group) + indexMemory(arena, groupPending(group))
    bytes += indexCount(arena, groupPending(group)) * NACK_BYTES
    consumers.start(arena, consumersOf(arena, group))
    for (let consumer = consumers.next(arena); consumer !== 0; consumer = consumers.next(arena)) {
      bytes += arena.usableBytes(consumer) + indexMemory(arena, consumerPending(consumer))
    }
  }
  return bytes
}

/** Asserts all invariants of a stream's groups; takes time in proportion to what is pending. */
export function validateGroups(stream: Stream): void {
  const { arena } = stream
  assert(validateNames(arena, stream.groups) === stream.groupCount)
  const walk = new NameWalk()
  walk.start(arena, stream.groups)
  for (let group = walk.next(arena); group !== 0; group = walk.next(arena)) validateGroup(arena, group)
}

function validateGroup(arena: Arena, group: Pointer): void {
  indexValidate(arena, groupPending(group))
  assert(validateNames(arena, consumersOf(arena, group)) === consumerCount(arena, group))
  const walk = new NameWalk()
  const place = new IndexCursor()
  const id = new StreamId()
  let pending = 0
  walk.start(arena, consumersOf(arena, group))
  for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
    const handle = consumerPending(consumer)
    indexValidate(arena, handle)
    for (let isThere = place.toFirst(arena, handle); isThere; isThere = place.next(arena)) {
      place.readId(arena, id)
      assert(findPending(arena, group, id) === place.value(arena))
      assert(pendingConsumer(arena, place.value(arena)) === consumer)
      pending++
    }
  }
  assert(pending === indexCount(arena, groupPending(group)))
}

// ---- Words ----

function wordsOf(arena: Arena, block: Pointer): Int32Array {
  return arena.i32[block >>> SEGMENT_SHIFT]
}

function baseOf(block: Pointer): number {
  return (block & OFFSET_MASK) << 1
}

function word(arena: Arena, block: Pointer, index: number): number {
  return arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index]
}

function setWord(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index] = value
}

/** @param index  of the first of two words, even */
function double(arena: Arena, block: Pointer, index: number): number {
  return arena.f64[block >>> SEGMENT_SHIFT][(block & OFFSET_MASK) + (index >>> 1)]
}

function setDouble(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.f64[block >>> SEGMENT_SHIFT][(block & OFFSET_MASK) + (index >>> 1)] = value
}

function readWide(arena: Arena, block: Pointer, index: number, into: Int64): void {
  into.low = word(arena, block, index) >>> 0
  into.high = word(arena, block, index + 1)
}

function setWide(arena: Arena, block: Pointer, index: number, value: Int64): void {
  setWord(arena, block, index, value.low | 0)
  setWord(arena, block, index + 1, value.high)
}
