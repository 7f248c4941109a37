/**
 * An element of a dict: one block with a field and, in hashes, its value.
 *
 *     offset
 *      0   u32  bits 0-11 length of the field, 12-23 length of the value, 24-31 words of prefix
 *      4        prefix: whatever the owner keeps besides (an expiry time; score and links of a sorted set's node)
 *      +        field bytes, or {u32 length, pointer} when they are too long
 *      +        value bytes, or {u32 length, pointer} when they are long, at the next multiple of 4
 *
 * A member of 16 bytes takes 24 bytes, a field of 16 with a value of 16 takes 40. Fields without an expiry time do not pay
 * for those that have one. Functions that allocate return 0 when memory could not be had; then nothing has changed.
 */

import { assert } from '../base/assert.js'
import { compare, copy } from '../base/bytes.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'

const HEADER_BYTES = 4
const LENGTH_MASK = 0xfff
const EXTERNAL = LENGTH_MASK
const VALUE_SHIFT = 12
const PREFIX_SHIFT = 24
const CELL_BYTES = 8
/** Fields up to this length lie in the element. */
export const INLINE_FIELD_MAX = EXTERNAL - 1
/** Values up to this length lie in the element: it is copied when one of another size takes their place. */
export const INLINE_VALUE_MAX = 1024
export const PREFIX_WORDS_MAX = 255

/** Bytes that lie somewhere else. */
export interface ByteRange {
  bytes: Uint8Array
  start: number
  end: number
}

/** A field and a value, copied into a new block; the prefix is the caller's to fill. */
export function newElement(
  arena: Arena,
  field: Uint8Array, fieldStart: number, fieldEnd: number,
  value: Uint8Array, valueStart: number, valueEnd: number,
  prefixWords: number,
): Pointer {
  const fieldLength = fieldEnd - fieldStart
  const valueLength = valueEnd - valueStart
  const fieldAt = HEADER_BYTES + (prefixWords << 2)
  if (fieldLength > INLINE_FIELD_MAX || valueLength > INLINE_VALUE_MAX) {
    return newLongElement(arena, field, fieldStart, fieldEnd, value, valueStart, valueEnd, prefixWords)
  }
  const element = arena.allocate(fieldAt + fieldLength + valueLength)
  if (element === 0) return 0
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  arena.i32[segment][base >>> 2] = fieldLength | (valueLength << VALUE_SHIFT) | (prefixWords << PREFIX_SHIFT)
  const bytes = arena.u8[segment]
  copy(field, fieldStart, fieldEnd, bytes, base + fieldAt)
  if (valueLength !== 0) copy(value, valueStart, valueEnd, bytes, base + fieldAt + fieldLength)
  return element
} // prettier-ignore

/** Frees an element with what lies outside of it. */
export function freeElement(arena: Arena, element: Pointer): void {
  const head = headOf(arena, element)
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) === EXTERNAL) arena.free(cellPointer(arena, element, valueCellAt(head)))
  if ((head & LENGTH_MASK) === EXTERNAL) arena.free(cellPointer(arena, element, fieldAtOf(head)))
  arena.free(element)
}

/** Bytes of an element's blocks. */
export function elementBytes(arena: Arena, element: Pointer): number {
  const head = headOf(arena, element)
  let bytes = arena.usableBytes(element)
  if ((head & LENGTH_MASK) === EXTERNAL) bytes += arena.usableBytes(cellPointer(arena, element, fieldAtOf(head)))
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) !== EXTERNAL) return bytes
  return bytes + arena.usableBytes(cellPointer(arena, element, valueCellAt(head)))
}

/** The segment bytes in which the field lies; use with `elementFieldStart` and `elementFieldLength`. */
export function elementFieldBytes(arena: Arena, element: Pointer): Uint8Array {
  const head = headOf(arena, element)
  if ((head & LENGTH_MASK) !== EXTERNAL) return arena.u8[element >>> SEGMENT_SHIFT]
  return arena.u8[cellPointer(arena, element, fieldAtOf(head)) >>> SEGMENT_SHIFT]
}

export function elementFieldStart(arena: Arena, element: Pointer): number {
  const head = headOf(arena, element)
  if ((head & LENGTH_MASK) !== EXTERNAL) return ((element & OFFSET_MASK) << 3) + fieldAtOf(head)
  return (cellPointer(arena, element, fieldAtOf(head)) & OFFSET_MASK) << 3
}

export function elementFieldLength(arena: Arena, element: Pointer): number {
  const head = headOf(arena, element)
  const length = head & LENGTH_MASK
  return length !== EXTERNAL ? length : cellLength(arena, element, fieldAtOf(head))
}

/** The segment bytes in which the value lies; use with `elementValueStart` and `elementValueLength`. */
export function elementValueBytes(arena: Arena, element: Pointer): Uint8Array {
  const head = headOf(arena, element)
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) !== EXTERNAL) return arena.u8[element >>> SEGMENT_SHIFT]
  return arena.u8[cellPointer(arena, element, valueCellAt(head)) >>> SEGMENT_SHIFT]
}

export function elementValueStart(arena: Arena, element: Pointer): number {
  const head = headOf(arena, element)
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) !== EXTERNAL) return ((element & OFFSET_MASK) << 3) + valueAtOf(head)
  return (cellPointer(arena, element, valueCellAt(head)) & OFFSET_MASK) << 3
}

export function elementValueLength(arena: Arena, element: Pointer): number {
  const head = headOf(arena, element)
  const length = (head >>> VALUE_SHIFT) & LENGTH_MASK
  return length !== EXTERNAL ? length : cellLength(arena, element, valueCellAt(head))
}

/** Points `into` at the field. */
export function viewField(arena: Arena, element: Pointer, into: ByteRange): void {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const head = arena.i32[segment][base >>> 2]
  const length = head & LENGTH_MASK
  if (length === EXTERNAL) {
    into.bytes = elementFieldBytes(arena, element)
    into.start = elementFieldStart(arena, element)
    into.end = into.start + elementFieldLength(arena, element)
    return
  }
  const start = base + HEADER_BYTES + ((head >>> PREFIX_SHIFT) << 2)
  into.bytes = arena.u8[segment]
  into.start = start
  into.end = start + length
}

/** Points `into` at the value. */
export function viewValue(arena: Arena, element: Pointer, into: ByteRange): void {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const head = arena.i32[segment][base >>> 2]
  const length = (head >>> VALUE_SHIFT) & LENGTH_MASK
  if (length === EXTERNAL) {
    into.bytes = elementValueBytes(arena, element)
    into.start = elementValueStart(arena, element)
    into.end = into.start + elementValueLength(arena, element)
    return
  }
  const start = base + valueAtOf(head)
  into.bytes = arena.u8[segment]
  into.start = start
  into.end = start + length
}

/** Words between the head and the field. */
export function elementPrefixWords(arena: Arena, element: Pointer): number {
  return headOf(arena, element) >>> PREFIX_SHIFT
}

/** True when the element's field is `bytes[start, end)`. */
export function fieldEquals(arena: Arena, element: Pointer, bytes: Uint8Array, start: number, end: number): boolean {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const head = arena.i32[segment][base >>> 2]
  const length = head & LENGTH_MASK
  if (length === EXTERNAL) return longFieldEquals(arena, element, bytes, start, end)
  if (length !== end - start) return false
  const own = arena.u8[segment]
  let at = base + HEADER_BYTES + ((head >>> PREFIX_SHIFT) << 2)
  for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false
  return true
}

/** The order of the element's field and `bytes[start, end)`: -1, 0 or 1. */
export function compareField(arena: Arena, element: Pointer, bytes: Uint8Array, start: number, end: number): number {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const head = arena.i32[segment][base >>> 2]
  const length = head & LENGTH_MASK
  if (length === EXTERNAL) {
    const own = elementFieldStart(arena, element)
    const ownEnd = own + elementFieldLength(arena, element)
    return compare(elementFieldBytes(arena, element), own, ownEnd, bytes, start, end)
  }
  const at = base + HEADER_BYTES + ((head >>> PREFIX_SHIFT) << 2)
  return compare(arena.u8[segment], at, at + length, bytes, start, end)
}

/**
 * Gives an element another value; the bytes must not lie in the element itself.
 *
 * @returns the element, which may have moved, or 0 without memory
 */
export function setElementValue(
  arena: Arena, element: Pointer, value: Uint8Array, valueStart: number, valueEnd: number,
): Pointer {
  const segment = element >>> SEGMENT_SHIFT
  const base = (element & OFFSET_MASK) << 3
  const words = arena.i32[segment]
  const head = words[base >>> 2]
  const old = (head >>> VALUE_SHIFT) & LENGTH_MASK
  const length = valueEnd - valueStart
  if (old === EXTERNAL || length > INLINE_VALUE_MAX) return setLongValue(arena, element, head, value, valueStart, valueEnd)
  const valueAt = valueAtOf(head)
  if (length !== old) {
    const usable = arena.usableBytes(element)
    if (valueAt + length > usable || (valueAt + length) * 2 < usable) {
      return moveElement(arena, element, head, value, valueStart, valueEnd)
    }
    words[base >>> 2] = (head & ~(LENGTH_MASK << VALUE_SHIFT)) | (length << VALUE_SHIFT)
  }
  copy(value, valueStart, valueEnd, arena.u8[segment], base + valueAt)
  return element
} // prettier-ignore

/** A copy of an element with all that belongs to it, prefix included. */
export function copyElement(arena: Arena, element: Pointer): Pointer {
  const prefixWords = elementPrefixWords(arena, element)
  const fieldStart = elementFieldStart(arena, element)
  const valueStart = elementValueStart(arena, element)
  const copied = newElement(
    arena,
    elementFieldBytes(arena, element), fieldStart, fieldStart + elementFieldLength(arena, element),
    elementValueBytes(arena, element), valueStart, valueStart + elementValueLength(arena, element),
    prefixWords,
  ) // prettier-ignore
  if (copied !== 0) copyPrefix(arena, element, copied, prefixWords)
  return copied
}

/** From the first word of an element: the length of its field if that lies in it, otherwise more than INLINE_FIELD_MAX. */
export function shortFieldLength(head: number): number {
  return head & LENGTH_MASK
}

/** The same for the value, which lies right behind such a field. */
export function shortValueLength(head: number): number {
  return (head >>> VALUE_SHIFT) & LENGTH_MASK
}

/** Where the field lies in the element. */
export function fieldOffset(head: number): number {
  return HEADER_BYTES + ((head >>> PREFIX_SHIFT) << 2)
}

function headOf(arena: Arena, element: Pointer): number {
  return arena.i32[element >>> SEGMENT_SHIFT][(element & OFFSET_MASK) << 1]
}

function fieldAtOf(head: number): number {
  return HEADER_BYTES + ((head >>> PREFIX_SHIFT) << 2)
}

/** Where the field ends and a short value begins. */
function valueAtOf(head: number): number {
  const length = head & LENGTH_MASK
  return fieldAtOf(head) + (length === EXTERNAL ? CELL_BYTES : length)
}

function valueCellAt(head: number): number {
  return (valueAtOf(head) + 3) & ~3
}

function cellLength(arena: Arena, element: Pointer, at: number): number {
  return arena.i32[element >>> SEGMENT_SHIFT][(((element & OFFSET_MASK) << 3) + at) >>> 2]
}

function cellPointer(arena: Arena, element: Pointer, at: number): Pointer {
  return arena.i32[element >>> SEGMENT_SHIFT][((((element & OFFSET_MASK) << 3) + at) >>> 2) + 1]
}

function setCell(arena: Arena, element: Pointer, at: number, length: number, block: Pointer): void {
  const word = (((element & OFFSET_MASK) << 3) + at) >>> 2
  const words = arena.i32[element >>> SEGMENT_SHIFT]
  words[word] = length
  words[word + 1] = block
}

function longFieldEquals(arena: Arena, element: Pointer, bytes: Uint8Array, start: number, end: number): boolean {
  if (elementFieldLength(arena, element) !== end - start) return false
  const own = elementFieldBytes(arena, element)
  let at = elementFieldStart(arena, element)
  for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false
  return true
}

function newLongElement(
  arena: Arena,
  field: Uint8Array, fieldStart: number, fieldEnd: number,
  value: Uint8Array, valueStart: number, valueEnd: number,
  prefixWords: number,
): Pointer {
  const isFieldLong = fieldEnd - fieldStart > INLINE_FIELD_MAX
  const isValueLong = valueEnd - valueStart > INLINE_VALUE_MAX
  const fieldBlock = isFieldLong ? copyOut(arena, field, fieldStart, fieldEnd) : 0
  const valueBlock = isValueLong ? copyOut(arena, value, valueStart, valueEnd) : 0
  const head =
    (isFieldLong ? EXTERNAL : fieldEnd - fieldStart) |
    ((isValueLong ? EXTERNAL : valueEnd - valueStart) << VALUE_SHIFT) |
    (prefixWords << PREFIX_SHIFT)
  const isComplete = isFieldLong === (fieldBlock !== 0) && isValueLong === (valueBlock !== 0)
  const element = isComplete ? arena.allocate(blockBytesOf(head)) : 0
  if (element === 0) {
    if (fieldBlock !== 0) arena.free(fieldBlock)
    if (valueBlock !== 0) arena.free(valueBlock)
    return 0
  }
  const base = (element & OFFSET_MASK) << 3
  const bytes = arena.u8[element >>> SEGMENT_SHIFT]
  arena.i32[element >>> SEGMENT_SHIFT][base >>> 2] = head
  if (isFieldLong) setCell(arena, element, fieldAtOf(head), fieldEnd - fieldStart, fieldBlock)
  else copy(field, fieldStart, fieldEnd, bytes, base + fieldAtOf(head))
  if (isValueLong) setCell(arena, element, valueCellAt(head), valueEnd - valueStart, valueBlock)
  else copy(value, valueStart, valueEnd, bytes, base + valueAtOf(head))
  return element
} // prettier-ignore

function blockBytesOf(head: number): number {
  const length = (head >>> VALUE_SHIFT) & LENGTH_MASK
  return length === EXTERNAL ? valueCellAt(head) + CELL_BYTES : valueAtOf(head) + length
}

function copyOut(arena: Arena, bytes: Uint8Array, start: number, end: number): Pointer {
  const block = arena.allocate(end - start)
  if (block !== 0) copy(bytes, start, end, arena.u8[block >>> SEGMENT_SHIFT], (block & OFFSET_MASK) << 3)
  return block
}

/** `setElementValue` where a long value comes, goes or changes. */
function setLongValue(
  arena: Arena, element: Pointer, head: number, value: Uint8Array, valueStart: number, valueEnd: number,
): Pointer {
  const length = valueEnd - valueStart
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) !== EXTERNAL || length <= INLINE_VALUE_MAX) {
    return moveElement(arena, element, head, value, valueStart, valueEnd)
  }
  const at = valueCellAt(head)
  const old = cellPointer(arena, element, at)
  const usable = arena.usableBytes(old)
  if (length <= usable && length * 2 > usable) {
    copy(value, valueStart, valueEnd, arena.u8[old >>> SEGMENT_SHIFT], (old & OFFSET_MASK) << 3)
    setCell(arena, element, at, length, old)
    return element
  }
  const block = copyOut(arena, value, valueStart, valueEnd)
  if (block === 0) return 0
  setCell(arena, element, at, length, block)
  arena.free(old)
  return element
} // prettier-ignore

/** Puts field, prefix and another value into a new block, and frees the old one with its value. */
function moveElement(
  arena: Arena, element: Pointer, head: number, value: Uint8Array, valueStart: number, valueEnd: number,
): Pointer {
  const prefixWords = head >>> PREFIX_SHIFT
  const isFieldLong = (head & LENGTH_MASK) === EXTERNAL
  const isValueLong = valueEnd - valueStart > INLINE_VALUE_MAX
  const block = isValueLong ? copyOut(arena, value, valueStart, valueEnd) : 0
  if (isValueLong && block === 0) return 0
  const length = isValueLong ? EXTERNAL : valueEnd - valueStart
  const shaped = (head & ~(LENGTH_MASK << VALUE_SHIFT)) | (length << VALUE_SHIFT)
  const moved = arena.allocate(blockBytesOf(shaped))
  if (moved === 0) {
    if (block !== 0) arena.free(block)
    return 0
  }
  const from = (element & OFFSET_MASK) << 3
  const base = (moved & OFFSET_MASK) << 3
  const bytes = arena.u8[moved >>> SEGMENT_SHIFT]
  arena.i32[moved >>> SEGMENT_SHIFT][base >>> 2] = shaped
  // A long field's cell goes along; the field itself stays where it is.
  const kept = (prefixWords << 2) + (isFieldLong ? CELL_BYTES : head & LENGTH_MASK)
  const source = arena.u8[element >>> SEGMENT_SHIFT]
  copy(source, from + HEADER_BYTES, from + HEADER_BYTES + kept, bytes, base + HEADER_BYTES)
  if (isValueLong) setCell(arena, moved, valueCellAt(shaped), valueEnd - valueStart, block)
  else copy(value, valueStart, valueEnd, bytes, base + valueAtOf(shaped))
  if (((head >>> VALUE_SHIFT) & LENGTH_MASK) === EXTERNAL) arena.free(cellPointer(arena, element, valueCellAt(head)))
  arena.free(element)
  return moved
} // prettier-ignore

function copyPrefix(arena: Arena, from: Pointer, to: Pointer, words: number): void {
  assert(words <= PREFIX_WORDS_MAX)
  const source = arena.i32[from >>> SEGMENT_SHIFT]
  const target = arena.i32[to >>> SEGMENT_SHIFT]
  const sourceWord = ((from & OFFSET_MASK) << 1) + 1
  const targetWord = ((to & OFFSET_MASK) << 1) + 1
  for (let i = 0; i < words; i++) target[targetWord + i] = source[sourceWord + i]
}
