/**
 * Streams: entries of fields and values under ids that grow. An ordered index (stream-index.ts) over nodes of entries
 * (stream-node.ts), and consumer groups (stream-groups.ts), under one block:
 *
 *     word 0 …   handle of the index: node by the id of its first entry
 *          4     entries, f64
 *          6     last id, which may be above the last entry's
 *         10     id of the first entry, 0-0 when there is none
 *         14     greatest id that was deleted
 *         18     entries ever added, 64 bits, low word first
 *         20     root of the groups by name, and their number
 *         22     nodes a radix tree would have (stream-radix.ts)
 *         23     changes that moved entries within memory, modulo 2^32: places noted elsewhere are stale when it differs
 *
 * The last node has room to grow, up to twice its size or the limit of a node; when the next is begun it is cut to what it holds.
 * `Stream` is a view: opened on one stream after the other. Functions that may lack memory say so and change nothing then.
 */

import { assert } from '../base/assert.js'
import type { Int64 } from '../base/int64.js'
import { type Arena, blockBytes } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { END, integerAt, totalBytes } from './listpack.js'
import * as edit from './listpack-edit.js'
import {
  assignId,
  compareIds,
  compareStoredId,
  incrementId,
  loadId,
  setIdMax,
  setIdZero,
  storeId,
  StreamId,
} from './stream-id.js'
import {
  Added,
  indexAdd,
  indexCount,
  IndexCursor,
  indexFreeSome,
  indexMemory,
  indexRemove,
  indexReplace,
  indexValidate,
} from './stream-index.js'
import {
  addedBytesMax,
  addEntry,
  DELETED,
  deletedCountAt,
  entryBefore,
  entryBehind,
  entryBytesMax,
  type EntryWords,
  firstEntry,
  hasFieldsOf,
  isValidNode,
  liveCount,
  readEntryId,
  seekEntry,
  writeNode,
} from './stream-node.js'
import { countRadixNodes, radixNodesOf } from './stream-radix.js'

const LENGTH = 4
const LAST_ID = 6
const FIRST_ID = 10
const MAX_DELETED = 14
const ADDED = 18
const GROUPS = 20
const GROUP_COUNT = 21
const RADIX_NODES = 22
const MOVES = 23
const STREAM_WORDS = 24

/** Entries of more than so many bytes in all are refused, and nodes are not filled further. */
export const NODE_BYTES_MAX = 1 << 30
/** A new node is given no more than this in advance. */
const ROOM_BYTES_MAX = 4096

/** Limits of a node; 0 is none. */
export interface NodeLimits {
  readonly nodeBytesMax: number
  readonly nodeEntriesMax: number
}

const tail = new IndexCursor()
const master = new StreamId()
const found = new StreamId()

/** Reserves and clears a stream's block; 0 when memory could not be had. */
export function createStream(arena: Arena): Pointer {
  const root = arena.allocate(STREAM_WORDS * 4)
  if (root === 0) return 0
  const base = (root & OFFSET_MASK) << 1
  arena.i32[root >>> SEGMENT_SHIFT].fill(0, base, base + STREAM_WORDS)
  arena.i32[root >>> SEGMENT_SHIFT][base + RADIX_NODES] = 1
  return root
}

export class Stream {
  readonly arena: Arena
  /** The stream that is seen; also the handle of its index. */
  root: Pointer
  private words: Int32Array
  private base: number

  constructor(arena: Arena) {
    this.arena = arena
    this.root = 0
    this.words = arena.i32[0]
    this.base = 0
  }

  open(root: Pointer): void {
    this.root = root
    this.words = this.arena.i32[root >>> SEGMENT_SHIFT]
    this.base = (root & OFFSET_MASK) << 1
  }

  // ---- Figures ----

  get length(): number {
    return this.arena.f64[this.root >>> SEGMENT_SHIFT][(this.base + LENGTH) >>> 1]
  }

  set length(value: number) {
    this.arena.f64[this.root >>> SEGMENT_SHIFT][(this.base + LENGTH) >>> 1] = value
  }

  get nodeCount(): number {
    return indexCount(this.arena, this.root)
  }

  get radixNodeCount(): number {
    return this.words[this.base + RADIX_NODES]
  }

  get moves(): number {
    return this.words[this.base + MOVES]
  }

  readLastId(into: StreamId): void {
    loadId(this.words, this.base + LAST_ID, into)
  }

  setLastId(id: StreamId): void {
    storeId(this.words, this.base + LAST_ID, id)
  }

  /** Compares the last id with another. */
  compareLastId(id: StreamId): number {
    return compareStoredId(this.words, this.base + LAST_ID, id)
  }

  readFirstId(into: StreamId): void {
    loadId(this.words, this.base + FIRST_ID, into)
  }

  setFirstId(id: StreamId): void {
    storeId(this.words, this.base + FIRST_ID, id)
  }

  readMaxDeletedId(into: StreamId): void {
    loadId(this.words, this.base + MAX_DELETED, into)
  }

  setMaxDeletedId(id: StreamId): void {
    storeId(this.words, this.base + MAX_DELETED, id)
  }

  readEntriesAdded(into: Int64): void {
    into.low = this.words[this.base + ADDED] >>> 0
    into.high = this.words[this.base + ADDED + 1]
  }

  setEntriesAdded(count: Int64): void {
    this.words[this.base + ADDED] = count.low | 0
    this.words[this.base + ADDED + 1] = count.high
  }

  /** Root of the groups' tree. */
  get groups(): Pointer {
    return this.words[this.base + GROUPS]
  }

  get groupCount(): number {
    return this.words[this.base + GROUP_COUNT]
  }

  setGroups(root: Pointer, count: number): void {
    this.words[this.base + GROUPS] = root
    this.words[this.base + GROUP_COUNT] = count
  }

  /** The greatest id of an entry that is there; 0-0 when there is none. */
  readTopId(into: StreamId): void {
    this.edgeId(false, true, into)
    if (this.length === 0) setIdZero(into)
  }

  /**
   * The id of the first or last entry, deleted ones counted or not.
   *
   * Where there is none, it is the greatest id for the first and 0-0 for the last.
   */
  edgeId(isFirst: boolean, skipsDeleted: boolean, into: StreamId): void {
    const { arena } = this
    let isThere = isFirst ? tail.toFirst(arena, this.root) : tail.toLast(arena, this.root)
    while (isThere) {
      if (this.edgeOfNode(isFirst, skipsDeleted, into)) return
      isThere = isFirst ? tail.next(arena) : tail.previous(arena)
    }
    if (isFirst) setIdMax(into)
    else setIdZero(into)
  }

  private edgeOfNode(isFirst: boolean, skipsDeleted: boolean, into: StreamId): boolean {
    const node = tail.value(this.arena)
    const bytes = this.arena.u8[node >>> SEGMENT_SHIFT]
    const start = (node & OFFSET_MASK) << 3
    const end = start + totalBytes(bytes, start) - 1
    tail.readId(this.arena, master)
    let at = isFirst ? firstEntry(bytes, start) : entryBefore(bytes, start, end)
    while (at >= 0 && at < end) {
      if (!skipsDeleted || (integerAt(bytes, at) & DELETED) === 0) {
        readEntryId(bytes, at, master, into)
        return true
      }
      at = isFirst ? entryBehind(bytes, start, at) : entryBefore(bytes, start, at)
    }
    return false
  }

  // ---- Adding ----

  /**
   * Adds an entry under an id above the last one.
   *
   * @param words  its fields and values in turn, from the word `from` on; together at most NODE_BYTES_MAX bytes
   * @param total  bytes of these
   * @returns false when memory could not be had
   */
  append(id: StreamId, words: EntryWords, from: number, fields: number, total: number, limits: NodeLimits): boolean {
    const { arena } = this
    const isThere = tail.toLast(arena, this.root)
    const node = isThere ? tail.value(arena) : 0
    if (node === 0 || this.isFull(node, total, limits)) {
      if (!this.appendNode(node, id, words, from, fields, limits)) return false
    } else if (!this.appendToNode(node, id, words, from, fields, limits)) return false
    this.countAdded(id)
    return true
  }

  /** The next id after the last that has been, for an entry added at a time; false when there is none. */
  nextId(ms: StreamId, into: StreamId): boolean {
    assert(ms.seqHigh === 0)
    loadId(this.words, this.base + LAST_ID, into)
    if (compareMs(into, ms) < 0) {
      assignId(ms, into)
      return true
    }
    return incrementId(into)
  }

  private isFull(node: Pointer, total: number, limits: NodeLimits): boolean {
    const bytes = this.arena.u8[node >>> SEGMENT_SHIFT]
    const start = (node & OFFSET_MASK) << 3
    const { nodeBytesMax } = limits
    const bytesMax = nodeBytesMax === 0 || nodeBytesMax > NODE_BYTES_MAX ? NODE_BYTES_MAX : nodeBytesMax
    if (totalBytes(bytes, start) + total >= bytesMax) return true
    if (limits.nodeEntriesMax === 0) return false
    return liveCount(bytes, start) + integerAt(bytes, deletedCountAt(bytes, start)) >= limits.nodeEntriesMax
  }

  private appendNode(
    full: Pointer, id: StreamId, words: EntryWords, from: number, fields: number, limits: NodeLimits,
  ): boolean {
    const { arena } = this
    const needed = entryBytesMax(words, from, fields)
    let room = needed
    // Nodes tend to become as large as the one before.
    if (full !== 0) {
      const size = totalBytes(arena.u8[full >>> SEGMENT_SHIFT], (full & OFFSET_MASK) << 3)
      room = Math.max(needed, Math.min(size + (size >>> 4), roomMax(limits)))
    }
    const node = arena.allocate(room)
    if (node === 0) return false
    writeNode(arena.u8[node >>> SEGMENT_SHIFT], (node & OFFSET_MASK) << 3, words, from, fields)
    if (indexAdd(arena, this.root, id, node) !== Added.yes) {
      arena.free(node)
      return false
    }
    this.words[this.base + RADIX_NODES] += radixNodesOf(arena, this.root, id)
    if (full !== 0) this.trimNode(full)
    else if (needed < arena.usableBytes(node)) this.fitNode(node, id)
    return true
  } // prettier-ignore

  /** Cuts the last node but one to what it holds. */
  private trimNode(node: Pointer): void {
    const { arena } = this
    tail.toLast(arena, this.root)
    tail.previous(arena)
    assert(tail.value(arena) === node)
    const fitted = fitBlock(arena, node)
    if (fitted === node) return
    tail.setValue(arena, fitted)
    this.noteMove()
  }

  /** The bound for the first node of a stream is generous, as many streams have no more. */
  private fitNode(node: Pointer, id: StreamId): void {
    const fitted = fitBlock(this.arena, node)
    if (fitted !== node) indexReplace(this.arena, this.root, id, fitted)
  }

  private appendToNode(
    node: Pointer, id: StreamId, words: EntryWords, from: number, fields: number, limits: NodeLimits,
  ): boolean {
    const { arena } = this
    let bytes = arena.u8[node >>> SEGMENT_SHIFT]
    let start = (node & OFFSET_MASK) << 3
    const isSame = hasFieldsOf(bytes, start, words, from, fields)
    const count = liveCount(bytes, start)
    // One byte more: the count of entries may come to need it.
    const needed = totalBytes(bytes, start) + addedBytesMax(words, from, fields, isSame) + 1
    let target = node
    if (needed > arena.usableBytes(node)) {
      target = this.growTail(node, needed, limits)
      if (target === 0) return false
      bytes = arena.u8[target >>> SEGMENT_SHIFT]
      start = (target & OFFSET_MASK) << 3
    }
    tail.readId(arena, master)
    addDifference(bytes, start, words, from, fields, isSame, id)
    if (count + 1 < 128) bytes[start + COUNT_OFFSET] = count + 1
    else this.setTailCount(target, count + 1)
    return true
  } // prettier-ignore

  /** Moves the last node to a larger block; `tail` stands on it. */
  private growTail(node: Pointer, needed: number, limits: NodeLimits): Pointer {
    const { arena } = this
    const bytes = arena.u8[node >>> SEGMENT_SHIFT]
    const size = totalBytes(bytes, (node & OFFSET_MASK) << 3)
    const grown = arena.reallocate(node, Math.max(needed, Math.min(size * 2, roomMax(limits))))
    if (grown === 0) return 0
    if (grown !== node) {
      tail.setValue(arena, grown)
      this.noteMove()
    }
    return grown
  }

  /** Sets the count of entries where it takes more than one byte; there is room for it. */
  private setTailCount(node: Pointer, count: number): void {
    const { arena } = this
    const start = (node & OFFSET_MASK) << 3
    const before = totalBytes(arena.u8[node >>> SEGMENT_SHIFT], start)
    const changed = edit.replaceInteger(arena, node, start + COUNT_OFFSET, count)
    assert(changed !== 0)
    if (changed === node && totalBytes(arena.u8[node >>> SEGMENT_SHIFT], start) === before) return
    tail.setValue(arena, changed)
    this.noteMove()
  }

  private countAdded(id: StreamId): void {
    const { base, words } = this
    const length = this.length + 1
    this.length = length
    const added = (words[base + ADDED] + 1) | 0
    words[base + ADDED] = added
    if (added === 0) words[base + ADDED + 1]++
    storeId(words, base + LAST_ID, id)
    if (length === 1) storeId(words, base + FIRST_ID, id)
  }

  // ---- Deleting ----

  /**
   * Deletes the entry of an id. First and greatest deleted id are the caller's to set.
   *
   * @returns 1, 0 when there is none, -1 when memory could not be had
   */
  deleteEntry(id: StreamId): number {
    const { arena } = this
    if (!tail.toFloor(arena, this.root, id)) return 0
    const node = tail.value(arena)
    const bytes = arena.u8[node >>> SEGMENT_SHIFT]
    const start = (node & OFFSET_MASK) << 3
    tail.readId(arena, master)
    const at = seekEntry(bytes, start, master, id)
    if (bytes[at] === END) return 0
    readEntryId(bytes, at, master, found)
    const flags = integerAt(bytes, at)
    if ((flags & DELETED) !== 0 || compareIds(found, id) !== 0) return 0
    const live = liveCount(bytes, start)
    if (live === 1) this.removeNode(master)
    else {
      bytes[at] = flags | DELETED
      if (!this.setCounts(node, live - 1, integerAt(bytes, deletedCountAt(bytes, start)) + 1)) {
        bytes[at] = flags
        return -1
      }
    }
    this.length--
    return 1
  }

  /** Sets the two counts of the node on which `tail` stands; false when memory could not be had. */
  private setCounts(node: Pointer, live: number, deleted: number): boolean {
    const { arena } = this
    const before = totalBytes(arena.u8[node >>> SEGMENT_SHIFT], (node & OFFSET_MASK) << 3)
    const start = (node & OFFSET_MASK) << 3
    let target = edit.replaceInteger(arena, node, deletedCountAt(arena.u8[node >>> SEGMENT_SHIFT], start), deleted)
    if (target === 0) return false
    target = edit.replaceInteger(arena, target, ((target & OFFSET_MASK) << 3) + COUNT_OFFSET, live)
    const after = totalBytes(arena.u8[target >>> SEGMENT_SHIFT], (target & OFFSET_MASK) << 3)
    if (target === node && after === before) return true
    tail.setValue(arena, target)
    this.noteMove()
    return true
  }

  /** Makes sure that the counts of the node on which `tail` stands may become wider; returns it, or 0 without memory. */
  private reserveCounts(node: Pointer): Pointer {
    const { arena } = this
    const size = totalBytes(arena.u8[node >>> SEGMENT_SHIFT], (node & OFFSET_MASK) << 3)
    if (size + COUNT_BYTES_MAX <= arena.usableBytes(node)) return node
    const grown = arena.reallocate(node, size + COUNT_BYTES_MAX)
    if (grown !== 0 && grown !== node) {
      tail.setValue(arena, grown)
      this.noteMove()
    }
    return grown
  }

  /** Takes a node out of the index and frees it. */
  private removeNode(id: StreamId): void {
    const { arena } = this
    this.words[this.base + RADIX_NODES] -= radixNodesOf(arena, this.root, id)
    arena.free(indexRemove(arena, this.root, id))
    this.noteMove()
  }

  /** Finds the first entry again after entries have gone. */
  refreshFirstId(): void {
    if (this.length === 0) setIdZero(found)
    else this.edgeId(true, true, found)
    this.setFirstId(found)
  }

  /**
   * Removes entries from the front until no more than `lengthMax` are left.
   *
   * @param isCoarse    only whole nodes go
   * @param removedMax  more are not removed; 0 is no limit
   * @returns how many went
   */
  trimToLength(lengthMax: number, isCoarse: boolean, removedMax: number): number {
    return this.trim(lengthMax, undefined, isCoarse, removedMax)
  }

  /** Removes entries from the front that are below `id`. */
  trimBelow(id: StreamId, isCoarse: boolean, removedMax: number): number {
    return this.trim(-1, id, isCoarse, removedMax)
  }

  private trim(lengthMax: number, below: StreamId | undefined, isCoarse: boolean, removedMax: number): number {
    const { arena } = this
    let removed = 0
    while (tail.toFirst(arena, this.root)) {
      if (below === undefined && this.length <= lengthMax) break
      const node = tail.value(arena)
      const bytes = arena.u8[node >>> SEGMENT_SHIFT]
      const start = (node & OFFSET_MASK) << 3
      const live = liveCount(bytes, start)
      if (removedMax !== 0 && removed + live > removedMax) break
      tail.readId(arena, master)
      if (below === undefined ? this.length - live >= lengthMax : this.isNodeBelow(bytes, start, below)) {
        this.removeNode(master)
        this.length -= live
        removed += live
        continue
      }
      if (!isCoarse) removed += this.trimNodeEntries(node, lengthMax, below, live)
      break
    }
    if (removed > 0 || this.length === 0) this.refreshFirstId()
    return removed
  }

  private isNodeBelow(bytes: Uint8Array, start: number, below: StreamId): boolean {
    const at = entryBefore(bytes, start, start + totalBytes(bytes, start) - 1)
    if (at < 0) return true
    readEntryId(bytes, at, master, found)
    return compareIds(found, below) < 0
  }

  /** Deletes entries from the front of the node on which `tail` stands; it keeps some. */
  private trimNodeEntries(node: Pointer, lengthMax: number, below: StreamId | undefined, live: number): number {
    node = this.reserveCounts(node)
    if (node === 0) return 0
    const bytes = this.arena.u8[node >>> SEGMENT_SHIFT]
    const start = (node & OFFSET_MASK) << 3
    const deleted = integerAt(bytes, deletedCountAt(bytes, start))
    const end = start + totalBytes(bytes, start) - 1
    let removed = 0
    for (let at = firstEntry(bytes, start); at < end; at = entryBehind(bytes, start, at)) {
      if (below === undefined) {
        if (this.length - removed <= lengthMax) break
      } else {
        readEntryId(bytes, at, master, found)
        if (compareIds(found, below) >= 0) break
      }
      const flags = integerAt(bytes, at)
      if ((flags & DELETED) !== 0) continue
      bytes[at] = flags | DELETED
      removed++
    }
    if (removed === 0) return 0
    this.length -= removed
    const isSet = this.setCounts(node, live - removed, deleted + removed)
    assert(isSet)
    return removed
  }

  // ---- The whole ----

  /** Adds a node of bytes that are one, behind all others; false when memory could not be had. For loading. */
  addNode(id: StreamId, bytes: Uint8Array, start: number, end: number): boolean {
    const { arena } = this
    const node = edit.fromBytes(arena, bytes, start, end)
    if (node === 0) return false
    if (indexAdd(arena, this.root, id, node) !== Added.yes) {
      arena.free(node)
      return false
    }
    this.words[this.base + RADIX_NODES] += radixNodesOf(arena, this.root, id)
    return true
  }

  /** Copies nodes and figures from another stream to this one, which is new; false when memory could not be had. */
  copyFrom(other: Stream): boolean {
    const { arena } = this
    const cursor = new IndexCursor()
    const id = new StreamId()
    for (let isThere = cursor.toFirst(arena, other.root); isThere; isThere = cursor.next(arena)) {
      cursor.readId(arena, id)
      const node = edit.duplicate(arena, cursor.value(arena))
      if (node === 0) return false
      if (indexAdd(arena, this.root, id, node) !== Added.yes) {
        arena.free(node)
        return false
      }
    }
    for (let i = LENGTH; i < GROUPS; i++) this.words[this.base + i] = other.words[other.base + i]
    this.words[this.base + RADIX_NODES] = other.radixNodeCount
    return true
  }

  /** Frees about so many nodes from the front; true when none is left. What is left is no stream any more. */
  freeNodes(nodesMax: number): boolean {
    indexFreeSome(this.arena, this.root, nodesMax, true)
    return this.nodeCount === 0
  }

  /** Bytes of its blocks, groups apart; nodes beyond the first `samples` are taken to be like these. */
  nodesMemory(samples: number): number {
    const { arena } = this
    const cursor = new IndexCursor()
    let bytes = 0
    let seen = 0
    let isThere = cursor.toFirst(arena, this.root)
    for (; isThere && seen < samples; isThere = cursor.next(arena)) {
      bytes += arena.usableBytes(cursor.value(arena))
      seen++
    }
    if (isThere) {
      bytes = (bytes / seen) * (this.nodeCount - 1)
      cursor.toLast(arena, this.root)
      bytes += arena.usableBytes(cursor.value(arena))
    }
    return arena.usableBytes(this.root) + indexMemory(arena, this.root) + Math.round(bytes)
  }

  /** Asserts all invariants but those of groups; takes time in proportion to the stream. */
  validate(): void {
    const { arena } = this
    indexValidate(arena, this.root)
    const cursor = new IndexCursor()
    const id = new StreamId()
    const above = new StreamId()
    let live = 0
    let isFirst = true
    for (let isThere = cursor.toFirst(arena, this.root); isThere; isThere = cursor.next(arena)) {
      const node = cursor.value(arena)
      const bytes = arena.u8[node >>> SEGMENT_SHIFT]
      const start = (node & OFFSET_MASK) << 3
      assert(totalBytes(bytes, start) <= arena.usableBytes(node))
      assert(isValidNode(bytes, start, totalBytes(bytes, start), true))
      assert(liveCount(bytes, start) > 0)
      live += liveCount(bytes, start)
      cursor.readId(arena, master)
      const end = start + totalBytes(bytes, start) - 1
      for (let at = firstEntry(bytes, start); at < end; at = entryBehind(bytes, start, at)) {
        readEntryId(bytes, at, master, id)
        assert(isFirst || compareIds(above, id) < 0)
        assignId(id, above)
        isFirst = false
      }
    }
    assert(live === this.length)
    assert(this.radixNodeCount === countRadixNodes(arena, this.root))
    if (live > 0) assert(compareStoredId(this.words, this.base + LAST_ID, above) >= 0)
    if (live === 0) setIdZero(id)
    else this.edgeId(true, true, id)
    assert(compareStoredId(this.words, this.base + FIRST_ID, id) === 0)
  }

  private noteMove(): void {
    this.words[this.base + MOVES]++
  }
}

/** Offset of the count of entries in a node: the first element. */
const COUNT_OFFSET = 6
/** A count grows by no more than so many bytes. */
const COUNT_BYTES_MAX = 8

function roomMax({ nodeBytesMax }: NodeLimits): number {
  return nodeBytesMax > 0 && nodeBytesMax < ROOM_BYTES_MAX ? nodeBytesMax : ROOM_BYTES_MAX
}

/** A block no larger than its listpack needs. */
function fitBlock(arena: Arena, node: Pointer): Pointer {
  const size = totalBytes(arena.u8[node >>> SEGMENT_SHIFT], (node & OFFSET_MASK) << 3)
  if (blockBytes(size) >= arena.usableBytes(node)) return node
  const fitted = edit.duplicate(arena, node)
  if (fitted === 0) return node
  arena.free(node)
  return fitted
}

/** Writes an entry whose id is told as its difference from the node's, which is in `master`. */
function addDifference(
  bytes: Uint8Array, start: number, words: EntryWords, from: number, fields: number, isSame: boolean, id: StreamId,
): void {
  const msBorrow = id.msLow >>> 0 < master.msLow >>> 0 ? 1 : 0
  const seqBorrow = id.seqLow >>> 0 < master.seqLow >>> 0 ? 1 : 0
  const msHigh = (id.msHigh - master.msHigh - msBorrow) | 0
  const seqHigh = (id.seqHigh - master.seqHigh - seqBorrow) | 0
  const msLow = (id.msLow - master.msLow) | 0
  addEntry(bytes, start, words, from, fields, isSame, msHigh, msLow, seqHigh, (id.seqLow - master.seqLow) | 0)
} // prettier-ignore

function compareMs(a: StreamId, b: StreamId): number {
  if (a.msHigh !== b.msHigh) return a.msHigh >>> 0 < b.msHigh >>> 0 ? -1 : 1
  if (a.msLow !== b.msLow) return a.msLow >>> 0 < b.msLow >>> 0 ? -1 : 1
  return 0
}
