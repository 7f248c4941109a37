/**
 * Quicklists: long lists as a chain of listpacks, in the arena. quicklist-nodes.ts has the blocks, this file the operations.
 *
 * Pushing, popping and looking at either end costs O(1); an index is found by walking over nodes from the nearer end. Nodes are
 * split and merged as the reference does, so that lists of the same history have the same nodes. A large element (from
 * `largeBytes` on) has a node of its own.
 *
 * A `QuicklistCursor` stands on an element; it reads a compressed node by expanding it at the side, so that reading changes
 * nothing and cannot fail. Functions that add return false when memory could not be had, and have changed nothing then.
 */

import { assert } from '../base/assert.js'
import { copy, equals } from '../base/bytes.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import {
  count as listpackCount,
  END,
  endOf,
  first,
  last,
  type ListpackElement,
  next,
  previous,
  read,
  readText,
  seek,
  totalBytes,
  validate as validateListpack,
} from './listpack.js'
import * as edit from './listpack-edit.js'
import { EndView, ENTRY_OVERHEAD_BYTES, pushShort, shrink } from './quicklist-ends.js'
import {
  adjustCompression,
  announce,
  CONTENT,
  compress,
  contentStart,
  depthOf,
  dropNode,
  dropNodeBlock,
  ELEMENTS,
  exceeds,
  expandInto,
  FILL,
  freeNode,
  gapOf,
  HEAD,
  isCompressed,
  isMarked,
  isPlain,
  link,
  moveContent,
  newList,
  newNode,
  NEXT,
  nodeCapacity,
  nodeCount,
  NODES,
  open,
  PREVIOUS,
  setContent,
  setFront,
  setWord,
  SIZE,
  storedBytes,
  TAIL,
  unlink,
  word,
} from './quicklist-nodes.js'

const LISTPACK_OVERHEAD_BYTES = 7

const endView = new EndView()

/** @param fill  list-max-listpack-size;  @param depth  list-compress-depth */
export function create(arena: Arena, fill: number, depth: number): Pointer {
  return newList(arena, fill, depth)
}

export function count(arena: Arena, list: Pointer): number {
  return word(arena, list, ELEMENTS) >>> 0
}

export function nodeTotal(arena: Arena, list: Pointer): number {
  return word(arena, list, NODES)
}

/** What the list was made with. */
export function fillOf(arena: Arena, list: Pointer): number {
  return word(arena, list, FILL)
}

export { depthOf }

/** Puts a listpack at the end as a node of its own; it belongs to the list then. */
export function appendListpack(arena: Arena, list: Pointer, listpack: Pointer): boolean {
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const start = (listpack & OFFSET_MASK) << 3
  return appendNode(arena, list, listpack, totalBytes(bytes, start), listpackCount(bytes, start), false)
}

/** Puts a block at the end as an element of its own node; it belongs to the list then. */
export function appendPlain(arena: Arena, list: Pointer, block: Pointer, bytes: number): boolean {
  return appendNode(arena, list, block, bytes, 1, true)
}

function appendNode(
  arena: Arena, list: Pointer, content: Pointer, size: number, elements: number, isLarge: boolean,
): boolean {
  const node = newNode(arena, content, size, elements, isLarge)
  if (node === 0) return false
  insertNode(arena, list, word(arena, list, TAIL), node, true)
  return true
} // prettier-ignore

/** The listpack of a list that has one packed node; the list is gone then, and the listpack the caller's. 0 if it is not so. */
export function takeOnlyListpack(arena: Arena, list: Pointer): Pointer {
  const node = word(arena, list, HEAD)
  if (word(arena, list, NODES) !== 1 || isPlain(arena, node) || !open(arena, node)) return 0
  const listpack = word(arena, node, CONTENT)
  announce(arena, list, node)
  dropNodeBlock(arena, list, node)
  if (isMarked(arena, list)) arena.unitGuard?.dissolved(list)
  arena.free(list)
  return listpack
}

/** Bytes of the only node if there is one and it is packed; otherwise Infinity. */
export function onlyListpackBytes(arena: Arena, list: Pointer): number {
  const node = word(arena, list, HEAD)
  if (word(arena, list, NODES) !== 1 || isPlain(arena, node)) return Infinity
  return word(arena, node, SIZE)
}

/**
 * Adds an element at an end.
 *
 * @param largeBytes  elements from this length on get a node of their own
 */
export function push(
  arena: Arena, list: Pointer, atHead: boolean, value: Uint8Array, start: number, end: number, largeBytes: number,
): boolean {
  if (end - start < largeBytes && pushShort(arena, list, atHead, value, start, end) !== 0) return true
  const node = word(arena, list, atHead ? HEAD : TAIL)
  if (end - start >= largeBytes) return insertPlain(arena, list, node, value, start, end, !atHead)
  if (!hasRoom(arena, list, node, end - start)) return insertFresh(arena, list, node, value, start, end, !atHead)
  return extend(arena, list, node, atHead, value, start, end)
} // prettier-ignore

/** Adds an element to a node with room, at its start or end. */
function extend(
  arena: Arena, list: Pointer, node: Pointer, atHead: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  announce(arena, list, node)
  if (atHead && !isCompressed(arena, node) && extendFront(arena, list, node, value, start, end)) return true
  if (!open(arena, node)) return false
  const listpack = word(arena, node, CONTENT)
  const grown = atHead ? edit.prepend(arena, listpack, value, start, end) : edit.append(arena, listpack, value, start, end)
  if (grown === 0) return false
  noteContent(arena, list, node, grown, 1)
  return true
} // prettier-ignore

/** Adds an element in the gap in front of a node's content, for which the block's spare room is moved there; false if it is too little. */
function extendFront(
  arena: Arena, list: Pointer, node: Pointer, value: Uint8Array, start: number, end: number,
): boolean {
  const added = edit.encodedBytes(value, start, end)
  const content = word(arena, node, CONTENT)
  const size = word(arena, node, SIZE)
  let gap = gapOf(arena, node)
  if (gap < added) {
    const spare = arena.usableBytes(content) - size
    if (spare < added) return false
    moveContent(arena, node, spare)
    gap = spare
  }
  const base = (content & OFFSET_MASK) << 3
  edit.growFront(arena.u8[content >>> SEGMENT_SHIFT], base + gap, value, start, end)
  setFront(arena, node, gap - added, size + added, nodeCount(arena, node) + 1)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) + 1)
  return true
} // prettier-ignore

/** Takes out the first element of a node, which is neither compressed nor plain, without moving the others. */
function shortenFront(arena: Arena, list: Pointer, node: Pointer): void {
  const content = word(arena, node, CONTENT)
  const start = contentStart(arena, node)
  const removed = edit.cutFront(arena.u8[content >>> SEGMENT_SHIFT], start) - start
  const size = word(arena, node, SIZE) - removed
  setFront(arena, node, gapOf(arena, node) + removed, size, nodeCount(arena, node) - 1)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) - 1)
  if (size * 2 <= arena.usableBytes(content)) shrink(arena, node)
}

/** What a node holds has changed; so many elements came or (negative) went. */
function noteContent(arena: Arena, list: Pointer, node: Pointer, listpack: Pointer, change: number): void {
  const size = totalBytes(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  setContent(arena, node, listpack, size, nodeCount(arena, node) + change)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) + change)
}

function hasRoom(arena: Arena, list: Pointer, node: Pointer, bytes: number): boolean {
  if (node === 0 || isPlain(arena, node)) return false
  const size = word(arena, node, SIZE) + bytes + ENTRY_OVERHEAD_BYTES
  return !exceeds(word(arena, list, FILL), size, nodeCount(arena, node) + 1)
}

function insertNode(arena: Arena, list: Pointer, beside: Pointer, node: Pointer, isBehind: boolean): void {
  link(arena, list, beside, node, isBehind)
  if (depthOf(arena, list) === 0) return
  if (beside !== 0) adjustCompression(arena, list, beside)
  adjustCompression(arena, list, node)
}

function removeNode(arena: Arena, list: Pointer, node: Pointer): void {
  unlink(arena, list, node)
  dropNode(arena, list, node)
  adjustCompression(arena, list, 0)
}

function insertPlain(
  arena: Arena, list: Pointer, beside: Pointer, value: Uint8Array, start: number, end: number, isBehind: boolean,
): boolean {
  const node = plainNode(arena, value, start, end)
  if (node === 0) return false
  insertNode(arena, list, beside, node, isBehind)
  return true
} // prettier-ignore

function plainNode(arena: Arena, value: Uint8Array, start: number, end: number): Pointer {
  const block = arena.allocate(end - start > 0 ? end - start : 1)
  if (block === 0) return 0
  copy(value, start, end, arena.u8[block >>> SEGMENT_SHIFT], (block & OFFSET_MASK) << 3)
  const node = newNode(arena, block, end - start, 1, true)
  if (node === 0) arena.free(block)
  return node
}

/** Adds a node of one element. */
function insertFresh(
  arena: Arena, list: Pointer, beside: Pointer, value: Uint8Array, start: number, end: number, isBehind: boolean,
): boolean {
  const capacity = beside === 0 ? 0 : nodeCapacity(word(arena, list, FILL), end - start)
  const node = packedNode(arena, value, start, end, capacity)
  if (node === 0) return false
  insertNode(arena, list, beside, node, isBehind)
  return true
} // prettier-ignore

function packedNode(arena: Arena, value: Uint8Array, start: number, end: number, capacity: number): Pointer {
  const empty = edit.create(arena, capacity)
  if (empty === 0) return 0
  const listpack = edit.append(arena, empty, value, start, end)
  const size = listpack === 0 ? 0 : totalBytes(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  const node = listpack === 0 ? 0 : newNode(arena, listpack, size, 1, false)
  if (node === 0) arena.free(listpack === 0 ? empty : listpack)
  return node
}

/** A place in a quicklist. Instances are reused; a change of the list other than through the cursor makes it stale. */
export class QuicklistCursor {
  /** 0: not on an element. */
  node: Pointer
  /** Of the element in its node, from 0. */
  index: number
  /** Where the node's content is to be read: in the arena, or expanded at the side. */
  bytes: Uint8Array
  start: number
  /** The element's entry in the listpack; of a plain node, its bytes. */
  at: number
  isPlain: boolean
  private side: Uint8Array

  constructor() {
    this.node = 0
    this.index = 0
    this.bytes = NOTHING
    this.start = 0
    this.at = 0
    this.isPlain = false
    this.side = NOTHING
  }

  /** Goes to a node, without choosing an element. */
  enter(arena: Arena, node: Pointer): void {
    this.node = node
    if (node === 0) return
    this.isPlain = isPlain(arena, node)
    if (isCompressed(arena, node)) return this.expandAside(arena, node)
    const content = word(arena, node, CONTENT)
    this.bytes = arena.u8[content >>> SEGMENT_SHIFT]
    this.start = contentStart(arena, node)
  }

  toFirst(arena: Arena, list: Pointer): boolean {
    this.enterAtStart(arena, word(arena, list, HEAD))
    return this.node !== 0
  }

  toLast(arena: Arena, list: Pointer): boolean {
    this.enterAtEnd(arena, word(arena, list, TAIL))
    return this.node !== 0
  }

  /** Goes to an index, 0 .. count - 1, from the nearer end. */
  toIndex(arena: Arena, list: Pointer, index: number): boolean {
    const total = count(arena, list)
    if (index < 0 || index >= total) return false
    if (index < total / 2) this.seekForward(arena, word(arena, list, HEAD), index)
    else this.seekBackward(arena, word(arena, list, TAIL), total - 1 - index)
    return true
  }

  next(arena: Arena): boolean {
    if (!this.isPlain) {
      this.at = next(this.bytes, this.at)
      this.index++
      if (this.bytes[this.at] !== END) return true
    }
    this.enterAtStart(arena, word(arena, this.node, NEXT))
    return this.node !== 0
  }

  previous(arena: Arena): boolean {
    if (!this.isPlain) {
      this.at = previous(this.bytes, this.start, this.at)
      this.index--
      if (this.at >= 0) return true
    }
    this.enterAtEnd(arena, word(arena, this.node, PREVIOUS))
    return this.node !== 0
  }

  read(arena: Arena, into: ListpackElement): void {
    if (this.isPlain) this.readPlain(arena, into)
    else read(this.bytes, this.at, into)
  }

  readText(arena: Arena, into: ListpackElement): void {
    if (this.isPlain) this.readPlain(arena, into)
    else readText(this.bytes, this.at, into)
  }

  /** Goes to the first element of the next node, or backwards to the last of the previous one. */
  leaveNode(arena: Arena, backward: boolean): void {
    if (backward) this.enterAtEnd(arena, word(arena, this.node, PREVIOUS))
    else this.enterAtStart(arena, word(arena, this.node, NEXT))
  }

  /** Of a plain node: whether its element is `value[start, end)`. */
  equalsPlain(arena: Arena, value: Uint8Array, start: number, end: number): boolean {
    return equals(this.bytes, this.start, this.plainEnd(arena), value, start, end)
  }

  /** Of a plain node: the end of its bytes. */
  plainEnd(arena: Arena): number {
    return this.start + word(arena, this.node, SIZE)
  }

  /** Makes the node ready to be changed. */
  open(arena: Arena): boolean {
    if (!isCompressed(arena, this.node) && gapOf(arena, this.node) === 0) return true
    if (!open(arena, this.node)) return false
    this.follow(arena)
    return true
  }

  /** The node's content may have moved: the place in it is the same. */
  follow(arena: Arena): void {
    const offset = this.at - this.start
    this.enter(arena, this.node)
    this.at = this.start + offset
  }

  enterAtStart(arena: Arena, node: Pointer): void {
    this.enter(arena, node)
    this.index = 0
    this.at = this.isPlain ? this.start : first(this.start)
  }

  enterAtEnd(arena: Arena, node: Pointer): void {
    this.enter(arena, node)
    if (node === 0) return
    this.index = nodeCount(arena, node) - 1
    this.at = this.isPlain ? this.start : last(this.bytes, this.start)
  }

  private seekForward(arena: Arena, node: Pointer, index: number): void {
    for (let held = nodeCount(arena, node); index >= held; held = nodeCount(arena, node)) {
      index -= held
      node = word(arena, node, NEXT)
    }
    this.enterAtIndex(arena, node, index)
  }

  private seekBackward(arena: Arena, node: Pointer, behind: number): void {
    for (let held = nodeCount(arena, node); behind >= held; held = nodeCount(arena, node)) {
      behind -= held
      node = word(arena, node, PREVIOUS)
    }
    this.enterAtIndex(arena, node, nodeCount(arena, node) - 1 - behind)
  }

  private enterAtIndex(arena: Arena, node: Pointer, index: number): void {
    this.enter(arena, node)
    this.index = index
    this.at = this.isPlain ? this.start : seek(this.bytes, this.start, index)
  }

  private expandAside(arena: Arena, node: Pointer): void {
    const size = word(arena, node, SIZE)
    if (this.side.length < size) this.side = new Uint8Array(Math.max(size, this.side.length * 2))
    expandInto(arena, node, this.side, 0)
    this.bytes = this.side
    this.start = 0
  }

  private readPlain(arena: Arena, into: ListpackElement): void {
    into.isInteger = false
    into.bytes = this.bytes
    into.start = this.start
    into.end = this.plainEnd(arena)
  }
}

const NOTHING = new Uint8Array(0)

/**
 * Takes out the element at the cursor, which then stands on the one behind it, or with `backward` on the one in front.
 *
 * @returns 1, 0 when there is no such element any more, or -1 when memory to expand the node could not be had (nothing has
 *   changed then)
 */
export function removeAt(arena: Arena, list: Pointer, cursor: QuicklistCursor, backward: boolean): number {
  const { node } = cursor
  if (nodeCount(arena, node) === 1) {
    const beside = word(arena, node, backward ? PREVIOUS : NEXT)
    removeNode(arena, list, node)
    if (backward) cursor.enterAtEnd(arena, beside)
    else cursor.enterAtStart(arena, beside)
    return beside !== 0 ? 1 : 0
  }
  if (!cursor.open(arena)) return -1
  announce(arena, list, node)
  noteContent(arena, list, node, edit.remove(arena, word(arena, node, CONTENT), cursor.at), -1)
  cursor.follow(arena)
  return stepAfterRemoval(arena, cursor, backward) ? 1 : 0
}

function stepAfterRemoval(arena: Arena, cursor: QuicklistCursor, backward: boolean): boolean {
  if (backward) return cursor.previous(arena)
  if (cursor.bytes[cursor.at] !== END) return true
  cursor.enterAtStart(arena, word(arena, cursor.node, NEXT))
  return cursor.node !== 0
}

/** Takes out the first or last element of a list that has any; false when memory to expand its node could not be had. */
export function pop(arena: Arena, list: Pointer, atHead: boolean): boolean {
  if (endView.open(arena, list, atHead)) {
    endView.cut(arena)
    return true
  }
  const node = word(arena, list, atHead ? HEAD : TAIL)
  if (nodeCount(arena, node) === 1) {
    removeNode(arena, list, node)
    return true
  }
  announce(arena, list, node)
  if (atHead && !isCompressed(arena, node)) {
    shortenFront(arena, list, node)
    return true
  }
  if (!open(arena, node)) return false
  const listpack = word(arena, node, CONTENT)
  const start = (listpack & OFFSET_MASK) << 3
  const at = atHead ? first(start) : last(arena.u8[listpack >>> SEGMENT_SHIFT], start)
  noteContent(arena, list, node, edit.remove(arena, listpack, at), -1)
  return true
}

/** Compresses the nodes that removing expanded; call it once after removals by cursor. */
export function settle(arena: Arena, list: Pointer, node: Pointer): void {
  if (node !== 0 && depthOf(arena, list) !== 0) adjustCompression(arena, list, node)
}

/** Puts an element beside the one at the cursor, which is stale afterwards. */
export function insertBeside(
  arena: Arena, list: Pointer, cursor: QuicklistCursor, isBehind: boolean,
  value: Uint8Array, start: number, end: number, largeBytes: number,
): boolean {
  const { node } = cursor
  const length = end - start
  const isAtEdge = cursor.index === (isBehind ? nodeCount(arena, node) - 1 : 0)
  if (length >= largeBytes) {
    if (cursor.isPlain || isAtEdge) return insertPlain(arena, list, node, value, start, end, isBehind)
    return splitAround(arena, list, cursor, isBehind, value, start, end)
  }
  if (hasRoom(arena, list, node, length)) return insertInside(arena, list, cursor, isBehind, value, start, end)
  if (isAtEdge) {
    const neighbour = word(arena, node, isBehind ? NEXT : PREVIOUS)
    if (!hasRoom(arena, list, neighbour, length)) return insertFresh(arena, list, node, value, start, end, isBehind)
    const isExtended = extend(arena, list, neighbour, isBehind, value, start, end)
    settle(arena, list, neighbour)
    return isExtended
  }
  return splitWith(arena, list, cursor, isBehind, value, start, end)
} // prettier-ignore

function insertInside(
  arena: Arena, list: Pointer, cursor: QuicklistCursor, isBehind: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  if (!cursor.open(arena)) return false
  announce(arena, list, cursor.node)
  const at = isBehind ? next(cursor.bytes, cursor.at) : cursor.at
  const listpack = edit.insert(arena, word(arena, cursor.node, CONTENT), at, value, start, end)
  if (listpack !== 0) noteContent(arena, list, cursor.node, listpack, 1)
  settle(arena, list, cursor.node)
  return listpack !== 0
} // prettier-ignore

/** Cuts the node at the cursor and puts a large element between the parts. */
function splitAround(
  arena: Arena, list: Pointer, cursor: QuicklistCursor, isBehind: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  const large = plainNode(arena, value, start, end)
  if (large === 0) return false
  const part = cursor.open(arena) ? splitOff(arena, list, cursor, isBehind) : 0
  if (part === 0) {
    freeNode(arena, large)
    return false
  }
  insertNode(arena, list, cursor.node, large, isBehind)
  insertNode(arena, list, large, part, isBehind)
  return true
} // prettier-ignore

/** Cuts a full node at the cursor and adds the element to the part that was cut off. */
function splitWith(
  arena: Arena, list: Pointer, cursor: QuicklistCursor, isBehind: boolean, value: Uint8Array, start: number, end: number,
): boolean {
  const { node } = cursor
  const added = packedNode(arena, value, start, end, 0)
  if (added === 0) return false
  const part = cursor.open(arena) ? splitOff(arena, list, cursor, isBehind) : 0
  if (part === 0) {
    freeNode(arena, added)
    return false
  }
  // Both are in the list from here on; joining them is tried, and changes nothing where memory is short.
  link(arena, list, node, part, isBehind)
  link(arena, list, node, added, isBehind)
  const joined = isBehind ? mergeNodes(arena, list, added, part) : mergeNodes(arena, list, part, added)
  settle(arena, list, joined === 0 ? part : joined)
  settle(arena, list, node)
  mergeAround(arena, list, node)
  return true
} // prettier-ignore

/** Cuts off what lies behind the cursor, or in front of it, into a node that is not in the list yet; 0 without memory. */
function splitOff(arena: Arena, list: Pointer, cursor: QuicklistCursor, isBehind: boolean): Pointer {
  const { node } = cursor
  const total = nodeCount(arena, node)
  const kept = isBehind ? cursor.index + 1 : total - cursor.index
  const listpack = word(arena, node, CONTENT)
  announce(arena, list, node)
  let part = edit.duplicate(arena, listpack)
  if (part === 0) return 0
  const cut = newNode(arena, part, 0, 0, false)
  if (cut === 0) {
    arena.free(part)
    return 0
  }
  part = isBehind ? edit.removeRange(arena, part, 0, kept) : edit.removeRange(arena, part, -kept, kept)
  const rest = isBehind
    ? edit.removeRange(arena, listpack, kept, total - kept)
    : edit.removeRange(arena, listpack, 0, total - kept)
  noteContent(arena, list, node, rest, kept - total)
  const size = totalBytes(arena.u8[part >>> SEGMENT_SHIFT], (part & OFFSET_MASK) << 3)
  setContent(arena, cut, part, size, total - kept)
  return cut
}

/** After a split: joins neighbours that fit into one node, in the reference's order. */
function mergeAround(arena: Arena, list: Pointer, center: Pointer): void {
  const before = word(arena, center, PREVIOUS)
  const behind = word(arena, center, NEXT)
  if (before !== 0) mergeIfAllowed(arena, list, word(arena, before, PREVIOUS), before)
  if (behind !== 0) mergeIfAllowed(arena, list, behind, word(arena, behind, NEXT))
  const merged = mergeIfAllowed(arena, list, word(arena, center, PREVIOUS), center)
  const target = merged === 0 ? center : merged
  mergeIfAllowed(arena, list, target, word(arena, target, NEXT))
}

function mergeIfAllowed(arena: Arena, list: Pointer, a: Pointer, b: Pointer): Pointer {
  if (a === 0 || b === 0 || isPlain(arena, a) || isPlain(arena, b)) return 0
  const size = word(arena, a, SIZE) + word(arena, b, SIZE) - LISTPACK_OVERHEAD_BYTES
  if (exceeds(word(arena, list, FILL), size, nodeCount(arena, a) + nodeCount(arena, b))) return 0
  const merged = mergeNodes(arena, list, a, b)
  settle(arena, list, merged)
  return merged
}

/** Joins a node with the one behind it; returns the one that stays, or 0 when memory could not be had. */
function mergeNodes(arena: Arena, list: Pointer, a: Pointer, b: Pointer): Pointer {
  if (!open(arena, a) || !open(arena, b)) return 0
  announce(arena, list, a)
  announce(arena, list, b)
  const first = word(arena, a, CONTENT)
  const second = word(arena, b, CONTENT)
  const elements = nodeCount(arena, a) + nodeCount(arena, b)
  const keepsFirst = word(arena, a, SIZE) >= word(arena, b, SIZE)
  const joined = edit.merge(arena, first, second)
  if (joined === 0) return 0
  const kept = keepsFirst ? a : b
  const dropped = keepsFirst ? b : a
  unlink(arena, list, dropped)
  dropNodeBlock(arena, list, dropped)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) + elements - nodeCount(arena, kept))
  setContent(arena, kept, joined, totalBytes(arena.u8[joined >>> SEGMENT_SHIFT], (joined & OFFSET_MASK) << 3), elements)
  return kept
}

/** Exchanges the element at the cursor, which is stale afterwards. */
export function replaceAt(
  arena: Arena, list: Pointer, cursor: QuicklistCursor,
  value: Uint8Array, start: number, end: number, largeBytes: number,
): boolean {
  const { node } = cursor
  const isLarge = end - start >= largeBytes
  announce(arena, list, node)
  if (cursor.isPlain && isLarge) return replacePlain(arena, node, value, start, end)
  if (!cursor.isPlain && !isLarge) {
    if (!cursor.open(arena)) return false
    const listpack = edit.replace(arena, word(arena, node, CONTENT), cursor.at, value, start, end)
    if (listpack !== 0) noteContent(arena, list, node, listpack, 0)
    settle(arena, list, node)
    return listpack !== 0
  }
  return replaceAcross(arena, list, cursor, value, start, end, largeBytes)
} // prettier-ignore

function replacePlain(arena: Arena, node: Pointer, value: Uint8Array, start: number, end: number): boolean {
  const block = arena.allocate(end - start > 0 ? end - start : 1)
  if (block === 0) return false
  copy(value, start, end, arena.u8[block >>> SEGMENT_SHIFT], (block & OFFSET_MASK) << 3)
  arena.free(word(arena, node, CONTENT))
  setContent(arena, node, block, end - start, 1)
  return true
}

/** A large element takes the place of a small one, or the reverse: the new one is put behind the old one, which then goes. */
function replaceAcross(
  arena: Arena, list: Pointer, cursor: QuicklistCursor,
  value: Uint8Array, start: number, end: number, largeBytes: number,
): boolean {
  const { node } = cursor
  if (!cursor.open(arena)) return false
  if (!insertBeside(arena, list, cursor, true, value, start, end, largeBytes)) return false
  if (nodeCount(arena, node) === 1) removeNode(arena, list, node)
  else {
    // A node that is split keeps what lies in front of the cut, so the old element is its last one.
    if (!open(arena, node)) return false
    noteContent(arena, list, node, edit.removeRange(arena, word(arena, node, CONTENT), -1, 1), -1)
    settle(arena, list, node)
  }
  return true
} // prettier-ignore

/** Takes out `elements` elements from an index on; both lie in the list. False, with a part of them gone, without memory. */
export function removeRange(
  arena: Arena,
  list: Pointer,
  index: number,
  elements: number,
  cursor: QuicklistCursor,
): boolean {
  let left = elements
  if (left <= 0 || !cursor.toIndex(arena, list, index)) return true
  let { node } = cursor
  let offset = cursor.index
  while (left > 0) {
    assert(node !== 0)
    const behind = word(arena, node, NEXT)
    const held = nodeCount(arena, node)
    const removed = Math.min(left, held - offset)
    if (removed === held) removeNode(arena, list, node)
    else {
      if (!open(arena, node)) return false
      announce(arena, list, node)
      const listpack = edit.removeRange(arena, word(arena, node, CONTENT), offset, removed)
      noteContent(arena, list, node, listpack, -removed)
      settle(arena, list, node)
    }
    left -= removed
    offset = 0
    node = behind
  }
  return true
}

// The whole list.

/** Frees nodes from the start, with at most `nodesMax` of them; returns the list, or 0 when it is gone altogether. */
export function freeSome(arena: Arena, list: Pointer, nodesMax: number): Pointer {
  for (let freed = 0; freed < nodesMax; freed++) {
    const node = word(arena, list, HEAD)
    if (node === 0) {
      arena.free(list)
      return 0
    }
    unlink(arena, list, node)
    dropNode(arena, list, node)
  }
  return list
}

export function free(arena: Arena, list: Pointer): void {
  freeSome(arena, list, Infinity)
}

/** A copy with the same nodes, compressed ones as such; 0 without memory. */
export function duplicate(arena: Arena, list: Pointer): Pointer {
  const copied = newList(arena, word(arena, list, FILL), depthOf(arena, list))
  if (copied === 0) return 0
  for (let node = word(arena, list, HEAD); node !== 0; node = word(arena, node, NEXT)) {
    if (!duplicateNode(arena, copied, node)) {
      free(arena, copied)
      return 0
    }
  }
  for (let node = word(arena, copied, HEAD); node !== 0; node = word(arena, node, NEXT)) settleCopy(arena, copied, node)
  return copied
}

function duplicateNode(arena: Arena, list: Pointer, node: Pointer): boolean {
  const size = word(arena, node, SIZE)
  const block = arena.allocate(size > 0 ? size : 1)
  if (block === 0) return false
  const to = arena.u8[block >>> SEGMENT_SHIFT]
  const at = (block & OFFSET_MASK) << 3
  if (isCompressed(arena, node)) expandInto(arena, node, to, at)
  else {
    const start = contentStart(arena, node)
    copy(arena.u8[word(arena, node, CONTENT) >>> SEGMENT_SHIFT], start, start + size, to, at)
  }
  const copied = newNode(arena, block, size, nodeCount(arena, node), isPlain(arena, node))
  if (copied === 0) {
    arena.free(block)
    return false
  }
  const tail = word(arena, list, TAIL)
  link(arena, list, tail, copied, true)
  // As it comes to lie beyond the depth, a node behind the copies is compressed before the next is made.
  return true
}

function settleCopy(arena: Arena, list: Pointer, node: Pointer): void {
  const depth = depthOf(arena, list)
  if (depth === 0) return
  let steps = 0
  for (let at = node; at !== 0 && steps <= depth; at = word(arena, at, PREVIOUS)) steps++
  if (steps <= depth) return
  steps = 0
  for (let at = node; at !== 0 && steps <= depth; at = word(arena, at, NEXT)) steps++
  if (steps > depth) compress(arena, node)
}

/** Bytes of all blocks. */
export function memoryBytes(arena: Arena, list: Pointer, samples: number): number {
  let bytes = arena.usableBytes(list)
  let seen = 0
  let node = word(arena, list, HEAD)
  let sampled = 0
  for (; node !== 0 && (samples === 0 || seen < samples); node = word(arena, node, NEXT), seen++) {
    sampled += arena.usableBytes(node) + arena.usableBytes(word(arena, node, CONTENT))
  }
  if (seen > 0) bytes += Math.round((sampled / seen) * word(arena, list, NODES))
  return bytes
}

/** What DEBUG OBJECT tells of a list: bytes of all nodes, expanded. */
export function contentBytes(arena: Arena, list: Pointer): number {
  let bytes = 0
  for (let node = word(arena, list, HEAD); node !== 0; node = word(arena, node, NEXT)) bytes += word(arena, node, SIZE)
  return bytes
}

/** Asserts every invariant of a list, but for nodes near the ends left compressed where memory was short. */
export function validate(arena: Arena, list: Pointer): void {
  const cursor = new QuicklistCursor()
  let elements = 0
  let nodes = 0
  let previousNode = 0
  for (let node = word(arena, list, HEAD); node !== 0; node = word(arena, node, NEXT)) {
    assert(word(arena, node, PREVIOUS) === previousNode)
    const content = word(arena, node, CONTENT)
    assert(arena.usableBytes(content) >= storedBytes(arena, node))
    cursor.enter(arena, node)
    if (isPlain(arena, node)) assert(nodeCount(arena, node) === 1)
    else {
      validateListpack(cursor.bytes, cursor.start, word(arena, node, SIZE))
      assert(totalBytes(cursor.bytes, cursor.start) === word(arena, node, SIZE))
      assert(listpackCount(cursor.bytes, cursor.start) === nodeCount(arena, node))
      assert(nodeCount(arena, node) > 0)
      assert(endOf(cursor.bytes, cursor.start) - cursor.start === word(arena, node, SIZE) - 1)
    }
    elements += nodeCount(arena, node)
    nodes++
    previousNode = node
  }
  assert(word(arena, list, TAIL) === previousNode)
  assert(word(arena, list, NODES) === nodes)
  assert(count(arena, list) === elements)
}
