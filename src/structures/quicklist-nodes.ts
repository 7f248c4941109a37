/**
 * The blocks of a quicklist in the arena: a head block, and nodes joined both ways that hold a listpack each, or one large
 * element alone. quicklist.ts has the operations.
 *
 *     list, 24 bytes:  head | tail | elements | nodes | fill | compress depth
 *                      (the highest bits of the depth's word hold a mark: see memory/unit-guard.ts)
 *     node, 24 bytes:  previous | next | content | bytes of it, expanded | flags, elements | bytes as compressed, or gap
 *
 * A listpack need not begin where its block does: at the head of a list it grows and shrinks in front without being moved. The gap
 * says how many bytes lie before it; `open` closes it.
 *
 * `fill` is list-max-listpack-size as it was when the list was made: how much goes into a node. With a compress depth above 0
 * all nodes but so many at either end hold their listpack compressed (LZF), if that saves anything.
 */

import { assert } from '../base/assert.js'
import { lzfCompress, lzfDecompress } from '../base/lzf.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { moveWithin } from './listpack-edit.js'

const LIST_BYTES = 24
const NODE_BYTES = 24

/** Words of a list block. */
export const HEAD = 0
export const TAIL = 1
export const ELEMENTS = 2
export const NODES = 3
export const FILL = 4
export const DEPTH = 5

/** In the word of the depth: somebody is saving the list as it was. */
export const MARKED = 1 << 30
const DEPTH_MASK = 0xffff

/** Words of a node. */
export const PREVIOUS = 0
export const NEXT = 1
export const CONTENT = 2
export const SIZE = 3
export const FLAGS = 4
/** Of a compressed node its bytes as stored; of another, the bytes in front of its content. */
export const STORED = 5

/** Flags of a node; its elements stand in the 16 bits below. */
const PLAIN = 1 << 16
const COMPRESSED = 1 << 17
/** Compressing was tried and did not pay; forgotten when the content changes. */
const INCOMPRESSIBLE = 1 << 18
const COUNT_MASK = 0xffff

/** Smaller listpacks are not compressed, and those that would not shrink by so much. */
const COMPRESSED_FROM_BYTES = 48
const SAVED_BYTES_MIN = 8

/** Largest node, whatever its number of elements, where `fill` counts elements. */
const SAFETY_BYTES = 8192
/** Node sizes for `fill` -1 .. -5. */
const FILL_BYTES = [4096, 8192, 16384, 32768, 65536]

export function word(arena: Arena, block: Pointer, index: number): number {
  return arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index]
}

export function setWord(arena: Arena, block: Pointer, index: number, value: number): void {
  arena.i32[block >>> SEGMENT_SHIFT][((block & OFFSET_MASK) << 1) + index] = value
}

export function newList(arena: Arena, fill: number, depth: number): Pointer {
  const list = arena.allocate(LIST_BYTES)
  if (list === 0) return 0
  const words = arena.i32[list >>> SEGMENT_SHIFT]
  const at = (list & OFFSET_MASK) << 1
  words.fill(0, at, at + LIST_BYTES / 4)
  words[at + FILL] = fill
  words[at + DEPTH] = depth
  return list
}

/** Nodes at either end that are not compressed; 0 when none is. */
export function depthOf(arena: Arena, list: Pointer): number {
  return word(arena, list, DEPTH) & DEPTH_MASK
}

export function isMarked(arena: Arena, list: Pointer): boolean {
  return (word(arena, list, DEPTH) & MARKED) !== 0
}

export function setMarked(arena: Arena, list: Pointer, marked: boolean): void {
  setWord(arena, list, DEPTH, depthOf(arena, list) | (marked ? MARKED : 0))
}

/** To be called before what a node of a list holds is changed, in whatever way but compression. */
export function announce(arena: Arena, list: Pointer, node: Pointer): void {
  if (isMarked(arena, list)) arena.unitGuard?.changing(list, node)
}

/** A node that is not in a list yet and owns its content; 0, and the content is still the caller's, when memory could not be had. */
export function newNode(arena: Arena, content: Pointer, size: number, elements: number, isPlain: boolean): Pointer {
  const node = arena.allocate(NODE_BYTES)
  if (node === 0) return 0
  const words = arena.i32[node >>> SEGMENT_SHIFT]
  const at = (node & OFFSET_MASK) << 1
  words[at + PREVIOUS] = 0
  words[at + NEXT] = 0
  words[at + CONTENT] = content
  words[at + SIZE] = size
  words[at + FLAGS] = elements | (isPlain ? PLAIN : 0)
  words[at + STORED] = 0
  return node
}

export function isPlain(arena: Arena, node: Pointer): boolean {
  return (word(arena, node, FLAGS) & PLAIN) !== 0
}

export function isCompressed(arena: Arena, node: Pointer): boolean {
  return (word(arena, node, FLAGS) & COMPRESSED) !== 0
}

export function nodeCount(arena: Arena, node: Pointer): number {
  return word(arena, node, FLAGS) & COUNT_MASK
}

/** Bytes of a node's block that are in use. */
export function storedBytes(arena: Arena, node: Pointer): number {
  const stored = word(arena, node, STORED)
  return isCompressed(arena, node) ? stored : stored + word(arena, node, SIZE)
}

/** Bytes in front of a node's content, which is not compressed. */
export function gapOf(arena: Arena, node: Pointer): number {
  return word(arena, node, STORED)
}

/** Where the content of a node that is not compressed begins in its segment. */
export function contentStart(arena: Arena, node: Pointer): number {
  const words = arena.i32[node >>> SEGMENT_SHIFT]
  const at = (node & OFFSET_MASK) << 1
  return ((words[at + CONTENT] & OFFSET_MASK) << 3) + words[at + STORED]
}

/** An element came or went in front of a node's content. */
export function setFront(arena: Arena, node: Pointer, gap: number, size: number, elements: number): void {
  const words = arena.i32[node >>> SEGMENT_SHIFT]
  const at = (node & OFFSET_MASK) << 1
  words[at + STORED] = gap
  words[at + SIZE] = size
  words[at + FLAGS] = elements
}

/** Makes a node's listpack ready to be edited: expanded, and at the start of its block. False when memory could not be had. */
export function open(arena: Arena, node: Pointer): boolean {
  if (isCompressed(arena, node)) return expand(arena, node)
  const gap = word(arena, node, STORED)
  if (gap !== 0) moveContent(arena, node, 0)
  return true
}

/** Moves the content of a node within its block. */
export function moveContent(arena: Arena, node: Pointer, gap: number): void {
  const content = word(arena, node, CONTENT)
  const base = (content & OFFSET_MASK) << 3
  const start = base + word(arena, node, STORED)
  moveWithin(arena.u8[content >>> SEGMENT_SHIFT], start, start + word(arena, node, SIZE), base + gap)
  setWord(arena, node, STORED, gap)
}

/** Gives a node other content, expanded. The old block is the caller's. */
export function setContent(arena: Arena, node: Pointer, content: Pointer, size: number, elements: number): void {
  const words = arena.i32[node >>> SEGMENT_SHIFT]
  const at = (node & OFFSET_MASK) << 1
  words[at + CONTENT] = content
  words[at + SIZE] = size
  words[at + STORED] = 0
  words[at + FLAGS] = elements | (words[at + FLAGS] & PLAIN)
}

/** Frees a node that is in no list. */
export function freeNode(arena: Arena, node: Pointer): void {
  arena.free(word(arena, node, CONTENT))
  arena.free(node)
}

/** Frees a node that has just been taken out of a list. */
export function dropNode(arena: Arena, list: Pointer, node: Pointer): void {
  arena.free(word(arena, node, CONTENT))
  dropNodeBlock(arena, list, node)
}

/** The same without its content. */
export function dropNodeBlock(arena: Arena, list: Pointer, node: Pointer): void {
  if (isMarked(arena, list) && arena.unitGuard?.keepsNode(list, node) === true) return
  arena.free(node)
}

/** Puts a node into a list, behind or in front of another; that is 0 only in an empty list. Element counts are added. */
export function link(arena: Arena, list: Pointer, beside: Pointer, node: Pointer, isBehind: boolean): void {
  const previous = isBehind ? beside : beside === 0 ? 0 : word(arena, beside, PREVIOUS)
  const next = isBehind ? (beside === 0 ? 0 : word(arena, beside, NEXT)) : beside
  if (isMarked(arena, list)) {
    if (previous !== 0) arena.unitGuard?.relinking(list, previous)
    arena.unitGuard?.added(list, node)
  }
  setWord(arena, node, PREVIOUS, previous)
  setWord(arena, node, NEXT, next)
  if (previous === 0) setWord(arena, list, HEAD, node)
  else setWord(arena, previous, NEXT, node)
  if (next === 0) setWord(arena, list, TAIL, node)
  else setWord(arena, next, PREVIOUS, node)
  setWord(arena, list, NODES, word(arena, list, NODES) + 1)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) + nodeCount(arena, node))
}

/** Takes a node out; it is the caller's then. */
export function unlink(arena: Arena, list: Pointer, node: Pointer): void {
  const previous = word(arena, node, PREVIOUS)
  const next = word(arena, node, NEXT)
  if (isMarked(arena, list)) {
    arena.unitGuard?.changing(list, node)
    if (previous !== 0) arena.unitGuard?.relinking(list, previous)
  }
  if (previous === 0) setWord(arena, list, HEAD, next)
  else setWord(arena, previous, NEXT, next)
  if (next === 0) setWord(arena, list, TAIL, previous)
  else setWord(arena, next, PREVIOUS, previous)
  setWord(arena, list, NODES, word(arena, list, NODES) - 1)
  setWord(arena, list, ELEMENTS, word(arena, list, ELEMENTS) - nodeCount(arena, node))
}

/** Most bytes of a node under `fill`, Infinity where elements are counted. */
export function sizeLimit(fill: number): number {
  if (fill >= 0) return Infinity
  return FILL_BYTES[Math.min(-fill, FILL_BYTES.length) - 1]
}

/** Most elements of a node under `fill`, Infinity where bytes are counted. */
export function countLimit(fill: number): number {
  if (fill < 0) return Infinity
  return fill === 0 ? 1 : fill
}

/** Whether a node of this size and count would be more than `fill` allows. */
export function exceeds(fill: number, bytes: number, elements: number): boolean {
  if (fill < 0) return bytes > sizeLimit(fill)
  return bytes > SAFETY_BYTES || elements > countLimit(fill)
}

/** Room to begin a node with that others will follow: what it will grow to. */
export function nodeCapacity(fill: number, valueBytes: number): number {
  const limit = fill < 0 ? sizeLimit(fill) : SAFETY_BYTES
  if (fill < 0) return valueBytes < limit / 8 ? Math.min(limit, SAFETY_BYTES) : 0
  return Math.min(SAFETY_BYTES, fill * (valueBytes + 4))
}

// Compression.

/** Where nodes are expanded to be read, and compressed; grows. */
class Workspace {
  bytes: Uint8Array

  constructor() {
    this.bytes = new Uint8Array(16384)
  }

  atLeast(size: number): Uint8Array {
    if (this.bytes.length < size) this.bytes = new Uint8Array(Math.max(size, this.bytes.length * 2))
    return this.bytes
  }
}

const compressing = new Workspace()

/** Expands a compressed node into `into`, which is large enough. */
export function expandInto(arena: Arena, node: Pointer, into: Uint8Array, at: number): void {
  const content = word(arena, node, CONTENT)
  const start = (content & OFFSET_MASK) << 3
  const size = word(arena, node, SIZE)
  const end = start + word(arena, node, STORED)
  const written = lzfDecompress(arena.u8[content >>> SEGMENT_SHIFT], start, end, into, at, at + size)
  assert(written === at + size)
}

/** Expands a node for good; false when memory could not be had. */
export function expand(arena: Arena, node: Pointer): boolean {
  if (!isCompressed(arena, node)) return true
  const size = word(arena, node, SIZE)
  const expanded = arena.allocate(size)
  if (expanded === 0) return false
  expandInto(arena, node, arena.u8[expanded >>> SEGMENT_SHIFT], (expanded & OFFSET_MASK) << 3)
  arena.free(word(arena, node, CONTENT))
  setContent(arena, node, expanded, size, nodeCount(arena, node))
  return true
}

/** Compresses a node, if that pays and memory can be had. */
export function compress(arena: Arena, node: Pointer): void {
  const flags = word(arena, node, FLAGS)
  const size = word(arena, node, SIZE)
  if ((flags & (PLAIN | COMPRESSED | INCOMPRESSIBLE)) !== 0 || size < COMPRESSED_FROM_BYTES) return
  const content = word(arena, node, CONTENT)
  const start = contentStart(arena, node)
  const out = compressing.atLeast(size)
  const stored = lzfCompress(arena.u8[content >>> SEGMENT_SHIFT], start, start + size, out, 0, size)
  const block = stored === 0 || stored + SAVED_BYTES_MIN >= size ? 0 : arena.allocate(stored)
  if (block === 0) {
    setWord(arena, node, FLAGS, flags | INCOMPRESSIBLE)
    return
  }
  arena.u8[block >>> SEGMENT_SHIFT].set(out.subarray(0, stored), (block & OFFSET_MASK) << 3)
  arena.free(content)
  setWord(arena, node, CONTENT, block)
  setWord(arena, node, STORED, stored)
  setWord(arena, node, FLAGS, flags | COMPRESSED)
}

/**
 * Brings the compression of a list in order after `node` (or 0) was put in, changed, or nodes were taken out: those near the ends
 * are expanded, `node` and the first ones beyond the depth are compressed. Costs as much as the depth.
 */
export function adjustCompression(arena: Arena, list: Pointer, node: Pointer): void {
  const depth = depthOf(arena, list)
  if (depth === 0 || word(arena, list, NODES) < depth * 2) return
  let forward = word(arena, list, HEAD)
  let backward = word(arena, list, TAIL)
  let isNearEnd = false
  for (let i = 0; i < depth; i++) {
    expand(arena, forward)
    expand(arena, backward)
    if (forward === node || backward === node) isNearEnd = true
    if (forward === backward || word(arena, forward, NEXT) === backward) return
    forward = word(arena, forward, NEXT)
    backward = word(arena, backward, PREVIOUS)
  }
  if (!isNearEnd && node !== 0) compress(arena, node)
  compress(arena, forward)
  compress(arena, backward)
}
