/**
 * The intset: a sorted array of distinct integers in one block, as wide as its widest element needs.
 *
 *     offset
 *      0   u32  bytes an element: 2, 4 or 8
 *      4   u32  elements
 *      8        elements, ascending, signed, little-endian
 *
 * These are the reference's bytes (intset.c), which RDB files hold as they are. An integer travels as two int32 halves,
 * `high` and `low`, so that all 64 bits are exact and nothing is allocated. Elements never narrow again.
 *
 * A function that changes an intset returns the block, which may have moved, or 0 when memory could not be had; then
 * nothing has changed.
 */

import { assert } from '../base/assert.js'
import type { Int64 } from '../base/int64.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'

export const INTSET_HEADER_BYTES = 8
/** More elements than this an intset never has. */
export const INTSET_ELEMENTS_MAX = 1 << 30

const TWO_32 = 0x100000000
const SIGN = 0x80000000 | 0

/** An empty intset, or 0 without memory. */
export function newIntset(arena: Arena): Pointer {
  const intset = arena.allocate(INTSET_HEADER_BYTES)
  if (intset === 0) return 0
  const words = arena.i32[intset >>> SEGMENT_SHIFT]
  const word = (intset & OFFSET_MASK) << 1
  words[word] = 2
  words[word + 1] = 0
  return intset
}

export function intsetLength(arena: Arena, intset: Pointer): number {
  return arena.i32[intset >>> SEGMENT_SHIFT][((intset & OFFSET_MASK) << 1) + 1]
}

/** Bytes an element: 2, 4 or 8. */
export function intsetWidth(arena: Arena, intset: Pointer): number {
  return arena.i32[intset >>> SEGMENT_SHIFT][(intset & OFFSET_MASK) << 1]
}

/** Bytes of header and elements. */
export function intsetBytes(arena: Arena, intset: Pointer): number {
  return INTSET_HEADER_BYTES + intsetLength(arena, intset) * intsetWidth(arena, intset)
}

/** The upper half of a safe integer; its lower half is `value | 0`. */
export function highHalf(value: number): number {
  return Math.floor(value / TWO_32) | 0
}

/** The value of two halves: exact when it is a safe integer, otherwise the nearest double. */
export function fromHalves(high: number, low: number): number {
  return high * TWO_32 + (low >>> 0)
}

/** Upper half of the element at an index. */
export function intsetHigh(arena: Arena, intset: Pointer, index: number): number {
  const words = arena.i32[intset >>> SEGMENT_SHIFT]
  const base = (intset & OFFSET_MASK) << 1
  if (words[base] === 8) return words[base + 3 + (index << 1)]
  return intsetLow(arena, intset, index) >> 31
}

/** Lower half of the element at an index; of a narrow intset, the element itself. */
export function intsetLow(arena: Arena, intset: Pointer, index: number): number {
  const words = arena.i32[intset >>> SEGMENT_SHIFT]
  const base = (intset & OFFSET_MASK) << 1
  const width = words[base]
  if (width === 4) return words[base + 2 + index]
  if (width === 8) return words[base + 2 + (index << 1)]
  return half(words, base, index)
}

export function intsetGet(arena: Arena, intset: Pointer, index: number, into: Int64): void {
  into.high = intsetHigh(arena, intset, index)
  into.low = intsetLow(arena, intset, index) >>> 0
}

/**
 * Looks a value up.
 *
 * @returns its index; otherwise `~index` of where it belongs, always negative
 */
export function searchIntset(arena: Arena, intset: Pointer, high: number, low: number): number {
  const words = arena.i32[intset >>> SEGMENT_SHIFT]
  const base = (intset & OFFSET_MASK) << 1
  const width = words[base]
  const length = words[base + 1]
  if (widthOf(high, low) > width) return high < 0 ? ~0 : ~length
  if (width === 2) return search16(words, base, length, low)
  if (width === 4) return search32(words, base + 2, length, low)
  return search64(words, base + 2, length, high, low)
}

/** Puts a value in that `searchIntset` has just reported missing; `at` is the index it gave. Widens the intset if need be. */
export function insertIntoIntset(arena: Arena, intset: Pointer, at: number, high: number, low: number): Pointer {
  const width = intsetWidth(arena, intset)
  const length = intsetLength(arena, intset)
  assert(at <= length)
  assert(length < INTSET_ELEMENTS_MAX)
  const needed = widthOf(high, low)
  if (needed > width) return widen(arena, intset, needed, high, low)
  const target = makeRoom(arena, intset, INTSET_HEADER_BYTES + (length + 1) * width)
  if (target === 0) return 0
  const bytes = arena.u8[target >>> SEGMENT_SHIFT]
  const start = ((target & OFFSET_MASK) << 3) + INTSET_HEADER_BYTES
  if (at < length) bytes.copyWithin(start + (at + 1) * width, start + at * width, start + length * width)
  const words = arena.i32[target >>> SEGMENT_SHIFT]
  const base = (target & OFFSET_MASK) << 1
  put(words, bytes, base, width, at, high, low)
  words[base + 1] = length + 1
  return target
}

/** Adds a value if it is missing; `intsetLength` tells. */
export function addToIntset(arena: Arena, intset: Pointer, high: number, low: number): Pointer {
  const found = searchIntset(arena, intset, high, low)
  return found >= 0 ? intset : insertIntoIntset(arena, intset, ~found, high, low)
}

/** Takes out the element at an index. Always succeeds. */
export function removeFromIntset(arena: Arena, intset: Pointer, index: number): Pointer {
  const width = intsetWidth(arena, intset)
  const length = intsetLength(arena, intset)
  assert(index >= 0)
  assert(index < length)
  const start = ((intset & OFFSET_MASK) << 3) + INTSET_HEADER_BYTES
  const bytes = arena.u8[intset >>> SEGMENT_SHIFT]
  if (index < length - 1) bytes.copyWithin(start + index * width, start + (index + 1) * width, start + length * width)
  arena.i32[intset >>> SEGMENT_SHIFT][((intset & OFFSET_MASK) << 1) + 1] = length - 1
  const needed = INTSET_HEADER_BYTES + (length - 1) * width
  return needed * 2 <= arena.usableBytes(intset) ? arena.reallocate(intset, needed) : intset
}

/** A copy of the block; 0 without memory. */
export function copyIntset(arena: Arena, intset: Pointer): Pointer {
  const length = intsetBytes(arena, intset)
  const target = arena.allocate(length)
  if (target === 0) return 0
  const start = (intset & OFFSET_MASK) << 3
  arena.u8[target >>> SEGMENT_SHIFT].set(
    arena.u8[intset >>> SEGMENT_SHIFT].subarray(start, start + length),
    (target & OFFSET_MASK) << 3,
  )
  return target
}

/**
 * Whether bytes from outside (a file, RESTORE) are an intset.
 *
 * @param checksOrder  also that the elements ascend
 */
export function isIntset(bytes: Uint8Array, start: number, end: number, checksOrder: boolean): boolean {
  if (end - start < INTSET_HEADER_BYTES) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
  const width = view.getUint32(0, true)
  const length = view.getUint32(4, true)
  if (width !== 2 && width !== 4 && width !== 8) return false
  if (length === 0 || INTSET_HEADER_BYTES + length * width !== end - start) return false
  if (!checksOrder) return true
  for (let i = 1; i < length; i++) if (orderAt(view, width, i - 1, i) >= 0) return false
  return true
}

/** Asserts that header and order are right. */
export function validateIntset(arena: Arena, intset: Pointer): void {
  const width = intsetWidth(arena, intset)
  const length = intsetLength(arena, intset)
  assert(width === 2 || width === 4 || width === 8)
  assert(length >= 0)
  assert(INTSET_HEADER_BYTES + length * width <= arena.usableBytes(intset))
  for (let i = 1; i < length; i++) {
    const high = intsetHigh(arena, intset, i)
    const before = intsetHigh(arena, intset, i - 1)
    assert(before <= high)
    if (before === high) assert(intsetLow(arena, intset, i - 1) >>> 0 < intsetLow(arena, intset, i) >>> 0)
  }
}

function widthOf(high: number, low: number): number {
  if (high !== low >> 31) return 8
  return low === (low << 16) >> 16 ? 2 : 4
}

/** The 16-bit element at an index. */
function half(words: Int32Array, base: number, index: number): number {
  const pair = words[base + 2 + (index >>> 1)]
  return (index & 1) === 0 ? (pair << 16) >> 16 : pair >> 16
}

function search16(words: Int32Array, base: number, length: number, value: number): number {
  let first = 0
  let last = length - 1
  while (first <= last) {
    const middle = (first + last) >>> 1
    const seen = half(words, base, middle)
    if (seen === value) return middle
    if (seen < value) first = middle + 1
    else last = middle - 1
  }
  return ~first
}

function search32(words: Int32Array, start: number, length: number, value: number): number {
  let first = 0
  let last = length - 1
  while (first <= last) {
    const middle = (first + last) >>> 1
    const seen = words[start + middle]
    if (seen === value) return middle
    if (seen < value) first = middle + 1
    else last = middle - 1
  }
  return ~first
}

function search64(words: Int32Array, start: number, length: number, high: number, low: number): number {
  const ordered = low ^ SIGN // the lower halves compare as unsigned numbers
  let first = 0
  let last = length - 1
  while (first <= last) {
    const middle = (first + last) >>> 1
    const seenHigh = words[start + (middle << 1) + 1]
    const seenLow = words[start + (middle << 1)] ^ SIGN
    if (seenHigh === high && seenLow === ordered) return middle
    if (seenHigh < high || (seenHigh === high && seenLow < ordered)) first = middle + 1
    else last = middle - 1
  }
  return ~first
}

function put(
  words: Int32Array, bytes: Uint8Array, base: number, width: number, index: number, high: number, low: number,
): void {
  if (width === 4) {
    words[base + 2 + index] = low
  } else if (width === 8) {
    words[base + 2 + (index << 1)] = low
    words[base + 3 + (index << 1)] = high
  } else {
    const at = (base << 2) + INTSET_HEADER_BYTES + (index << 1)
    bytes[at] = low
    bytes[at + 1] = low >> 8
  }
} // prettier-ignore

/** Gives all elements more bytes. The new one is beyond the range of the others: it comes first or last. */
function widen(arena: Arena, intset: Pointer, width: number, high: number, low: number): Pointer {
  const length = intsetLength(arena, intset)
  const target = arena.allocate(INTSET_HEADER_BYTES + (length + 1) * width)
  if (target === 0) return 0
  const words = arena.i32[target >>> SEGMENT_SHIFT]
  const bytes = arena.u8[target >>> SEGMENT_SHIFT]
  const base = (target & OFFSET_MASK) << 1
  words[base] = width
  words[base + 1] = length + 1
  const shift = high < 0 ? 1 : 0
  for (let i = 0; i < length; i++) {
    put(words, bytes, base, width, i + shift, intsetHigh(arena, intset, i), intsetLow(arena, intset, i))
  }
  put(words, bytes, base, width, shift === 1 ? 0 : length, high, low)
  arena.free(intset)
  return target
}

/** Sees to it that the block holds so many bytes; size classes leave spare room, so most insertions move nothing. */
function makeRoom(arena: Arena, intset: Pointer, bytes: number): Pointer {
  return bytes <= arena.usableBytes(intset) ? intset : arena.reallocate(intset, bytes)
}

function orderAt(view: DataView, width: number, a: number, b: number): number {
  const first = INTSET_HEADER_BYTES + a * width
  const second = INTSET_HEADER_BYTES + b * width
  if (width === 2) return view.getInt16(first, true) - view.getInt16(second, true)
  if (width === 4) return view.getInt32(first, true) - view.getInt32(second, true)
  const high = view.getInt32(first + 4, true) - view.getInt32(second + 4, true)
  return high !== 0 ? high : view.getUint32(first, true) - view.getUint32(second, true)
}
