/**
 * An ordered index in the arena: 128-bit stream ids, each with a pointer. A B+tree whose nodes all look the same:
 *
 *     word 0     entries in use
 *          1     bits 0-15 the first of them, 16-31 how many there is room for
 *          2, 3  of a leaf: the leaf before and behind it
 *          4 …   entries of five words: id (ms high, ms low, sequence high, low), pointer
 *
 * In an inner node the pointer is a child and the id a lower bound of what lies below it; that of the first child does not
 * count. Entries may begin anywhere in a node, so that taking from the front, which is what streams and pending lists live by,
 * moves nothing; and adding behind the last one fills nodes to the brim, without descending.
 *
 * Who uses an index embeds its handle, four words at an even place of a block of its own: root, levels above the leaves, entries,
 * last leaf. A `Pointer` to the handle may point into that block. All zero is the empty index, which owns no memory.
 *
 * A node that holds less than a quarter is joined with a neighbour if both then fill no more than three quarters. (B-trees with
 * such slack, and free-at-empty at the extreme: Johnson and Shasha 1993.)
 */

import { assert } from '../base/assert.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { moveWithin } from './listpack-edit.js'
import { compareIds, compareStoredId, loadId, StreamId, storeId } from './stream-id.js'

/** Words of a handle. */
export const INDEX_WORDS = 4
const ROOT = 0
const HEIGHT = 1
const ENTRIES = 2
const LAST_LEAF = 3

const COUNT = 0
const PLACE = 1
const PREVIOUS = 2
const NEXT = 3
const FIRST_ENTRY = 4
const ENTRY_WORDS = 5
const CHILD = 4

const NODE_BYTES = 1024
const NODE_ENTRIES = 50
const MERGE_BELOW = NODE_ENTRIES >>> 2
const MERGED_MAX = (NODE_ENTRIES * 3) >>> 2
const HEIGHT_MAX = 16

export const Added = { yes: 1, exists: 0, noMemory: -1 } as const
export type Added = (typeof Added)[keyof typeof Added]

/** The way down to a leaf: nodes and the slots taken in them, root first. */
const pathNodes = new Int32Array(HEIGHT_MAX)
const pathSlots = new Int32Array(HEIGHT_MAX)
/** Nodes allocated before anything changes. */
const fresh = new Int32Array(HEIGHT_MAX + 2)
const scratchId = new StreamId()
const otherId = new StreamId()

export function indexCount(arena: Arena, handle: Pointer): number {
  return word(arena, handle, ENTRIES) >>> 0
}

/** A place in an index: an entry, or none (leaf 0). Adding and removing make it stale. */
export class IndexCursor {
  leaf: Pointer
  /** Of the entry in its leaf, absolute. */
  slot: number

  constructor() {
    this.leaf = 0
    this.slot = 0
  }

  get isThere(): boolean {
    return this.leaf !== 0
  }

  toFirst(arena: Arena, handle: Pointer): boolean {
    let node = word(arena, handle, ROOT)
    if (node === 0) return this.toNothing()
    for (let level = word(arena, handle, HEIGHT); level > 0; level--) node = childAt(arena, node, 0)
    this.leaf = node
    this.slot = firstSlot(arena, node)
    return true
  }

  toLast(arena: Arena, handle: Pointer): boolean {
    const leaf = word(arena, handle, LAST_LEAF)
    if (leaf === 0) return this.toNothing()
    this.leaf = leaf
    this.slot = firstSlot(arena, leaf) + word(arena, leaf, COUNT) - 1
    return true
  }

  /** Goes to the greatest id that is not above `id`. */
  toFloor(arena: Arena, handle: Pointer, id: StreamId): boolean {
    const leaf = descend(arena, handle, id)
    if (leaf === 0) return this.toNothing()
    const above = upperBound(arena, leaf, id)
    this.leaf = leaf
    this.slot = firstSlot(arena, leaf) + above - 1
    return above > 0 || this.leaveBackward(arena)
  }

  /** Goes to the least id that is not below `id`. */
  toCeiling(arena: Arena, handle: Pointer, id: StreamId): boolean {
    const leaf = descend(arena, handle, id)
    if (leaf === 0) return this.toNothing()
    const above = upperBound(arena, leaf, id)
    this.leaf = leaf
    this.slot = firstSlot(arena, leaf) + above
    if (above > 0 && compareStoredId(wordsOf(arena, leaf), entryWord(leaf, this.slot - 1), id) === 0) {
      this.slot--
      return true
    }
    return above < word(arena, leaf, COUNT) || this.leaveForward(arena)
  }

  next(arena: Arena): boolean {
    this.slot++
    if (this.slot < firstSlot(arena, this.leaf) + word(arena, this.leaf, COUNT)) return true
    return this.leaveForward(arena)
  }

  previous(arena: Arena): boolean {
    this.slot--
    return this.slot >= firstSlot(arena, this.leaf) || this.leaveBackward(arena)
  }

  readId(arena: Arena, into: StreamId): void {
    loadId(wordsOf(arena, this.leaf), entryWord(this.leaf, this.slot), into)
  }

  compare(arena: Arena, id: StreamId): number {
    return compareStoredId(wordsOf(arena, this.leaf), entryWord(this.leaf, this.slot), id)
  }

  value(arena: Arena): Pointer {
    return wordsOf(arena, this.leaf)[entryWord(this.leaf, this.slot) + CHILD]
  }

  setValue(arena: Arena, value: Pointer): void {
    wordsOf(arena, this.leaf)[entryWord(this.leaf, this.slot) + CHILD] = value
  }

  copyFrom(other: IndexCursor): void {
    this.leaf = other.leaf
    this.slot = other.slot
  }

  private leaveForward(arena: Arena): boolean {
    this.leaf = word(arena, this.leaf, NEXT)
    if (this.leaf === 0) return false
    this.slot = firstSlot(arena, this.leaf)
    return true
  }

  private leaveBackward(arena: Arena): boolean {
    this.leaf = word(arena, this.leaf, PREVIOUS)
    if (this.leaf === 0) return false
    this.slot = firstSlot(arena, this.leaf) + word(arena, this.leaf, COUNT) - 1
    return true
  }

  private toNothing(): boolean {
    this.leaf = 0
    return false
  }
}

/** The pointer of an id, or 0. */
export function indexFind(arena: Arena, handle: Pointer, id: StreamId): Pointer {
  const leaf = descend(arena, handle, id)
  if (leaf === 0) return 0
  const above = upperBound(arena, leaf, id)
  if (above === 0) return 0
  const at = entryWord(leaf, firstSlot(arena, leaf) + above - 1)
  const words = wordsOf(arena, leaf)
  return compareStoredId(words, at, id) === 0 ? words[at + CHILD] : 0
}

/** Adds an id with a pointer that is not 0, unless it is there already. */
export function indexAdd(arena: Arena, handle: Pointer, id: StreamId, value: Pointer): Added {
  const last = word(arena, handle, LAST_LEAF)
  if (last === 0) return addFirst(arena, handle, id, value)
  const count = word(arena, last, COUNT)
  const end = firstSlot(arena, last) + count
  const order = compareStoredId(wordsOf(arena, last), entryWord(last, end - 1), id)
  if (order === 0) return Added.exists
  if (order < 0 && end < capacityOf(arena, last)) {
    writeEntry(arena, last, end, id, value)
    setWord(arena, last, COUNT, count + 1)
  } else {
    const leaf = descend(arena, handle, id)
    const slot = upperBound(arena, leaf, id)
    if (slot > 0) {
      const at = entryWord(leaf, firstSlot(arena, leaf) + slot - 1)
      if (compareStoredId(wordsOf(arena, leaf), at, id) === 0) return Added.exists
    }
    if (!addToLeaf(arena, handle, leaf, slot, id, value)) return Added.noMemory
  }
  setWord(arena, handle, ENTRIES, word(arena, handle, ENTRIES) + 1)
  return Added.yes
}

/** Takes out an id; returns its pointer, 0 when it was not there. Cannot fail. */
export function indexRemove(arena: Arena, handle: Pointer, id: StreamId): Pointer {
  const leaf = descend(arena, handle, id)
  if (leaf === 0) return 0
  const slot = upperBound(arena, leaf, id) - 1
  if (slot < 0) return 0
  const at = entryWord(leaf, firstSlot(arena, leaf) + slot)
  const words = wordsOf(arena, leaf)
  if (compareStoredId(words, at, id) !== 0) return 0
  const value = words[at + CHILD]
  removeFromPath(arena, handle, word(arena, handle, HEIGHT), leaf, slot)
  setWord(arena, handle, ENTRIES, word(arena, handle, ENTRIES) - 1)
  return value
}

/** Exchanges the pointer of an id that is there. */
export function indexReplace(arena: Arena, handle: Pointer, id: StreamId, value: Pointer): void {
  const leaf = descend(arena, handle, id)
  const at = entryWord(leaf, firstSlot(arena, leaf) + upperBound(arena, leaf, id) - 1)
  assert(compareStoredId(wordsOf(arena, leaf), at, id) === 0)
  wordsOf(arena, leaf)[at + CHILD] = value
}

/**
 * Frees nodes of an index from the front on until about `entriesMax` entries are gone, with the blocks they point to if `ownsValues`.
 *
 * @returns entries that went; the index is empty, and owns nothing, when `indexCount` is 0
 */
export function indexFreeSome(arena: Arena, handle: Pointer, entriesMax: number, ownsValues: boolean): number {
  let freed = 0
  while (freed < entriesMax) {
    if (word(arena, handle, ROOT) === 0) break
    const height = word(arena, handle, HEIGHT)
    const leaf = descendFirst(arena, handle)
    const count = word(arena, leaf, COUNT)
    if (ownsValues) freeValues(arena, leaf, count)
    freed += count
    setWord(arena, handle, ENTRIES, word(arena, handle, ENTRIES) - count)
    setWord(arena, leaf, COUNT, 0)
    dropNode(arena, handle, height, leaf)
  }
  return freed
}

function freeValues(arena: Arena, leaf: Pointer, count: number): void {
  const first = firstSlot(arena, leaf)
  const words = wordsOf(arena, leaf)
  for (let i = 0; i < count; i++) arena.free(words[entryWord(leaf, first + i) + CHILD])
}

export function indexFree(arena: Arena, handle: Pointer, ownsValues: boolean): void {
  indexFreeSome(arena, handle, Infinity, ownsValues)
}

/** Bytes of the index's own nodes. */
export function indexMemory(arena: Arena, handle: Pointer): number {
  const root = word(arena, handle, ROOT)
  return root === 0 ? 0 : subtreeMemory(arena, root, word(arena, handle, HEIGHT))
}

/** Exact above the leaves, which are counted as nodes of the full size; there are none of another beside each other. */
function subtreeMemory(arena: Arena, node: Pointer, level: number): number {
  const own = arena.usableBytes(node)
  if (level === 0) return own
  const count = word(arena, node, COUNT)
  if (level === 1) return own + count * NODE_BYTES
  let total = own
  for (let i = 0; i < count; i++) total += subtreeMemory(arena, childAt(arena, node, i), level - 1)
  return total
}

/** Asserts that order, counts and links hold; takes time in proportion to the index. */
export function indexValidate(arena: Arena, handle: Pointer): void {
  const root = word(arena, handle, ROOT)
  if (root === 0) {
    assert(indexCount(arena, handle) === 0)
    assert(word(arena, handle, LAST_LEAF) === 0)
    return
  }
  const walk = { entries: 0, leaf: 0 }
  validateNode(arena, root, word(arena, handle, HEIGHT), undefined, undefined, walk)
  assert(walk.entries === indexCount(arena, handle))
  assert(walk.leaf === word(arena, handle, LAST_LEAF))
  assert(word(arena, walk.leaf, NEXT) === 0)
  assert(word(arena, handle, HEIGHT) === 0 || word(arena, root, COUNT) > 1)
}

function validateNode(
  arena: Arena, node: Pointer, level: number, low: StreamId | undefined, high: StreamId | undefined,
  walk: { entries: number; leaf: Pointer },
): void {
  const count = word(arena, node, COUNT)
  const first = firstSlot(arena, node)
  assert(count > 0)
  assert(first + count <= capacityOf(arena, node))
  assert(capacityOf(arena, node) === capacityOfBytes(arena.usableBytes(node)))
  const ids: StreamId[] = []
  for (let i = 0; i < count; i++) {
    const id = new StreamId()
    loadId(wordsOf(arena, node), entryWord(node, first + i), id)
    ids.push(id)
    if (i > (level > 0 ? 1 : 0)) assert(compareIds(ids[i - 1], id) < 0)
    if ((level === 0 || i > 0) && low !== undefined) assert(compareIds(low, id) <= 0)
    if ((level === 0 || i > 0) && high !== undefined) assert(compareIds(id, high) < 0)
  }
  if (level > 0) {
    for (let i = 0; i < count; i++) {
      validateNode(arena, childAt(arena, node, i), level - 1, i > 0 ? ids[i] : low, i + 1 < count ? ids[i + 1] : high, walk)
    }
    return
  }
  assert(word(arena, node, PREVIOUS) === walk.leaf)
  if (walk.leaf !== 0) assert(word(arena, walk.leaf, NEXT) === node)
  walk.leaf = node
  walk.entries += count
} // prettier-ignore

// ---- Nodes ----

function word(arena: Arena, block: Pointer, index: number): number {
  return arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index]
}

function setWord(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index] = value
}

function wordsOf(arena: Arena, block: Pointer): Int32Array {
  return arena.i32[block >>> SEGMENT_SHIFT]
}

/** Where the entry of a slot begins in the words of its segment. */
function entryWord(node: Pointer, slot: number): number {
  return ((node & OFFSET_MASK) << 1) + FIRST_ENTRY + slot * ENTRY_WORDS
}

function firstSlot(arena: Arena, node: Pointer): number {
  return word(arena, node, PLACE) & 0xffff
}

function capacityOf(arena: Arena, node: Pointer): number {
  return word(arena, node, PLACE) >>> 16
}

function setFirstSlot(arena: Arena, node: Pointer, first: number): void {
  setWord(arena, node, PLACE, (word(arena, node, PLACE) & ~0xffff) | first)
}

function childAt(arena: Arena, node: Pointer, index: number): Pointer {
  return wordsOf(arena, node)[entryWord(node, firstSlot(arena, node) + index) + CHILD]
}

function capacityOfBytes(bytes: number): number {
  const capacity = (((bytes >>> 2) - FIRST_ENTRY) / ENTRY_WORDS) | 0
  return capacity < NODE_ENTRIES ? capacity : NODE_ENTRIES
}

function newNode(arena: Arena, bytes: number): Pointer {
  const node = arena.allocate(bytes)
  if (node === 0) return 0
  setWord(arena, node, COUNT, 0)
  setWord(arena, node, PLACE, capacityOfBytes(arena.usableBytes(node)) << 16)
  setWord(arena, node, PREVIOUS, 0)
  setWord(arena, node, NEXT, 0)
  return node
}

function writeEntry(arena: Arena, node: Pointer, slot: number, id: StreamId, value: Pointer): void {
  const words = wordsOf(arena, node)
  const at = entryWord(node, slot)
  storeId(words, at, id)
  words[at + CHILD] = value
}

/** How many entries of a node are not above `id`: the index of the first that is. */
function upperBound(arena: Arena, node: Pointer, id: StreamId): number {
  const words = wordsOf(arena, node)
  const base = entryWord(node, firstSlot(arena, node))
  let low = 0
  let high = word(arena, node, COUNT)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareStoredId(words, base + middle * ENTRY_WORDS, id) > 0) high = middle
    else low = middle + 1
  }
  return low
}

/** Goes down to the leaf where an id is or belongs, noting the path; 0 in an empty index. */
function descend(arena: Arena, handle: Pointer, id: StreamId): Pointer {
  let node = word(arena, handle, ROOT)
  const height = word(arena, handle, HEIGHT)
  for (let depth = 0; depth < height; depth++) {
    const above = upperBound(arena, node, id)
    const slot = above > 0 ? above - 1 : 0
    pathNodes[depth] = node
    pathSlots[depth] = slot
    node = childAt(arena, node, slot)
  }
  return node
}

function descendFirst(arena: Arena, handle: Pointer): Pointer {
  let node = word(arena, handle, ROOT)
  const height = word(arena, handle, HEIGHT)
  for (let depth = 0; depth < height; depth++) {
    pathNodes[depth] = node
    pathSlots[depth] = 0
    node = childAt(arena, node, 0)
  }
  return node
}

function moveEntries(arena: Arena, node: Pointer, from: number, to: number, count: number): void {
  if (count <= 0) return
  const bytes = arena.u8[node >>> SEGMENT_SHIFT]
  const start = entryWord(node, from) << 2
  moveWithin(bytes, start, start + count * ENTRY_WORDS * 4, entryWord(node, to) << 2)
}

function copyEntries(arena: Arena, from: Pointer, slot: number, count: number, to: Pointer, toSlot: number): void {
  const source = wordsOf(arena, from)
  const target = wordsOf(arena, to)
  const at = entryWord(from, slot)
  const toAt = entryWord(to, toSlot)
  for (let i = count * ENTRY_WORDS - 1; i >= 0; i--) target[toAt + i] = source[at + i]
}

// ---- Adding ----

const SMALL_ENTRIES = 2

function addFirst(arena: Arena, handle: Pointer, id: StreamId, value: Pointer): Added {
  const leaf = newNode(arena, (FIRST_ENTRY + ENTRY_WORDS * SMALL_ENTRIES) * 4)
  if (leaf === 0) return Added.noMemory
  writeEntry(arena, leaf, 0, id, value)
  setWord(arena, leaf, COUNT, 1)
  setWord(arena, handle, ROOT, leaf)
  setWord(arena, handle, HEIGHT, 0)
  setWord(arena, handle, LAST_LEAF, leaf)
  setWord(arena, handle, ENTRIES, 1)
  return Added.yes
}

/** Adds an entry to a leaf to which the path leads. */
function addToLeaf(arena: Arena, handle: Pointer, leaf: Pointer, slot: number, id: StreamId, value: Pointer): boolean {
  if (word(arena, leaf, COUNT) < capacityOf(arena, leaf)) {
    insertEntry(arena, leaf, slot, id, value)
    return true
  }
  if (capacityOf(arena, leaf) < NODE_ENTRIES) {
    const grown = growLeaf(arena, handle, leaf)
    if (grown === 0) return false
    insertEntry(arena, grown, slot, id, value)
    return true
  }
  const height = word(arena, handle, HEIGHT)
  if (!allocateSplit(arena, height)) return false
  splitUpwards(arena, handle, height, leaf, slot, id, value)
  return true
}

/** The only leaf becomes larger. */
function growLeaf(arena: Arena, handle: Pointer, leaf: Pointer): Pointer {
  const count = word(arena, leaf, COUNT)
  const bytes = (FIRST_ENTRY + ENTRY_WORDS * count * 2) * 4
  const grown = newNode(arena, bytes < NODE_BYTES ? bytes : NODE_BYTES)
  if (grown === 0) return 0
  assert(word(arena, handle, ROOT) === leaf)
  copyEntries(arena, leaf, firstSlot(arena, leaf), count, grown, 0)
  setWord(arena, grown, COUNT, count)
  setWord(arena, handle, ROOT, grown)
  setWord(arena, handle, LAST_LEAF, grown)
  arena.free(leaf)
  return grown
}

/** Inserts in a node with room; the shorter side moves where it can. */
function insertEntry(arena: Arena, node: Pointer, index: number, id: StreamId, value: Pointer): void {
  const count = word(arena, node, COUNT)
  let first = firstSlot(arena, node)
  const hasRoomBehind = first + count < capacityOf(arena, node)
  if (first > 0 && (index < count >>> 1 || !hasRoomBehind)) {
    const target = index === count ? 0 : first - 1
    moveEntries(arena, node, first, target, index)
    first = target
    setFirstSlot(arena, node, first)
  } else moveEntries(arena, node, first + index, first + index + 1, count - index)
  writeEntry(arena, node, first + index, id, value)
  setWord(arena, node, COUNT, count + 1)
}

/** Gets the nodes that a split of a full leaf below the path will need. */
function allocateSplit(arena: Arena, height: number): boolean {
  let needed = 1
  let depth = height - 1
  while (depth >= 0 && word(arena, pathNodes[depth], COUNT) === NODE_ENTRIES) {
    needed++
    depth--
  }
  if (depth < 0) needed++
  for (let i = 0; i < needed; i++) {
    fresh[i] = newNode(arena, NODE_BYTES)
    if (fresh[i] !== 0) continue
    for (let taken = 0; taken < i; taken++) arena.free(fresh[taken])
    return false
  }
  return true
}

function splitUpwards(
  arena: Arena, handle: Pointer, height: number, leaf: Pointer, slot: number, id: StreamId, value: Pointer,
): void {
  let node = leaf
  let used = 0
  let index = slot
  let entryId = id
  let entry = value
  for (let depth = height - 1; ; depth--) {
    const right = fresh[used++]
    splitNode(arena, node, right, index, entryId, entry)
    if (node === leaf) linkLeaf(arena, handle, node, right)
    loadId(wordsOf(arena, right), entryWord(right, 0), scratchId)
    entryId = scratchId
    entry = right
    if (depth < 0) return growRoot(arena, handle, fresh[used], node, right)
    node = pathNodes[depth]
    index = pathSlots[depth] + 1
    if (word(arena, node, COUNT) < NODE_ENTRIES) return insertEntry(arena, node, index, entryId, entry)
  }
} // prettier-ignore

/** Adds an entry to a full node by moving half of it to `right`; behind the last entry, nothing but the new one goes there. */
function splitNode(arena: Arena, node: Pointer, right: Pointer, index: number, id: StreamId, value: Pointer): void {
  const count = word(arena, node, COUNT)
  const kept = index === count ? count : count >>> 1
  copyEntries(arena, node, firstSlot(arena, node) + kept, count - kept, right, 0)
  setWord(arena, right, COUNT, count - kept)
  setWord(arena, node, COUNT, kept)
  if (index > kept || kept === count) insertEntry(arena, right, index - kept, id, value)
  else insertEntry(arena, node, index, id, value)
}

function linkLeaf(arena: Arena, handle: Pointer, leaf: Pointer, right: Pointer): void {
  const behind = word(arena, leaf, NEXT)
  setWord(arena, right, PREVIOUS, leaf)
  setWord(arena, right, NEXT, behind)
  setWord(arena, leaf, NEXT, right)
  if (behind === 0) setWord(arena, handle, LAST_LEAF, right)
  else setWord(arena, behind, PREVIOUS, right)
}

function growRoot(arena: Arena, handle: Pointer, root: Pointer, left: Pointer, right: Pointer): void {
  const height = word(arena, handle, HEIGHT) + 1
  assert(height < HEIGHT_MAX)
  loadId(wordsOf(arena, left), entryWord(left, firstSlot(arena, left)), otherId)
  writeEntry(arena, root, 0, otherId, left)
  loadId(wordsOf(arena, right), entryWord(right, firstSlot(arena, right)), otherId)
  writeEntry(arena, root, 1, otherId, right)
  setWord(arena, root, COUNT, 2)
  setWord(arena, handle, ROOT, root)
  setWord(arena, handle, HEIGHT, height)
}

// ---- Removing ----

/** Takes an entry out of a node at a depth to which the path leads, and joins or drops the node as need be. */
function removeFromPath(arena: Arena, handle: Pointer, depth: number, node: Pointer, index: number): void {
  removeEntry(arena, node, index)
  const count = word(arena, node, COUNT)
  if (count === 0) return dropNode(arena, handle, depth, node)
  if (depth === 0) return lowerRoot(arena, handle)
  if (count < MERGE_BELOW) mergeNode(arena, handle, depth, node)
}

function removeEntry(arena: Arena, node: Pointer, index: number): void {
  const count = word(arena, node, COUNT) - 1
  const first = firstSlot(arena, node)
  if (index < count >>> 1 || index === 0) {
    moveEntries(arena, node, first, first + 1, index)
    setFirstSlot(arena, node, first + 1)
  } else moveEntries(arena, node, first + index + 1, first + index, count - index)
  setWord(arena, node, COUNT, count)
}

/** Frees a node without entries, and what above it is empty then. */
function dropNode(arena: Arena, handle: Pointer, depth: number, node: Pointer): void {
  if (depth === word(arena, handle, HEIGHT)) unlinkLeaf(arena, handle, node)
  arena.free(node)
  if (depth > 0) return removeFromPath(arena, handle, depth - 1, pathNodes[depth - 1], pathSlots[depth - 1])
  setWord(arena, handle, ROOT, 0)
  setWord(arena, handle, HEIGHT, 0)
}

function unlinkLeaf(arena: Arena, handle: Pointer, leaf: Pointer): void {
  const before = word(arena, leaf, PREVIOUS)
  const behind = word(arena, leaf, NEXT)
  if (before !== 0) setWord(arena, before, NEXT, behind)
  if (behind !== 0) setWord(arena, behind, PREVIOUS, before)
  else setWord(arena, handle, LAST_LEAF, before)
}

/** A root with one child gives way to it. */
function lowerRoot(arena: Arena, handle: Pointer): void {
  let height = word(arena, handle, HEIGHT)
  let root = word(arena, handle, ROOT)
  while (height > 0 && word(arena, root, COUNT) === 1) {
    const child = childAt(arena, root, 0)
    arena.free(root)
    root = child
    height--
  }
  setWord(arena, handle, ROOT, root)
  setWord(arena, handle, HEIGHT, height)
}

/** Joins a node that has become small with a neighbour under the same parent, if together they fit well. */
function mergeNode(arena: Arena, handle: Pointer, depth: number, node: Pointer): void {
  const parent = pathNodes[depth - 1]
  const slot = pathSlots[depth - 1]
  const count = word(arena, node, COUNT)
  if (slot + 1 < word(arena, parent, COUNT)) {
    const right = childAt(arena, parent, slot + 1)
    if (count + word(arena, right, COUNT) <= MERGED_MAX) return joinNodes(arena, handle, depth, node, right, slot + 1)
  }
  if (slot === 0) return
  const left = childAt(arena, parent, slot - 1)
  if (count + word(arena, left, COUNT) <= MERGED_MAX) joinNodes(arena, handle, depth, left, node, slot)
}

/** Moves what `right` holds behind what `left` holds; `slot` is that of `right` in the parent. */
function joinNodes(arena: Arena, handle: Pointer, depth: number, left: Pointer, right: Pointer, slot: number): void {
  const parent = pathNodes[depth - 1]
  const count = word(arena, left, COUNT)
  const added = word(arena, right, COUNT)
  const isLeaf = depth === word(arena, handle, HEIGHT)
  const first = firstSlot(arena, left)
  if (first + count + added > NODE_ENTRIES) {
    moveEntries(arena, left, first, 0, count)
    setFirstSlot(arena, left, 0)
  }
  const target = firstSlot(arena, left) + count
  copyEntries(arena, right, firstSlot(arena, right), added, left, target)
  if (!isLeaf) {
    // The bound of a first child does not count where it stands, but here it does: the parent knows it.
    loadId(wordsOf(arena, parent), entryWord(parent, firstSlot(arena, parent) + slot), scratchId)
    storeId(wordsOf(arena, left), entryWord(left, target), scratchId)
  }
  setWord(arena, left, COUNT, count + added)
  pathSlots[depth - 1] = slot
  setWord(arena, right, COUNT, 0)
  dropNode(arena, handle, depth, right)
}
