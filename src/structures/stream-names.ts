/**
 * Blocks of the arena that bear names (consumer groups, consumers), in the order of these: a treap, that is a search tree by name and
 * a heap by a number that stands for chance, here a hash of the block's address. Blocks do not move, so that others may point to them.
 *
 *     word 0, 1  left and right
 *          2     length of the name
 *          3     where it begins, in bytes from the start of the block
 *
 * The owner holds the root (0: none) and passes it. Source: Seidel and Aragon, Randomized Search Trees, 1996.
 */

import { assert } from '../base/assert.js'
import { compare, copy } from '../base/bytes.js'
import type { Slice } from '../base/slice.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'

export const NAME_WORDS = 4
const LEFT = 0
const RIGHT = 1
const LENGTH = 2
const OFFSET = 3

/** A block with `headBytes` bytes of its owner's, the first NAME_WORDS words included, and the name behind; 0 without memory. */
export function newNamed(arena: Arena, headBytes: number, name: Uint8Array, start: number, end: number): Pointer {
  const block = arena.allocate(headBytes + end - start)
  if (block === 0) return 0
  const at = (block & OFFSET_MASK) << 3
  arena.u8[block >>> SEGMENT_SHIFT].fill(0, at, at + headBytes)
  setWord(arena, block, LENGTH, end - start)
  setWord(arena, block, OFFSET, headBytes)
  copy(name, start, end, arena.u8[block >>> SEGMENT_SHIFT], at + headBytes)
  return block
}

export function viewName(arena: Arena, block: Pointer, into: Slice): void {
  into.bytes = arena.u8[block >>> SEGMENT_SHIFT]
  into.start = nameStart(arena, block)
  into.end = into.start + word(arena, block, LENGTH)
}

export function findNamed(arena: Arena, root: Pointer, name: Uint8Array, start: number, end: number): Pointer {
  let node = root
  while (node !== 0) {
    const order = compareName(arena, node, name, start, end)
    if (order === 0) return node
    node = word(arena, node, order > 0 ? LEFT : RIGHT)
  }
  return 0
}

/** Adds a block whose name is not there yet; returns the new root. */
export function addNamed(arena: Arena, root: Pointer, block: Pointer): Pointer {
  if (root === 0) return block
  if (priority(block) <= priority(root)) {
    const side = compareNames(arena, block, root) < 0 ? LEFT : RIGHT
    setWord(arena, root, side, addNamed(arena, word(arena, root, side), block))
    return root
  }
  split(arena, root, block)
  setWord(arena, block, LEFT, halves.below)
  setWord(arena, block, RIGHT, halves.above)
  return block
}

/** Takes out a block that is there; it is the caller's then. Returns the new root. */
export function removeNamed(arena: Arena, root: Pointer, block: Pointer): Pointer {
  assert(root !== 0)
  if (root === block) return join(arena, word(arena, block, LEFT), word(arena, block, RIGHT))
  const side = compareNames(arena, block, root) < 0 ? LEFT : RIGHT
  setWord(arena, root, side, removeNamed(arena, word(arena, root, side), block))
  return root
}

/** Walks over named blocks in the order of their names. What is added or taken out meanwhile makes it stale. */
export class NameWalk {
  private readonly waiting: Pointer[]

  constructor() {
    this.waiting = []
  }

  start(arena: Arena, root: Pointer): void {
    this.waiting.length = 0
    this.push(arena, root)
  }

  /** The next block, 0 at the end. */
  next(arena: Arena): Pointer {
    const block = this.waiting.pop()
    if (block === undefined) return 0
    this.push(arena, word(arena, block, RIGHT))
    return block
  }

  private push(arena: Arena, node: Pointer): void {
    for (; node !== 0; node = word(arena, node, LEFT)) this.waiting.push(node)
  }
}

/** Asserts order and heap; returns the number of blocks. */
export function validateNames(arena: Arena, root: Pointer): number {
  if (root === 0) return 0
  let total = 1
  for (const side of [LEFT, RIGHT]) {
    const child = word(arena, root, side)
    if (child === 0) continue
    assert(priority(child) <= priority(root))
    assert(compareNames(arena, child, root) < 0 === (side === LEFT))
    total += validateNames(arena, child)
  }
  return total
}

/** What `split` made. */
const halves = { below: 0, above: 0 }

/** Parts a tree at the name of a block that is not in it. */
function split(arena: Arena, root: Pointer, block: Pointer): void {
  if (root === 0) {
    halves.below = 0
    halves.above = 0
    return
  }
  if (compareNames(arena, root, block) < 0) {
    split(arena, word(arena, root, RIGHT), block)
    setWord(arena, root, RIGHT, halves.below)
    halves.below = root
  } else {
    split(arena, word(arena, root, LEFT), block)
    setWord(arena, root, LEFT, halves.above)
    halves.above = root
  }
}

function join(arena: Arena, below: Pointer, above: Pointer): Pointer {
  if (below === 0) return above
  if (above === 0) return below
  if (priority(below) > priority(above)) {
    setWord(arena, below, RIGHT, join(arena, word(arena, below, RIGHT), above))
    return below
  }
  setWord(arena, above, LEFT, join(arena, below, word(arena, above, LEFT)))
  return above
}

/** A bijection, so that no two blocks are alike. (The finaliser of MurmurHash3.) */
function priority(block: Pointer): number {
  let hash = block
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function compareName(arena: Arena, block: Pointer, name: Uint8Array, start: number, end: number): number {
  const own = nameStart(arena, block)
  return compare(arena.u8[block >>> SEGMENT_SHIFT], own, own + word(arena, block, LENGTH), name, start, end)
}

function compareNames(arena: Arena, a: Pointer, b: Pointer): number {
  const start = nameStart(arena, b)
  return compareName(arena, a, arena.u8[b >>> SEGMENT_SHIFT], start, start + word(arena, b, LENGTH))
}

function nameStart(arena: Arena, block: Pointer): number {
  return ((block & OFFSET_MASK) << 3) + word(arena, block, OFFSET)
}

function word(arena: Arena, block: Pointer, index: number): number {
  return arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index]
}

function setWord(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index] = value
}
