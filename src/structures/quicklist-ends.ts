/**
 * The straight way to push and pop at an end of a quicklist: a short element, a node that is packed, not compressed and has room,
 * and a list that nobody is saving. Whatever is not so is left to quicklist.ts.
 *
 * All words of list and node are read once, and written in place: nothing here calls back into the rest.
 */

import { assert } from '../base/assert.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { END, HEADER_BYTES, next, previous, UNCOUNTED } from './listpack.js'
import { NOT_SHORT, setHeader, shortBytes, shortValue, shrinkToFit, writeShort } from './listpack-edit.js'
import {
  CONTENT,
  DEPTH,
  ELEMENTS,
  exceeds,
  FILL,
  FLAGS,
  HEAD,
  MARKED,
  nodeCount,
  open,
  setContent,
  SIZE,
  STORED,
  TAIL,
  word,
} from './quicklist-nodes.js'

/** Added to an element's bytes when it is estimated whether it still fits a node. */
export const ENTRY_OVERHEAD_BYTES = 8

/**
 * Adds a short element at an end.
 *
 * @returns how many elements the list has then; 0, and nothing has changed, where it takes more than this
 */
export function pushShort(
  arena: Arena, list: Pointer, atHead: boolean, value: Uint8Array, start: number, end: number,
): number {
  const listWords = arena.i32[list >>> SEGMENT_SHIFT]
  const listAt = (list & OFFSET_MASK) << 1
  const node = listWords[listAt + (atHead ? HEAD : TAIL)]
  const short = shortValue(value, start, end)
  if (listWords[listAt + DEPTH] >= MARKED || node === 0 || short === NOT_SHORT) return 0
  const words = arena.i32[node >>> SEGMENT_SHIFT]
  const at = (node & OFFSET_MASK) << 1
  const elements = words[at + FLAGS]
  const size = words[at + SIZE]
  // With a flag set this is larger than any count.
  if (elements >= UNCOUNTED - 1) return 0
  if (exceeds(listWords[listAt + FILL], size + end - start + ENTRY_OVERHEAD_BYTES, elements + 1)) return 0

  const content = words[at + CONTENT]
  const gap = words[at + STORED]
  const added = shortBytes(short, end - start)
  const bytes = arena.u8[content >>> SEGMENT_SHIFT]
  let base = ((content & OFFSET_MASK) << 3) + gap
  if (atHead) {
    if (gap < added) return 0
    base -= added
    words[at + STORED] = gap - added
    writeShort(short, added, bytes, base + HEADER_BYTES, value, start, end)
  } else {
    if (gap + size + added > arena.usableBytes(content)) return 0
    const tail = base + size - 1
    writeShort(short, added, bytes, tail, value, start, end)
    bytes[tail + added] = END
  }
  setHeader(bytes, base, size + added, elements + 1)
  words[at + SIZE] = size + added
  words[at + FLAGS] = elements + 1
  return (listWords[listAt + ELEMENTS] = listWords[listAt + ELEMENTS] + 1) >>> 0
} // prettier-ignore

/** The element at an end of a quicklist. Instances are reused; a change of the list makes one stale. */
export class EndView {
  /** Where its entry lies. */
  bytes: Uint8Array
  at: number
  /** Behind the entry. */
  end: number
  private list: Pointer
  private node: Pointer
  private atHead: boolean

  constructor() {
    this.bytes = NOTHING
    this.at = 0
    this.end = 0
    this.list = 0
    this.node = 0
    this.atHead = false
  }

  /** Looks at the first or last element; false where it could not be cut off straight away. */
  open(arena: Arena, list: Pointer, atHead: boolean): boolean {
    const listWords = arena.i32[list >>> SEGMENT_SHIFT]
    const listAt = (list & OFFSET_MASK) << 1
    const node = listWords[listAt + (atHead ? HEAD : TAIL)]
    if (listWords[listAt + DEPTH] >= MARKED || node === 0) return false
    const words = arena.i32[node >>> SEGMENT_SHIFT]
    const at = (node & OFFSET_MASK) << 1
    const elements = words[at + FLAGS]
    if (elements <= 1 || elements >= UNCOUNTED) return false
    const content = words[at + CONTENT]
    const bytes = arena.u8[content >>> SEGMENT_SHIFT]
    const start = ((content & OFFSET_MASK) << 3) + words[at + STORED]
    if (this.bytes !== bytes) this.bytes = bytes
    this.list = list
    this.node = node
    this.atHead = atHead
    if (atHead) {
      this.at = start + HEADER_BYTES
      this.end = next(bytes, this.at)
    } else {
      this.end = start + words[at + SIZE] - 1
      this.at = previous(bytes, start, this.end)
    }
    return true
  }

  /** Takes the element out; returns how many are left, which is one at least. */
  cut(arena: Arena): number {
    const { atHead, list, node } = this
    const words = arena.i32[node >>> SEGMENT_SHIFT]
    const at = (node & OFFSET_MASK) << 1
    const removed = this.end - this.at
    const size = words[at + SIZE] - removed
    const elements = words[at + FLAGS] - 1
    const content = words[at + CONTENT]
    let gap = words[at + STORED]
    assert(elements > 0)
    if (atHead) words[at + STORED] = gap += removed
    else this.bytes[this.at] = END
    setHeader(this.bytes, ((content & OFFSET_MASK) << 3) + gap, size, elements)
    words[at + SIZE] = size
    words[at + FLAGS] = elements
    const listWords = arena.i32[list >>> SEGMENT_SHIFT]
    const listAt = (list & OFFSET_MASK) << 1
    const left = (listWords[listAt + ELEMENTS] = listWords[listAt + ELEMENTS] - 1) >>> 0
    if (size * 2 <= arena.usableBytes(content)) shrink(arena, node)
    return left
  }
}

/** Moves what a node holds to a smaller block, if that can be had. */
export function shrink(arena: Arena, node: Pointer): void {
  open(arena, node)
  setContent(
    arena,
    node,
    shrinkToFit(arena, word(arena, node, CONTENT)),
    word(arena, node, SIZE),
    nodeCount(arena, node),
  )
}

const NOTHING = new Uint8Array(0)
