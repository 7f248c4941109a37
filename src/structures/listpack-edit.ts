/**
 * Changes of listpacks that lie in the arena, each in a block of its own; listpack.ts has the format.
 *
 * A function that edits takes the block and returns it: it may have moved, or it is 0 when memory could not be had, and then
 * nothing has changed. Places become stale, but distances from the start keep their meaning: an element that was inserted at
 * `at`, or what followed one that was removed there, lies at `at - oldStart + newStart`. Values must not lie in the listpack
 * that is being edited.
 *
 * Blocks are exactly as large as needed, rounded up to the allocator's size classes, whose steps (an eighth) serve as room to
 * grow. A block of which less than half is in use is exchanged for a smaller one.
 */

import { assert } from '../base/assert.js'
import { copy, copyByLoop, readInt32LE, writeUint32LE } from '../base/bytes.js'
import { Int64, fromNumber, parseInt64 } from '../base/int64.js'
import { INTEGER_TEXT_BYTES_MAX, parseInteger } from '../base/integer.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import {
  backLengthBytes,
  count,
  EMPTY_BYTES,
  END,
  endOf,
  HEADER_BYTES,
  headerCount,
  INTEGER_16,
  INTEGER_24,
  INTEGER_32,
  INTEGER_64,
  mayBeInteger,
  next,
  seek,
  setHeaderCount,
  setTotalBytes,
  STRING_32,
  totalBytes,
  UNCOUNTED,
  writeBackLength,
  writeEmpty,
} from './listpack.js'

/** How an element will be written. */
export class Plan {
  /** First byte of an integer's encoding; -1 for a string. */
  code: number
  /** Bytes without the length behind. */
  body: number
  /** Of an integer. */
  readonly int64: Int64

  constructor() {
    this.code = -1
    this.body = 0
    this.int64 = new Int64(0, 0)
  }

  get entryBytes(): number {
    return this.body + backLengthBytes(this.body)
  }

  forBytes(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length > 0 && mayBeInteger(bytes[start], length)) {
      const value = parseInteger(bytes, start, end)
      if (value === Infinity || value === -Infinity) {
        parseInt64(bytes, start, end, this.int64)
        this.code = INTEGER_64
        this.body = 9
        return
      }
      if (!Number.isNaN(value)) return this.forInteger(value)
    }
    this.code = -1
    this.body = length + (length < 64 ? 1 : length < 4096 ? 2 : 5)
  }

  forInteger(value: number): void {
    fromNumber(value, this.int64)
    if (value >= 0 && value <= 127) this.set(0, 1)
    else if (value >= -4096 && value <= 4095) this.set(0xc0, 2)
    else if (value >= -0x8000 && value <= 0x7fff) this.set(INTEGER_16, 3)
    else if (value >= -0x800000 && value <= 0x7fffff) this.set(INTEGER_24, 4)
    else if (value >= -0x80000000 && value <= 0x7fffffff) this.set(INTEGER_32, 5)
    else this.set(INTEGER_64, 9)
  }

  /** Writes an entry; the value's bytes are looked at for a string only. */
  write(to: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.code < 0) this.writeString(to, at, bytes, start, end)
    else this.writeNumber(to, at)
    writeBackLength(to, at + this.body, this.body)
  }

  private set(code: number, body: number): void {
    this.code = code
    this.body = body
  }

  private writeString(to: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length < 64) to[at++] = 0x80 | length
    else if (length < 4096) {
      to[at++] = 0xe0 | (length >>> 8)
      to[at++] = length
    } else {
      to[at] = STRING_32
      writeUint32LE(length, to, at + 1)
      at += 5
    }
    copy(bytes, start, end, to, at)
  }

  private writeNumber(to: Uint8Array, at: number): void {
    const { body, code, int64 } = this
    const { low } = int64
    if (body === 1) to[at] = low
    else if (body === 2) {
      to[at] = 0xc0 | ((low >>> 8) & 31)
      to[at + 1] = low
    } else {
      to[at] = code
      for (let i = 1; i < body && i < 5; i++) to[at + i] = low >>> ((i - 1) << 3)
      if (body === 9) writeUint32LE(int64.high, to, at + 5)
    }
  }
}

/** In place of an integer: the text is none, and short enough for `writeShort`. */
export const SHORT_STRING = 1 << 30
/** The text needs more than the straight way offers: a long string, an integer of many digits. */
export const NOT_SHORT = SHORT_STRING + 1
/** Integers of so many characters have at most 24 bits. */
const SHORT_INTEGER_LENGTH = 6
const SHORT_STRING_LENGTH = 63

// The straight way: what most elements are, a string of up to 63 bytes or an integer of a few digits, is written without a plan.

/** What `shortBytes` and `writeShort` are to write: an integer, SHORT_STRING or NOT_SHORT. */
export function shortValue(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > SHORT_STRING_LENGTH) return NOT_SHORT
  if (length === 0) return SHORT_STRING
  const head = bytes[start]
  if (head > 0x39 || (head < 0x30 && head !== 0x2d)) return SHORT_STRING
  if (length > SHORT_INTEGER_LENGTH) return length > INTEGER_TEXT_BYTES_MAX ? SHORT_STRING : NOT_SHORT
  const value = parseInteger(bytes, start, end)
  return Number.isNaN(value) ? SHORT_STRING : value | 0
}

/** Bytes of the entry, with the length behind it. */
export function shortBytes(short: number, length: number): number {
  if (short === SHORT_STRING) return length + 2
  if (short >= 0 && short <= 127) return 2
  if (short >= -4096 && short <= 4095) return 3
  return short >= -0x8000 && short <= 0x7fff ? 4 : 5
}

/** Writes the entry; the value's bytes are looked at for a string only. */
export function writeShort(
  short: number, entryBytes: number, to: Uint8Array, at: number, value: Uint8Array, start: number, end: number,
): void {
  if (short === SHORT_STRING) {
    to[at] = 0x80 | (end - start)
    for (let i = start, out = at + 1; i < end; i++, out++) to[out] = value[i]
  } else if (entryBytes === 2) to[at] = short
  else if (entryBytes === 3) {
    to[at] = 0xc0 | ((short >>> 8) & 31)
    to[at + 1] = short
  } else {
    to[at] = entryBytes === 4 ? INTEGER_16 : INTEGER_24
    to[at + 1] = short
    to[at + 2] = short >>> 8
    if (entryBytes === 5) to[at + 3] = short >>> 16
  }
  to[at + entryBytes - 1] = entryBytes - 1
} // prettier-ignore

/** Notes another total and number of elements, which is not UNCOUNTED. */
export function setHeader(bytes: Uint8Array, start: number, total: number, elements: number): void {
  bytes[start] = total
  bytes[start + 1] = total >>> 8
  bytes[start + 2] = total >>> 16
  bytes[start + 3] = total >>> 24
  bytes[start + 4] = elements
  bytes[start + 5] = elements >>> 8
}

const plan = new Plan()
const NOTHING = new Uint8Array(0)

/** A new listpack without elements, with room for so many bytes in all. */
export function create(arena: Arena, capacity = EMPTY_BYTES): Pointer {
  const listpack = arena.allocate(capacity > EMPTY_BYTES ? capacity : EMPTY_BYTES)
  if (listpack !== 0) writeEmpty(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  return listpack
}

/** A listpack of the arena made of bytes that are one. */
export function fromBytes(arena: Arena, bytes: Uint8Array, start: number, end: number): Pointer {
  const listpack = arena.allocate(end - start)
  if (listpack !== 0) copy(bytes, start, end, arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  return listpack
}

export function duplicate(arena: Arena, listpack: Pointer): Pointer {
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const start = (listpack & OFFSET_MASK) << 3
  return fromBytes(arena, bytes, start, start + totalBytes(bytes, start))
}

/** Bytes that an element would take, in the shortest encoding. */
export function encodedBytes(bytes: Uint8Array, start: number, end: number): number {
  plan.forBytes(bytes, start, end)
  return plan.entryBytes
}

/** Adds a short element at the end of a listpack with room for it; false, and nothing has changed, if it is not so. */
function appendInPlace(arena: Arena, listpack: Pointer, value: Uint8Array, start: number, end: number): boolean {
  const short = shortValue(value, start, end)
  if (short === NOT_SHORT) return false
  const base = (listpack & OFFSET_MASK) << 3
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const total = readInt32LE(bytes, base)
  const elements = headerCount(bytes, base)
  const added = shortBytes(short, end - start)
  if (elements >= UNCOUNTED - 1 || total + added > arena.usableBytes(listpack)) return false
  const at = base + total - 1
  writeShort(short, added, bytes, at, value, start, end)
  bytes[at + added] = END
  setHeader(bytes, base, total + added, elements + 1)
  return true
}

/** Puts an element in front of the entry at `at`, or last where that is the end mark. */
export function insert(
  arena: Arena, listpack: Pointer, at: number, value: Uint8Array, start: number, end: number,
): Pointer {
  plan.forBytes(value, start, end)
  return insertPlanned(arena, listpack, at, value, start, end)
} // prettier-ignore

/** @param value  a safe integer */
export function insertInteger(arena: Arena, listpack: Pointer, at: number, value: number): Pointer {
  plan.forInteger(value)
  return insertPlanned(arena, listpack, at, NOTHING, 0, 0)
}

export function append(arena: Arena, listpack: Pointer, value: Uint8Array, start: number, end: number): Pointer {
  if (appendInPlace(arena, listpack, value, start, end)) return listpack
  plan.forBytes(value, start, end)
  const at = endOf(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  return insertPlanned(arena, listpack, at, value, start, end)
}

export function appendInteger(arena: Arena, listpack: Pointer, value: number): Pointer {
  plan.forInteger(value)
  const at = endOf(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  return insertPlanned(arena, listpack, at, NOTHING, 0, 0)
}

export function prepend(arena: Arena, listpack: Pointer, value: Uint8Array, start: number, end: number): Pointer {
  plan.forBytes(value, start, end)
  return insertPlanned(arena, listpack, ((listpack & OFFSET_MASK) << 3) + HEADER_BYTES, value, start, end)
}

/** Exchanges the element at `at`, which stays where it is. */
export function replace(
  arena: Arena, listpack: Pointer, at: number, value: Uint8Array, start: number, end: number,
): Pointer {
  if (replaceInPlace(arena.u8[listpack >>> SEGMENT_SHIFT], at, value, start, end)) return listpack
  plan.forBytes(value, start, end)
  return replacePlanned(arena, listpack, at, value, start, end)
} // prettier-ignore

/** Exchanges an element for a short one that takes as many bytes; false, and nothing has changed, if it is not so. */
function replaceInPlace(bytes: Uint8Array, at: number, value: Uint8Array, start: number, end: number): boolean {
  const short = shortValue(value, start, end)
  if (short === NOT_SHORT) return false
  const needed = shortBytes(short, end - start)
  if (next(bytes, at) - at !== needed) return false
  writeShort(short, needed, bytes, at, value, start, end)
  return true
}

/** @param value  a safe integer */
export function replaceInteger(arena: Arena, listpack: Pointer, at: number, value: number): Pointer {
  plan.forInteger(value)
  return replacePlanned(arena, listpack, at, NOTHING, 0, 0)
}

/** Takes out the element at `at`; what followed it lies there afterwards. Cannot fail. */
export function remove(arena: Arena, listpack: Pointer, at: number): Pointer {
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  return removeBetween(arena, listpack, at, next(bytes, at), 1)
}

/** Takes out up to `elements` elements from the one at `at` on; what followed lies there afterwards. Cannot fail. */
export function removeRun(arena: Arena, listpack: Pointer, at: number, elements: number): Pointer {
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  let end = at
  let removed = 0
  for (; removed < elements && bytes[end] !== END; removed++) end = next(bytes, end)
  return removed === 0 ? listpack : removeBetween(arena, listpack, at, end, removed)
}

/** Takes out up to `elements` elements from an index on, which counts from the end when negative. Cannot fail. */
export function removeRange(arena: Arena, listpack: Pointer, index: number, elements: number): Pointer {
  if (elements === 0) return listpack
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const start = (listpack & OFFSET_MASK) << 3
  const at = seek(bytes, start, index)
  if (at < 0) return listpack
  const counted = headerCount(bytes, start)
  if (counted === UNCOUNTED) return removeRun(arena, listpack, at, elements)
  const first = index < 0 ? index + counted : index
  if (counted - first > elements) return removeRun(arena, listpack, at, elements)
  return removeBetween(arena, listpack, at, endOf(bytes, start), counted - first)
}

/**
 * Joins two listpacks. The larger takes up the other, whose block is freed.
 *
 * @returns 0 when memory could not be had; both are as they were then
 */
export function merge(arena: Arena, first: Pointer, second: Pointer): Pointer {
  assert(first !== second)
  const firstStart = (first & OFFSET_MASK) << 3
  const secondStart = (second & OFFSET_MASK) << 3
  const firstBytes = arena.u8[first >>> SEGMENT_SHIFT]
  const secondBytes = arena.u8[second >>> SEGMENT_SHIFT]
  const firstTotal = totalBytes(firstBytes, firstStart)
  const secondTotal = totalBytes(secondBytes, secondStart)
  const counted = count(firstBytes, firstStart) + count(secondBytes, secondStart)
  const appends = firstTotal >= secondTotal
  const at = appends ? firstStart + firstTotal - 1 : secondStart + HEADER_BYTES
  const added = (appends ? secondTotal : firstTotal) - EMPTY_BYTES
  const joined = splice(arena, appends ? first : second, at, 0, added)
  if (joined === 0) return 0
  const bytes = arena.u8[joined >>> SEGMENT_SHIFT]
  const start = (joined & OFFSET_MASK) << 3
  if (appends)
    copy(secondBytes, secondStart + HEADER_BYTES, secondStart + secondTotal - 1, bytes, start + firstTotal - 1)
  else copy(firstBytes, firstStart + HEADER_BYTES, firstStart + firstTotal - 1, bytes, start + HEADER_BYTES)
  setHeaderCount(bytes, start, counted)
  arena.free(appends ? second : first)
  return joined
}

/**
 * Adds an element in front of a listpack with room before its start (`encodedBytes` of it), which moves there.
 *
 * @returns the new start
 */
export function growFront(
  bytes: Uint8Array,
  start: number,
  value: Uint8Array,
  valueStart: number,
  valueEnd: number,
): number {
  plan.forBytes(value, valueStart, valueEnd)
  const added = plan.entryBytes
  const total = totalBytes(bytes, start)
  const counted = headerCount(bytes, start)
  const moved = start - added
  plan.write(bytes, moved + HEADER_BYTES, value, valueStart, valueEnd)
  setTotalBytes(bytes, moved, total + added)
  setHeaderCount(bytes, moved, counted === UNCOUNTED ? UNCOUNTED : counted + 1)
  return moved
}

/** Takes out the first element by moving the start behind it; returns the new start. */
export function cutFront(bytes: Uint8Array, start: number): number {
  const removed = next(bytes, start + HEADER_BYTES) - start - HEADER_BYTES
  const total = totalBytes(bytes, start)
  const counted = headerCount(bytes, start)
  const moved = start + removed
  setTotalBytes(bytes, moved, total - removed)
  setHeaderCount(bytes, moved, counted === UNCOUNTED ? UNCOUNTED : counted - 1)
  return moved
}

/** Gives back what the block has beyond need. */
export function shrinkToFit(arena: Arena, listpack: Pointer): Pointer {
  const total = totalBytes(arena.u8[listpack >>> SEGMENT_SHIFT], (listpack & OFFSET_MASK) << 3)
  if (total * 2 > arena.usableBytes(listpack)) return listpack
  const moved = arena.reallocate(listpack, total)
  return moved === 0 ? listpack : moved
}

function insertPlanned(
  arena: Arena, listpack: Pointer, at: number, value: Uint8Array, start: number, end: number,
): Pointer {
  const target = splice(arena, listpack, at, 0, plan.entryBytes)
  if (target === 0) return 0
  const bytes = arena.u8[target >>> SEGMENT_SHIFT]
  const base = (target & OFFSET_MASK) << 3
  plan.write(bytes, at - ((listpack & OFFSET_MASK) << 3) + base, value, start, end)
  const counted = headerCount(bytes, base)
  if (counted !== UNCOUNTED) setHeaderCount(bytes, base, counted + 1)
  return target
} // prettier-ignore

function replacePlanned(
  arena: Arena, listpack: Pointer, at: number, value: Uint8Array, start: number, end: number,
): Pointer {
  const old = next(arena.u8[listpack >>> SEGMENT_SHIFT], at) - at
  const target = splice(arena, listpack, at, old, plan.entryBytes)
  if (target === 0) return 0
  const base = (target & OFFSET_MASK) << 3
  plan.write(arena.u8[target >>> SEGMENT_SHIFT], at - ((listpack & OFFSET_MASK) << 3) + base, value, start, end)
  return target
} // prettier-ignore

function removeBetween(arena: Arena, listpack: Pointer, at: number, end: number, elements: number): Pointer {
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const base = (listpack & OFFSET_MASK) << 3
  const counted = headerCount(bytes, base)
  // Where nobody has counted there may still be too many, so that stays.
  if (counted !== UNCOUNTED) setHeaderCount(bytes, base, counted - elements)
  return splice(arena, listpack, at, end - at, 0)
}

/** Makes room for `added` bytes in the place of `removed` at `at`, and sets the total. The count is the caller's. */
export function splice(arena: Arena, listpack: Pointer, at: number, removed: number, added: number): Pointer {
  const base = (listpack & OFFSET_MASK) << 3
  const bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  const total = readInt32LE(bytes, base)
  const grown = total + added - removed
  if (added === removed) return listpack
  if (added > removed && grown > arena.usableBytes(listpack)) {
    return spliceMoving(arena, listpack, at - base, removed, added, total)
  }
  moveWithin(bytes, at + removed, base + total, at + added)
  setTotalBytes(bytes, base, grown)
  // The element is yet to be written, so a block that is made smaller keeps the gap with all else.
  return added < removed ? shrinkToFit(arena, listpack) : listpack
}

/**
 * Moves bytes within a block. The tail is often the end mark alone, or short; then a loop costs less than a call. Longer ones go
 * through a buffer of another kind: segments are shared memory, in which overlapping moves go byte by byte (8 KB: 20 us against 0.7).
 */
export function moveWithin(bytes: Uint8Array, from: number, end: number, to: number): void {
  const length = end - from
  if (length <= TAIL_LOOP_BYTES_MAX) return copyByLoop(bytes, from, end, bytes, to)
  if (aside.bytes.length < length) aside.bytes = new Uint8Array(Math.max(length, aside.bytes.length * 2))
  aside.bytes.set(bytes.subarray(from, end))
  bytes.set(aside.bytes.subarray(0, length), to)
  if (aside.bytes.length > ASIDE_KEPT_BYTES) aside.bytes = new Uint8Array(ASIDE_BYTES)
}

const TAIL_LOOP_BYTES_MAX = 320
const ASIDE_BYTES = 16384
/** A buffer grown beyond this is let go. */
const ASIDE_KEPT_BYTES = 1 << 20
const aside = { bytes: new Uint8Array(ASIDE_BYTES) }

function spliceMoving(
  arena: Arena, listpack: Pointer, offset: number, removed: number, added: number, total: number,
): Pointer {
  const grown = total + added - removed
  const target = arena.allocate(grown)
  if (target === 0) return 0
  const from = arena.u8[listpack >>> SEGMENT_SHIFT]
  const base = (listpack & OFFSET_MASK) << 3
  const to = arena.u8[target >>> SEGMENT_SHIFT]
  const start = (target & OFFSET_MASK) << 3
  copy(from, base, base + offset, to, start)
  copy(from, base + offset + removed, base + total, to, start + offset + added)
  setTotalBytes(to, start, grown)
  arena.free(listpack)
  return target
} // prettier-ignore
