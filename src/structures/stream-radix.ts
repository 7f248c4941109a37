/**
 * How many nodes a radix tree would have that held the ids of an index: XINFO STREAM shows this number, which in the reference is one
 * of its memory. There, ids are 16 bytes, most significant first; a node is a point where ids part, the run of bytes between two such
 * points (or before the first), or the end of an id. So adding an id adds a node for its end, one for the rest of its bytes behind the
 * point where it parts from the others, and where nothing parted before, one for that point and those that the run there falls into.
 */

import type { Arena } from '../memory/arena.js'
import type { Pointer } from '../memory/pointer.js'
import { assignId, StreamId } from './stream-id.js'
import { indexCount, IndexCursor } from './stream-index.js'

const ID_BYTES = 16
const cursor = new IndexCursor()
const before = new StreamId()
const behind = new StreamId()
const low = new StreamId()
const high = new StreamId()
const firstId = new StreamId()
const lastId = new StreamId()
const neighbour = new StreamId()

/** Nodes that an id, which is in the index, stands for: as many more as there would be without it. */
export function radixNodesOf(arena: Arena, index: Pointer, id: StreamId): number {
  if (indexCount(arena, index) === 1) return 1 // the run is one more, the end takes the place of the empty root
  cursor.toCeiling(arena, index, id)
  const parting = Math.max(sharedWithPrevious(arena, id, before), sharedWithNext(arena, id))
  const own = 1 + (parting < ID_BYTES - 1 ? 1 : 0)
  bounds(id, parting)
  findFirst(arena, index, id)
  findLast(arena, index, id)
  const depth = sharedBytes(firstId, lastId)
  if (depth === parting) return own
  const above = depthAbove(arena, index)
  return own + 1 + run(parting - above) + run(depth - parting) - run(depth - above)
}

/** A run of bytes between two points, of which the first takes one; nothing is left of a single step. */
function run(steps: number): number {
  return steps > 1 ? 1 : 0
}

/** Bytes shared with the id in front of the cursor, which stays where it is; -1 when there is none. */
function sharedWithPrevious(arena: Arena, id: StreamId, into: StreamId): number {
  const { leaf, slot } = cursor
  const isThere = cursor.previous(arena)
  if (isThere) cursor.readId(arena, into)
  cursor.leaf = leaf
  cursor.slot = slot
  return isThere ? sharedBytes(into, id) : -1
}

function sharedWithNext(arena: Arena, id: StreamId): number {
  if (!cursor.next(arena)) return -1
  cursor.readId(arena, behind)
  return sharedBytes(behind, id)
}

/** Sets `low` and `high` to the least and greatest id with the first bytes of `id`. */
function bounds(id: StreamId, bytes: number): void {
  low.msHigh = id.msHigh & mask(bytes)
  low.msLow = id.msLow & mask(bytes - 4)
  low.seqHigh = id.seqHigh & mask(bytes - 8)
  low.seqLow = id.seqLow & mask(bytes - 12)
  high.msHigh = id.msHigh | ~mask(bytes)
  high.msLow = id.msLow | ~mask(bytes - 4)
  high.seqHigh = id.seqHigh | ~mask(bytes - 8)
  high.seqLow = id.seqLow | ~mask(bytes - 12)
}

/** Ones in the first `bytes` bytes of a word. */
function mask(bytes: number): number {
  return bytes <= 0 ? 0 : bytes >= 4 ? -1 : -1 << (32 - bytes * 8)
}

/** The first id within the bounds that is not `id` itself. */
function findFirst(arena: Arena, index: Pointer, id: StreamId): void {
  cursor.toCeiling(arena, index, low)
  if (cursor.compare(arena, id) === 0) cursor.next(arena)
  cursor.readId(arena, firstId)
}

function findLast(arena: Arena, index: Pointer, id: StreamId): void {
  cursor.toFloor(arena, index, high)
  if (cursor.compare(arena, id) === 0) cursor.previous(arena)
  cursor.readId(arena, lastId)
}

/** How many bytes lead to the nearest point above where ids part; -1 when there is none. */
function depthAbove(arena: Arena, index: Pointer): number {
  cursor.toCeiling(arena, index, low)
  let depth = sharedWithPrevious(arena, firstId, neighbour)
  cursor.toFloor(arena, index, high)
  if (cursor.next(arena)) {
    cursor.readId(arena, neighbour)
    depth = Math.max(depth, sharedBytes(neighbour, lastId))
  }
  return depth
}

/** Bytes that two ids have in common from the first on. */
function sharedBytes(a: StreamId, b: StreamId): number {
  if (a.msHigh !== b.msHigh) return sharedInWord(a.msHigh, b.msHigh)
  if (a.msLow !== b.msLow) return 4 + sharedInWord(a.msLow, b.msLow)
  if (a.seqHigh !== b.seqHigh) return 8 + sharedInWord(a.seqHigh, b.seqHigh)
  return 12 + sharedInWord(a.seqLow, b.seqLow)
}

function sharedInWord(a: number, b: number): number {
  return Math.clz32(a ^ b) >>> 3
}

/** The number for a whole index, from scratch; takes time in proportion to it. */
export function countRadixNodes(arena: Arena, index: Pointer): number {
  const points: number[] = []
  let isThere = cursor.toFirst(arena, index)
  if (!isThere) return 1
  let nodes = 0
  let depth = -1
  const here = new StreamId()
  const next = new StreamId()
  cursor.readId(arena, here)
  for (;;) {
    isThere = cursor.next(arena)
    if (isThere) cursor.readId(arena, next)
    const shared = isThere ? sharedBytes(here, next) : -1
    // The end of this id, and the run that leads to it from the deepest point it shares with a neighbour.
    nodes += 1 + run(ID_BYTES - Math.max(depth, shared))
    while (points.length > 0 && points[points.length - 1] > shared) {
      const point = points.pop()!
      nodes += 1 + run(point - Math.max(points.length > 0 ? points[points.length - 1] : -1, shared))
    }
    if (!isThere) return nodes
    if (points.length === 0 || points[points.length - 1] < shared) points.push(shared)
    depth = shared
    assignId(next, here)
  }
}
