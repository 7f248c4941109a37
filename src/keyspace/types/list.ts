/**
 * Lists: a listpack while it stays within the limit of one node, a quicklist beyond.
 *
 * A listpack that would pass list-max-listpack-size with what is to be added becomes a quicklist first; a quicklist that has
 * shrunk to one node of half the limit becomes a listpack again (half, so that it does not go back and forth).
 *
 * Functions that change a list take its entry and key; entries do not move. Those that add return false when memory could not be
 * had. A list without elements exists only between two calls of these functions: who empties one removes the key.
 */

import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import * as listpacks from '../../structures/listpack.js'
import { END, ListpackElement } from '../../structures/listpack.js'
import * as edit from '../../structures/listpack-edit.js'
import * as quicklists from '../../structures/quicklist.js'
import { QuicklistCursor } from '../../structures/quicklist.js'
import * as ends from '../../structures/quicklist-ends.js'
import { countLimit, exceeds, nodeCount, sizeLimit } from '../../structures/quicklist-nodes.js'
import type { Database } from '../database.js'
import { cellWord, Encoding, encodingOf, encodingOfMeta, Type } from '../entry.js'
import type { ValueOwner } from '../keyspace.js'
import { addValue, cellPointer, setCellPointer, setEncoding } from './cell.js'
import { replyAt, replyElement, replyEntry, replyRun, replyRunBackward } from './listpack-reply.js'

export { replyElement, replyEntry }

const element = new ListpackElement()
const cursor = new QuicklistCursor()
const endView = new ends.EndView()

export class ListOwner implements ValueOwner {
  private readonly arena: Arena

  constructor(arena: Arena) {
    this.arena = arena
  }

  effort(value: Pointer, encoding: Encoding): number {
    return encoding === Encoding.quicklist ? quicklists.nodeTotal(this.arena, value) : 1
  }

  free(value: Pointer, encoding: Encoding): void {
    if (encoding === Encoding.quicklist) quicklists.free(this.arena, value)
    else this.arena.free(value)
  }

  freeSome(value: Pointer, encoding: Encoding, elementsMax: number): Pointer {
    if (encoding === Encoding.quicklist) return quicklists.freeSome(this.arena, value, elementsMax)
    this.arena.free(value)
    return 0
  }

  duplicate(value: Pointer, encoding: Encoding): Pointer {
    if (encoding === Encoding.quicklist) return quicklists.duplicate(this.arena, value)
    return edit.duplicate(this.arena, value)
  }

  memoryBytes(value: Pointer, samples: number, encoding: Encoding): number {
    if (encoding !== Encoding.quicklist) return this.arena.usableBytes(value)
    return quicklists.memoryBytes(this.arena, value, samples)
  }
}

export function listLength(arena: Arena, entry: Pointer): number {
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) return quicklists.count(arena, value)
  return listpacks.count(arena.u8[value >>> SEGMENT_SHIFT]!, (value & OFFSET_MASK) << 3)
}

/** Adds a key, just found missing, with an empty list; 0 when memory could not be had. */
export function createList(
  database: Database,
  key: Uint8Array,
  keyStart: number,
  keyEnd: number,
  bytes: number,
): Pointer {
  const { arena } = database.keyspace
  const listpack = edit.create(arena, Math.min(bytes, CREATED_BYTES_MAX))
  if (listpack === 0) return 0
  const entry = addValue(database, key, keyStart, keyEnd, Type.list, Encoding.listpack, listpack)
  if (entry === 0) arena.free(listpack)
  return entry
}

/** Most room that a new list is given for what is about to be added. */
const CREATED_BYTES_MAX = 8192

/** Before so many bytes in so many elements are added: makes a listpack that could not take them a quicklist. */
export function growList(database: Database, entry: Pointer, bytes: number, elements: number): boolean {
  const { keyspace } = database
  const { arena, lists } = keyspace
  if (encodingOf(arena, entry) === Encoding.quicklist) return true
  const listpack = cellPointer(arena, entry)
  const own = arena.u8[listpack >>> SEGMENT_SHIFT]!
  const start = (listpack & OFFSET_MASK) << 3
  const held = listpacks.count(own, start)
  if (!exceeds(lists.fill, listpacks.totalBytes(own, start) + bytes, held + elements)) return true
  const list = quicklists.create(arena, clampFill(lists.fill), lists.depth)
  if (list === 0) return false
  if (held === 0) arena.free(listpack)
  else if (!quicklists.appendListpack(arena, list, listpack)) {
    arena.free(list)
    return false
  }
  setCellPointer(arena, entry, list)
  setEncoding(arena, entry, Encoding.quicklist)
  return true
}

/** What a quicklist keeps of list-max-listpack-size: 15 bits, and no less than -5. */
export function clampFill(fill: number): number {
  return fill > 32767 ? 32767 : fill < -5 ? -5 : fill
}

/** After elements were taken: makes a quicklist that has become small a listpack. */
export function shrinkList(database: Database, entry: Pointer): void {
  const { arena, lists } = database.keyspace
  const words = arena.i32[entry >>> SEGMENT_SHIFT]!
  const meta = words[(entry & OFFSET_MASK) << 1]!
  if (encodingOfMeta(meta) !== Encoding.quicklist) return
  if (quicklists.nodeTotal(arena, words[cellWord(entry, meta)]!) !== 1) return
  const { fill } = lists
  toListpackWithin(database, entry, Math.floor(sizeLimit(fill) / 2), Math.floor(countLimit(fill) / 2))
}

/** After a list was built: gives it the encoding of its size. */
export function settleList(database: Database, entry: Pointer): boolean {
  const { fill } = database.keyspace.lists
  toListpackWithin(database, entry, sizeLimit(fill), countLimit(fill))
  return growList(database, entry, 0, 0)
}

function toListpackWithin(database: Database, entry: Pointer, bytesMax: number, elementsMax: number): void {
  const { arena } = database.keyspace
  if (encodingOf(arena, entry) !== Encoding.quicklist) return
  const list = cellPointer(arena, entry)
  if (quicklists.onlyListpackBytes(arena, list) > bytesMax || quicklists.count(arena, list) > elementsMax) return
  const listpack = quicklists.takeOnlyListpack(arena, list)
  if (listpack === 0) return
  setCellPointer(arena, entry, edit.shrinkToFit(arena, listpack))
  setEncoding(arena, entry, Encoding.listpack)
}

/** Adds an element at an end. `growList` comes first. */
export function pushElement(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number,
  atHead: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena, lists } = database.keyspace
  const held = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) {
    return quicklists.push(arena, held, atHead, value, start, end, lists.largeBytes)
  }
  const listpack = atHead ? edit.prepend(arena, held, value, start, end) : edit.append(arena, held, value, start, end)
  if (listpack === 0) return false
  if (listpack !== held) setCellPointer(arena, entry, listpack)
  return true
} // prettier-ignore

/**
 * Adds one element at an end, where that takes no more than writing it down; nothing needs to come first.
 *
 * @returns the length of the list then; 0, and nothing has changed, where it takes more
 */
export function pushShort(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number,
  atHead: boolean, value: Uint8Array, start: number, end: number,
): number {
  const { arena, lists } = database.keyspace
  if (end - start >= lists.largeBytes) return 0
  database.beforeWrite(key, keyStart, keyEnd)
  const words = arena.i32[entry >>> SEGMENT_SHIFT]!
  const meta = words[(entry & OFFSET_MASK) << 1]!
  const cell = cellWord(entry, meta)
  const held = words[cell]!
  if (encodingOfMeta(meta) === Encoding.quicklist) return ends.pushShort(arena, held, atHead, value, start, end)
  const bytes = arena.u8[held >>> SEGMENT_SHIFT]!
  const at = (held & OFFSET_MASK) << 3
  const elements = listpacks.headerCount(bytes, at)
  if (exceeds(lists.fill, listpacks.totalBytes(bytes, at) + end - start, elements + 1)) return 0
  if (elements >= listpacks.UNCOUNTED - 1) return 0
  const listpack = atHead ? edit.prepend(arena, held, value, start, end) : edit.append(arena, held, value, start, end)
  if (listpack === 0) return 0
  if (listpack !== held) words[cell] = listpack
  return elements + 1
} // prettier-ignore

/** Takes out elements from an index on; both lie in the list. False when memory to expand a compressed node is missing. */
export function removeElements(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, index: number, elements: number,
): boolean {
  if (elements === 0) return true
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena } = database.keyspace
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) {
    return quicklists.removeRange(arena, value, index, elements, cursor)
  }
  const listpack = edit.removeRange(arena, value, index, elements)
  if (listpack !== value) setCellPointer(arena, entry, listpack)
  return true
} // prettier-ignore

/**
 * Replies with the first or last element of a list that has any, and takes it out.
 *
 * @returns how many are left; -1 when it has been replied but is still there for `popElement` to take out
 */
export function replyAndPop(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, atHead: boolean, reply: ReplyWriter,
): number {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena } = database.keyspace
  const words = arena.i32[entry >>> SEGMENT_SHIFT]!
  const meta = words[(entry & OFFSET_MASK) << 1]!
  const cell = cellWord(entry, meta)
  const held = words[cell]!
  if (encodingOfMeta(meta) === Encoding.quicklist) {
    if (endView.open(arena, held, atHead)) {
      replyAt(reply, endView.bytes, endView.at)
      return endView.cut(arena)
    }
    viewEnd(arena, entry, atHead, element)
    reply.bulk(element.bytes, element.start, element.end)
    return -1
  }
  const bytes = arena.u8[held >>> SEGMENT_SHIFT]!
  const start = (held & OFFSET_MASK) << 3
  const elements = listpacks.headerCount(bytes, start)
  const at = atHead ? listpacks.first(start) : listpacks.last(bytes, start)
  replyAt(reply, bytes, at)
  const listpack = edit.remove(arena, held, at)
  if (listpack !== held) words[cell] = listpack
  return elements < listpacks.UNCOUNTED ? elements - 1 : listLength(arena, entry)
} // prettier-ignore

/** Takes out the first or last element of a list that has any; false as in `removeElements`. */
export function popElement(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, atHead: boolean,
): boolean {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena } = database.keyspace
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) return quicklists.pop(arena, value, atHead)
  const start = (value & OFFSET_MASK) << 3
  const at = atHead ? listpacks.first(start) : listpacks.last(arena.u8[value >>> SEGMENT_SHIFT]!, start)
  const listpack = edit.remove(arena, value, at)
  if (listpack !== value) setCellPointer(arena, entry, listpack)
  return true
} // prettier-ignore

/** Shows the first or last element as bytes, which last until the list is changed. The list is not empty. */
export function viewEnd(arena: Arena, entry: Pointer, atHead: boolean, into: ListpackElement): void {
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) {
    if (atHead) cursor.toFirst(arena, value)
    else cursor.toLast(arena, value)
    return cursor.readText(arena, into)
  }
  const bytes = arena.u8[value >>> SEGMENT_SHIFT]!
  const start = (value & OFFSET_MASK) << 3
  listpacks.readText(bytes, atHead ? listpacks.first(start) : listpacks.last(bytes, start), into)
}

/** Replies with `elements` elements, as bulk strings without a header, from an index on; backwards towards the head. */
export function replyElements(
  arena: Arena, entry: Pointer, reply: ReplyWriter, index: number, elements: number, backward: boolean,
): void {
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) !== Encoding.quicklist) {
    const bytes = arena.u8[value >>> SEGMENT_SHIFT]!
    const start = (value & OFFSET_MASK) << 3
    replySome(reply, bytes, start, listpacks.seek(bytes, start, index), elements, backward)
    return
  }
  cursor.toIndex(arena, value, index)
  for (let left = elements; left > 0; ) {
    if (cursor.isPlain) {
      reply.bulk(cursor.bytes, cursor.start, cursor.plainEnd(arena))
      left--
    } else {
      const here = backward ? cursor.index + 1 : nodeCount(arena, cursor.node) - cursor.index
      const run = here < left ? here : left
      replySome(reply, cursor.bytes, cursor.start, cursor.at, run, backward)
      left -= run
    }
    if (left > 0) cursor.leaveNode(arena, backward)
  }
} // prettier-ignore

function replySome(
  reply: ReplyWriter, bytes: Uint8Array, start: number, at: number, elements: number, backward: boolean,
): void {
  if (backward) replyRunBackward(reply, bytes, start, at, elements)
  else replyRun(reply, bytes, at, elements)
} // prettier-ignore

/** A place in a list of either encoding. A change other than through the functions below makes it stale. */
export class ListCursor {
  readonly inner: QuicklistCursor
  private arena: Arena | undefined
  private isQuicklist: boolean

  constructor() {
    this.inner = new QuicklistCursor()
    this.arena = undefined
    this.isQuicklist = false
  }

  /** Goes to an index, which counts from the end when negative; false when there is no such element. */
  toIndex(arena: Arena, entry: Pointer, index: number): boolean {
    const { inner } = this
    const value = cellPointer(arena, entry)
    this.arena = arena
    this.isQuicklist = encodingOf(arena, entry) === Encoding.quicklist
    if (this.isQuicklist) return inner.toIndex(arena, value, index < 0 ? index + quicklists.count(arena, value) : index)
    this.follow(arena, entry, 0)
    inner.isPlain = false
    inner.at = listpacks.seek(inner.bytes, inner.start, index)
    return inner.at >= 0
  }

  next(): boolean {
    const { inner } = this
    if (this.isQuicklist) return inner.next(this.arena!)
    inner.at = listpacks.next(inner.bytes, inner.at)
    return inner.bytes[inner.at] !== END
  }

  previous(): boolean {
    const { inner } = this
    if (this.isQuicklist) return inner.previous(this.arena!)
    inner.at = listpacks.previous(inner.bytes, inner.start, inner.at)
    return inner.at >= 0
  }

  read(into: ListpackElement): void {
    this.inner.read(this.arena!, into)
  }

  readText(into: ListpackElement): void {
    this.inner.readText(this.arena!, into)
  }

  equals(value: Uint8Array, start: number, end: number): boolean {
    const { inner } = this
    if (inner.isPlain) return inner.equalsPlain(this.arena!, value, start, end)
    return listpacks.equalsAt(inner.bytes, inner.at, value, start, end)
  }

  /** The listpack may have moved: stands at the same distance from its start. */
  follow(arena: Arena, entry: Pointer, offset: number): void {
    const { inner } = this
    const listpack = cellPointer(arena, entry)
    inner.bytes = arena.u8[listpack >>> SEGMENT_SHIFT]!
    inner.start = (listpack & OFFSET_MASK) << 3
    inner.at = inner.start + offset
  }
}

/**
 * Takes out the element at a cursor, which then stands on the one behind it, or with `backward` in front of it.
 *
 * @returns 1, 0 when there is no such element, -1 when memory could not be had
 */
export function removeAtCursor(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, at: ListCursor, backward: boolean,
): number {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena } = database.keyspace
  const { inner } = at
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) return quicklists.removeAt(arena, value, inner, backward)
  const offset = inner.at - inner.start
  setCellPointer(arena, entry, edit.remove(arena, value, inner.at))
  at.follow(arena, entry, offset)
  if (backward) return at.previous() ? 1 : 0
  return inner.bytes[inner.at] === END ? 0 : 1
} // prettier-ignore

/** Puts an element beside the one at a cursor, which is stale afterwards. `growList` comes before the cursor is placed. */
export function insertAtCursor(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, at: ListCursor,
  isBehind: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena, lists } = database.keyspace
  const held = cellPointer(arena, entry)
  const { inner } = at
  if (encodingOf(arena, entry) === Encoding.quicklist) {
    return quicklists.insertBeside(arena, held, inner, isBehind, value, start, end, lists.largeBytes)
  }
  const place = isBehind ? listpacks.next(inner.bytes, inner.at) : inner.at
  const listpack = edit.insert(arena, held, place, value, start, end)
  if (listpack !== 0) setCellPointer(arena, entry, listpack)
  return listpack !== 0
} // prettier-ignore

/** Exchanges the element at a cursor, which is stale afterwards. `growList` comes before the cursor is placed. */
export function replaceAtCursor(
  database: Database, entry: Pointer, key: Uint8Array, keyStart: number, keyEnd: number, at: ListCursor,
  value: Uint8Array, start: number, end: number,
): boolean {
  database.beforeWrite(key, keyStart, keyEnd)
  const { arena, lists } = database.keyspace
  const held = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) {
    return quicklists.replaceAt(arena, held, at.inner, value, start, end, lists.largeBytes)
  }
  const listpack = edit.replace(arena, held, at.inner.at, value, start, end)
  if (listpack !== 0) setCellPointer(arena, entry, listpack)
  return listpack !== 0
} // prettier-ignore

/** After removals by cursor: compresses what they expanded. */
export function settleCursor(database: Database, entry: Pointer, at: ListCursor): void {
  const { arena } = database.keyspace
  if (encodingOf(arena, entry) === Encoding.quicklist)
    quicklists.settle(arena, cellPointer(arena, entry), at.inner.node)
}

/** Asserts that a list's structure is whole, and its encoding one that its size allows. */
export function validateList(arena: Arena, entry: Pointer): void {
  const value = cellPointer(arena, entry)
  if (encodingOf(arena, entry) === Encoding.quicklist) return quicklists.validate(arena, value)
  listpacks.validate(arena.u8[value >>> SEGMENT_SHIFT]!, (value & OFFSET_MASK) << 3, arena.usableBytes(value))
}
