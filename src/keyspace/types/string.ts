/**
 * String values: int (a 64-bit integer in the entry's cell), embstr and raw.
 *
 * Up to INLINE_VALUE_MAX bytes lie in the entry behind the key; longer ones have a block of their own, to which the cell
 * refers as {pointer, bytes}. `embstr` and `raw` are names that OBJECT ENCODING prints (a written value of up to 44 bytes is
 * embstr, one that was edited in place is raw) and do not decide where the bytes lie.
 *
 * Functions that write return the entry, which may have moved, or 0 when memory could not be had; then nothing has changed.
 * A value that replaces another takes over its access clock, which the look-up has just brought up to date.
 */

import { assert } from '../../base/assert.js'
import { copy } from '../../base/bytes.js'
import { Int64, isSafe, parseInt64, toNumber, writeInt64 } from '../../base/int64.js'
import { INTEGER_TEXT_BYTES_MAX, integerLength, parseInteger } from '../../base/integer.js'
import type { Slice } from '../../base/slice.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import { type Database, KEEP_EXPIRY, NO_EXPIRY } from '../database.js'
import {
  cellWord,
  clockWordOf,
  Encoding,
  encodingOfMeta,
  expiryOf,
  HAS_CELL,
  HAS_EXPIRY,
  HEADER_BYTES,
  inlineLengthOf,
  INLINE_VALUE_MAX,
  keyAreaBytes,
  keyOffset,
  makeMeta,
  makeClockWord,
  metaOf,
  overwriteExpiry,
  setClockWord,
  setMeta,
  Type,
  typeAndEncoding,
  withEncoding,
} from '../entry.js'

/** Written values up to this length report `embstr`. */
const EMBSTR_MAX = 44
/** Edited values grow with spare room: doubled up to this size, then by this much or an eighth, whichever is more. */
const SPARE_MAX = 1 << 20
const SPARE_SHIFT = 3
/** Up to here a loop beats `fill`. */
const ZERO_LOOP_BYTES_MAX = 32

const TWO_32 = 0x100000000

const STRING_INT = typeAndEncoding(makeMeta(Type.string, Encoding.int, 0, 0))

const parsed = new Int64()

export function stringLength(arena: Arena, entry: Pointer): number {
  const meta = metaOf(arena, entry)
  if ((meta & HAS_CELL) === 0) return inlineLengthOf(arena, entry)
  const word = cellWord(entry, meta)
  if (encodingOfMeta(meta) !== Encoding.int) return arena.u32[entry >>> SEGMENT_SHIFT]![word + 1]!
  readInteger(arena, entry, parsed)
  return isSafe(parsed) ? integerLength(toNumber(parsed)) : writeInt64(parsed, digits, 0)
}

const digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX + 4)

/** Points `into` at the value's bytes: in the arena, or, for an integer, in `scratch` (at least 20 bytes). */
export function viewString(arena: Arena, entry: Pointer, into: Slice, scratch: Uint8Array): void {
  const meta = metaOf(arena, entry)
  if ((meta & HAS_CELL) !== 0 && encodingOfMeta(meta) === Encoding.int) {
    readInteger(arena, entry, parsed)
    into.set(scratch, 0, writeInt64(parsed, scratch, 0))
    return
  }
  const start = valueStart(arena, entry, meta)
  into.set(valueBytes(arena, entry, meta), start, start + plainLength(arena, entry, meta))
}

/** Writes the value as a bulk string. */
export function replyString(arena: Arena, entry: Pointer, reply: ReplyWriter): void {
  const segment = entry >>> SEGMENT_SHIFT
  const base = (entry & OFFSET_MASK) << 3
  const words = arena.i32[segment]!
  const meta = words[base >>> 2]!
  if ((meta & HAS_CELL) === 0) {
    const start = base + keyOffset(meta) + keyAreaBytes(meta)
    return reply.bulk(arena.u8[segment]!, start, start + (words[(base >>> 2) + 1]! >>> 24))
  }
  const word = cellWord(entry, meta)
  if (encodingOfMeta(meta) !== Encoding.int) {
    const block = words[word]!
    const start = (block & OFFSET_MASK) << 3
    return reply.bulk(arena.u8[block >>> SEGMENT_SHIFT]!, start, start + arena.u32[segment]![word + 1]!)
  }
  readInteger(arena, entry, parsed)
  if (isSafe(parsed)) return reply.bulkInteger(toNumber(parsed))
  const end = writeInt64(parsed, digits, 0)
  reply.bulk(digits, 0, end)
}

export function isInteger(arena: Arena, entry: Pointer): boolean {
  return encodingOfMeta(metaOf(arena, entry)) === Encoding.int
}

/** The value of an `int` entry. */
export function readInteger(arena: Arena, entry: Pointer, into: Int64): void {
  const segment = entry >>> SEGMENT_SHIFT
  const word = cellWord(entry, metaOf(arena, entry))
  into.low = arena.u32[segment]![word]!
  into.high = arena.i32[segment]![word + 1]!
}

/** The value of an `int` entry when it is a safe integer; NaN otherwise. */
export function readSafeInteger(arena: Arena, entry: Pointer): number {
  const segment = entry >>> SEGMENT_SHIFT
  const word = cellWord(entry, metaOf(arena, entry))
  const value = arena.i32[segment]![word + 1]! * TWO_32 + arena.u32[segment]![word]!
  return Number.isSafeInteger(value) ? value : NaN
}

/**
 * SET: gives a key a value, whatever it held before.
 *
 * @param entry     what `lookupWrite` found for the key just now, or 0
 * @param expiryMs  ms since 1970, NO_EXPIRY or KEEP_EXPIRY
 */
export function setString(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  value: Uint8Array, start: number, end: number,
  expiryMs: number,
): Pointer {
  if (end - start <= INTEGER_TEXT_BYTES_MAX && parseIntegerInto(value, start, end)) {
    return storeInteger(database, entry, key, keyStart, keyEnd, parsed.high, parsed.low, expiryMs)
  }
  if (entry !== 0 && overwriteInline(database, entry, key, keyStart, keyEnd, value, start, end, expiryMs)) return entry
  return storeBytes(database, entry, key, keyStart, keyEnd, value, start, end, expiryMs)
} // prettier-ignore

/** Like `setString`, for a value that is an integer already. */
export function setInteger(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  value: Int64, expiryMs: number,
): Pointer {
  return storeInteger(database, entry, key, keyStart, keyEnd, value.high, value.low, expiryMs)
} // prettier-ignore

/**
 * The hot case of INCR: adds to an `int` value in place when value, delta and sum are of 32 bits.
 *
 * @returns false when they are not, or the entry is not an `int`; nothing has changed then
 */
export function addInt32(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  delta: number,
): boolean {
  const words = database.keyspace.arena.i32[entry >>> SEGMENT_SHIFT]!
  const base = (entry & OFFSET_MASK) << 1
  const meta = words[base]!
  if (typeAndEncoding(meta) !== STRING_INT || (delta | 0) !== delta) return false
  const at = base + ((HEADER_BYTES + (meta & HAS_EXPIRY)) >>> 2)
  const value = words[at]!
  const sum = value + delta
  if (words[at + 1] !== value >> 31 || (sum | 0) !== sum) return false
  database.beforeWrite(key, keyStart, keyEnd)
  words[at] = sum
  words[at + 1] = sum >> 31
  return true
} // prettier-ignore

/** The value of an `int` entry that is known to fit 32 bits. */
export function smallInteger(arena: Arena, entry: Pointer): number {
  const words = arena.i32[entry >>> SEGMENT_SHIFT]!
  const base = (entry & OFFSET_MASK) << 1
  return words[base + ((HEADER_BYTES + (words[base]! & HAS_EXPIRY)) >>> 2)]!
}

/** INCR on an `int` entry: the new value in place. */
export function overwriteInteger(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  high: number, low: number,
): void {
  database.beforeWrite(key, keyStart, keyEnd)
  const arena = database.keyspace.arena
  const segment = entry >>> SEGMENT_SHIFT
  const word = cellWord(entry, metaOf(arena, entry))
  arena.u32[segment]![word] = low
  arena.i32[segment]![word + 1] = high
} // prettier-ignore

/** Like `setString`, for a value that stays bytes even if it reads as an integer. */
export function setBytes(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  value: Uint8Array, start: number, end: number,
  expiryMs: number,
): Pointer {
  if (entry !== 0 && overwriteInline(database, entry, key, keyStart, keyEnd, value, start, end, expiryMs)) return entry
  return storeBytes(database, entry, key, keyStart, keyEnd, value, start, end, expiryMs)
} // prettier-ignore

/**
 * Gives a key a value that lies in a block of its own already, as `raw`.
 *
 * @param block     becomes the value's on success, and stays the caller's when 0 is returned
 * @param length    more than INLINE_VALUE_MAX
 * @param expiryMs  with KEEP_EXPIRY a new key gets none
 */
export function setBlock(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  block: Pointer, length: number,
  expiryMs: number = NO_EXPIRY,
): Pointer {
  assert(length > INLINE_VALUE_MAX)
  const { hash } = database.keys
  const firstExpiryMs = expiryMs === KEEP_EXPIRY ? NO_EXPIRY : expiryMs
  const target = entry === 0
    ? database.add(hash, key, keyStart, keyEnd, Type.string, Encoding.raw, HAS_CELL, 0, firstExpiryMs)
    : replaceValue(database, entry, key, keyStart, keyEnd, Encoding.raw, HAS_CELL, 0, expiryMs)
  if (target !== 0) writeCell(database.keyspace.arena, target, block, length)
  return target
} // prettier-ignore

/**
 * Makes the value of a key `raw` and at least `length` bytes long, and lets the caller write into it (`valueBytes`,
 * `valueStart`): APPEND, SETRANGE, SETBIT, BITFIELD.
 *
 * @param entry    what `lookupWrite` found for the key just now, a string, or 0 to create it
 * @param zeroEnd  bytes that are new become 0 up to here; those behind it are the caller's to fill
 * @param from     of the bytes there are, the caller overwrites none in front of this …
 * @param to       … and none from here on
 */
export function openString(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  length: number, zeroEnd: number, from = 0, to = length,
): Pointer {
  if (entry === 0) return createOpen(database, key, keyStart, keyEnd, length, zeroEnd)
  const arena = database.keyspace.arena
  const meta = metaOf(arena, entry)
  database.beforeWrite(key, keyStart, keyEnd)
  if (encodingOfMeta(meta) === Encoding.int) return openInteger(database, entry, length, zeroEnd)
  const before = plainLength(arena, entry, meta)
  if (database.keyspace.guard !== undefined && (meta & HAS_CELL) !== 0) {
    database.keyspace.guard.overwriting(arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!, from, to)
  }
  if (length <= before) {
    setMeta(arena, entry, withEncoding(meta, Encoding.raw))
    return entry
  }
  const gapEnd = Math.max(before, zeroEnd)
  if ((meta & HAS_CELL) !== 0) return growBlock(database, entry, meta, length, before, gapEnd)
  if (length > INLINE_VALUE_MAX) return moveOut(database, entry, meta, length, before, gapEnd)
  return growInline(database, entry, meta, length, before, gapEnd)
} // prettier-ignore

/** Makes a string `raw` as it is, which is no change of the data: nobody is told. */
export function makeRaw(database: Database, entry: Pointer): Pointer {
  const arena = database.keyspace.arena
  const meta = metaOf(arena, entry)
  const encoding = encodingOfMeta(meta)
  if (encoding === Encoding.int) return openInteger(database, entry, 0, 0)
  if (encoding !== Encoding.raw) setMeta(arena, entry, withEncoding(meta, Encoding.raw))
  return entry
}

/** Number of the segment in which a non-integer value lies. */
export function valueSegment(arena: Arena, entry: Pointer, meta: number): number {
  if ((meta & HAS_CELL) === 0) return entry >>> SEGMENT_SHIFT
  return arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]! >>> SEGMENT_SHIFT
}

/** The segment bytes in which a non-integer value lies; use with `valueStart` and `plainLength`. */
export function valueBytes(arena: Arena, entry: Pointer, meta: number): Uint8Array {
  return arena.u8[valueSegment(arena, entry, meta)]!
}

export function valueStart(arena: Arena, entry: Pointer, meta: number): number {
  if ((meta & HAS_CELL) === 0) return ((entry & OFFSET_MASK) << 3) + keyOffset(meta) + keyAreaBytes(meta)
  return (arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]! & OFFSET_MASK) << 3
}

/** Length of a non-integer value. */
export function plainLength(arena: Arena, entry: Pointer, meta: number): number {
  if ((meta & HAS_CELL) === 0) return inlineLengthOf(arena, entry)
  return arena.u32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta) + 1]!
}

/** Bytes that a raw value may have where it lies. */
export function valueRoom(arena: Arena, entry: Pointer, meta: number): number {
  if ((meta & HAS_CELL) !== 0) return arena.usableBytes(arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!)
  return Math.min(INLINE_VALUE_MAX, arena.usableBytes(entry) - keyOffset(meta) - keyAreaBytes(meta))
}

/** Sets the length of a raw value that the caller edits in place, after `beforeWrite`: at most `valueRoom`. */
export function setValueLength(arena: Arena, entry: Pointer, meta: number, length: number): void {
  if ((meta & HAS_CELL) === 0) setInlineLength(arena, entry, length)
  else arena.u32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta) + 1] = length
}

function parseIntegerInto(value: Uint8Array, start: number, end: number): boolean {
  const number = parseInteger(value, start, end)
  if (Number.isNaN(number)) return false
  if (number === Infinity || number === -Infinity) return parseInt64(value, start, end, parsed)
  parsed.high = Math.floor(number / TWO_32)
  parsed.low = number >>> 0
  return true
}

function storeInteger(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  high: number, low: number, expiryMs: number,
): Pointer {
  const arena = database.keyspace.arena
  let target = entry
  if (entry === 0) {
    target = database.add(database.keys.hash, key, keyStart, keyEnd, Type.string, Encoding.int, HAS_CELL, 0, expiryMs)
  } else if (isInteger(arena, entry) && hasPlaceForExpiry(metaOf(arena, entry), expiryMs)) {
    overwriteInteger(database, entry, key, keyStart, keyEnd, high, low)
    if (expiryMs >= 0) overwriteExpiry(arena, entry, expiryMs)
    return entry
  } else {
    target = replaceValue(database, entry, key, keyStart, keyEnd, Encoding.int, HAS_CELL, 0, expiryMs)
  }
  if (target === 0) return 0
  const segment = target >>> SEGMENT_SHIFT
  const word = cellWord(target, metaOf(arena, target))
  arena.u32[segment]![word] = low
  arena.i32[segment]![word + 1] = high
  return target
} // prettier-ignore

/** The hot case of SET: an inline string gets another that fits the same block. */
function overwriteInline(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  value: Uint8Array, start: number, end: number,
  expiryMs: number,
): boolean {
  const arena = database.keyspace.arena
  const meta = metaOf(arena, entry)
  if ((meta & (7 | HAS_CELL)) !== Type.string) return false
  if (!hasPlaceForExpiry(meta, expiryMs)) return false
  const length = end - start
  const offset = keyOffset(meta) + keyAreaBytes(meta)
  if (length > INLINE_VALUE_MAX) return false
  if (length !== inlineLengthOf(arena, entry)) {
    const usable = arena.usableBytes(entry)
    if (offset + length > usable || (offset + length) * 2 < usable) return false
  }
  database.beforeWrite(key, keyStart, keyEnd)
  setMeta(arena, entry, withEncoding(meta, length <= EMBSTR_MAX ? Encoding.embstr : Encoding.raw))
  setInlineLength(arena, entry, length)
  if (expiryMs >= 0) overwriteExpiry(arena, entry, expiryMs)
  copy(value, start, end, arena.u8[entry >>> SEGMENT_SHIFT]!, ((entry & OFFSET_MASK) << 3) + offset)
  return true
} // prettier-ignore

/** True when an entry need not change its shape for an expiry time, or for having none. */
function hasPlaceForExpiry(meta: number, expiryMs: number): boolean {
  return (meta & HAS_EXPIRY) !== 0 ? expiryMs !== NO_EXPIRY : expiryMs < 0
}

function setInlineLength(arena: Arena, entry: Pointer, length: number): void {
  setClockWord(arena, entry, makeClockWord(clockWordOf(arena, entry), length))
}

function storeBytes(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  value: Uint8Array, start: number, end: number,
  expiryMs: number,
): Pointer {
  const arena = database.keyspace.arena
  const length = end - start
  const encoding = length <= EMBSTR_MAX ? Encoding.embstr : Encoding.raw
  const hash = database.keys.hash
  let block: Pointer = 0
  if (length > INLINE_VALUE_MAX) {
    block = arena.allocate(length)
    if (block === 0) return 0
    copy(value, start, end, arena.u8[block >>> SEGMENT_SHIFT]!, (block & OFFSET_MASK) << 3)
  }
  const flags = block !== 0 ? HAS_CELL : 0
  const inlineBytes = block !== 0 ? 0 : length
  const target = entry === 0
    ? database.add(hash, key, keyStart, keyEnd, Type.string, encoding, flags, inlineBytes, expiryMs)
    : replaceValue(database, entry, key, keyStart, keyEnd, encoding, flags, inlineBytes, expiryMs)
  if (target === 0) {
    if (block !== 0) arena.free(block)
    return 0
  }
  if (block !== 0) writeCell(arena, target, block, length)
  else {
    const meta = metaOf(arena, target)
    copy(value, start, end, arena.u8[target >>> SEGMENT_SHIFT]!, valueStart(arena, target, meta))
  }
  return target
} // prettier-ignore

/** Frees what an existing entry holds, of whatever type, and gives it the shape of a string. */
function replaceValue(
  database: Database, entry: Pointer,
  key: Uint8Array, keyStart: number, keyEnd: number,
  encoding: number, flags: number, inlineBytes: number, expiryMs: number,
): Pointer {
  const { keyspace } = database
  const { arena } = keyspace
  const meta = metaOf(arena, entry)
  const holdsBlock = (meta & HAS_CELL) !== 0 && encodingOfMeta(meta) !== Encoding.int
  const block = holdsBlock ? arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]! : 0
  const type = (meta & 7) as Type
  database.beforeWrite(key, keyStart, keyEnd)
  const target = database.reshape(
    entry, encoding, flags, inlineBytes, expiryMs === KEEP_EXPIRY ? expiryOf(arena, entry) : expiryMs,
  )
  if (target === 0) return 0
  if (type !== Type.string) {
    setMeta(arena, target, metaOf(arena, target) & ~7)
    keyspace.events.removed(database, key, keyStart, keyEnd)
  }
  if (block !== 0) keyspace.freeValue(meta, block, keyspace.lazyFreesOverwritten)
  return target
} // prettier-ignore

function writeCell(arena: Arena, entry: Pointer, block: Pointer, length: number): void {
  const segment = entry >>> SEGMENT_SHIFT
  const word = cellWord(entry, metaOf(arena, entry))
  arena.i32[segment]![word] = block
  arena.u32[segment]![word + 1] = length
}

function createOpen(
  database: Database, key: Uint8Array, keyStart: number, keyEnd: number, length: number, zeroEnd: number,
): Pointer {
  const arena = database.keyspace.arena
  const block = length > INLINE_VALUE_MAX ? arena.allocate(length) : 0
  if (length > INLINE_VALUE_MAX && block === 0) return 0
  const flags = block !== 0 ? HAS_CELL : 0
  const inlineBytes = block !== 0 ? 0 : length
  const { hash } = database.keys
  const entry = database.add(
    hash, key, keyStart, keyEnd, Type.string, Encoding.raw, flags, inlineBytes, NO_EXPIRY,
  )
  if (entry === 0) {
    if (block !== 0) arena.free(block)
    return 0
  }
  if (block !== 0) {
    writeCell(arena, entry, block, length)
    arena.zeroFresh(block, 0, zeroEnd)
  } else zero(arena, entry, 0, zeroEnd)
  return entry
} // prettier-ignore

function zero(arena: Arena, entry: Pointer, from: number, to: number): void {
  if (from >= to) return
  const meta = metaOf(arena, entry)
  const start = valueStart(arena, entry, meta)
  const bytes = valueBytes(arena, entry, meta)
  if (to - from > ZERO_LOOP_BYTES_MAX) bytes.fill(0, start + from, start + to)
  else for (let at = start + from; at < start + to; at++) bytes[at] = 0
}

/** Turns an `int` value into its digits, with at least `length` bytes in all. */
function openInteger(database: Database, entry: Pointer, length: number, zeroEnd: number): Pointer {
  const { arena } = database.keyspace
  readInteger(arena, entry, parsed)
  const before = writeInt64(parsed, digits, 0)
  const total = Math.max(length, before)
  const expiryMs = expiryOf(arena, entry)
  const block = total > INLINE_VALUE_MAX ? allocateWithSpare(arena, total) : 0
  if (total > INLINE_VALUE_MAX && block === 0) return 0
  const target = database.reshape(entry, Encoding.raw, block !== 0 ? HAS_CELL : 0, block !== 0 ? 0 : total, expiryMs)
  if (target === 0) {
    if (block !== 0) arena.free(block)
    return 0
  }
  if (block !== 0) writeCell(arena, target, block, total)
  const shaped = metaOf(arena, target)
  copy(digits, 0, before, valueBytes(arena, target, shaped), valueStart(arena, target, shaped))
  if (block !== 0) arena.zeroFresh(block, before, Math.max(before, zeroEnd))
  else zero(arena, target, before, zeroEnd)
  return target
}

function growInline(
  database: Database, entry: Pointer, meta: number, length: number, before: number, gapEnd: number,
): Pointer {
  const { arena } = database.keyspace
  const offset = keyOffset(meta) + keyAreaBytes(meta)
  let target = entry
  if (offset + length <= arena.usableBytes(entry)) {
    setMeta(arena, entry, withEncoding(meta, Encoding.raw))
    setInlineLength(arena, entry, length)
  } else {
    const start = ((entry & OFFSET_MASK) << 3) + offset
    copy(arena.u8[entry >>> SEGMENT_SHIFT]!, start, start + before, saved, 0)
    target = database.reshape(entry, Encoding.raw, 0, length, expiryOf(arena, entry))
    if (target === 0) return 0
    copy(saved, 0, before, arena.u8[target >>> SEGMENT_SHIFT]!, ((target & OFFSET_MASK) << 3) + offset)
  }
  zero(arena, target, before, gapEnd)
  return target
} // prettier-ignore

/** The inline value across a reshape, which keeps the key alone. */
const saved = new Uint8Array(INLINE_VALUE_MAX)

/** From the entry to a block of its own. */
function moveOut(
  database: Database, entry: Pointer, meta: number, length: number, before: number, gapEnd: number,
): Pointer {
  const { arena } = database.keyspace
  const block = allocateWithSpare(arena, length)
  if (block === 0) return 0
  const start = valueStart(arena, entry, meta)
  const own = arena.u8[entry >>> SEGMENT_SHIFT]!
  copy(own, start, start + before, arena.u8[block >>> SEGMENT_SHIFT]!, (block & OFFSET_MASK) << 3)
  const target = database.reshape(entry, Encoding.raw, HAS_CELL, 0, expiryOf(arena, entry))
  if (target === 0) {
    arena.free(block)
    return 0
  }
  writeCell(arena, target, block, length)
  arena.zeroFresh(block, before, gapEnd)
  return target
} // prettier-ignore

function growBlock(
  database: Database, entry: Pointer, meta: number, length: number, before: number, gapEnd: number,
): Pointer {
  const { arena, guard } = database.keyspace
  const block = arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!
  const usable = arena.usableBytes(block)
  let target = block
  if (length > usable) {
    if (guard !== undefined && guard.holds(block)) {
      target = copyOfBlock(arena, block, before, length)
      if (target !== 0) guard.keeps(Type.string, Encoding.raw, block)
    } else {
      target = arena.reallocate(block, withSpare(length))
      if (target === 0) target = arena.reallocate(block, length)
    }
    if (target === 0) return 0
    // The old block came along whole, with whatever lay in its spare room.
    if (gapEnd > usable) arena.zeroFresh(target, usable, gapEnd)
  }
  setMeta(arena, entry, withEncoding(meta, Encoding.raw))
  writeCell(arena, entry, target, length)
  zero(arena, entry, before, Math.min(gapEnd, usable))
  return entry
} // prettier-ignore

/** A larger block with the same first bytes; the old one stays. */
function copyOfBlock(arena: Arena, block: Pointer, kept: number, length: number): Pointer {
  const target = allocateWithSpare(arena, length)
  if (target === 0) return 0
  const start = (block & OFFSET_MASK) << 3
  const from = arena.u8[block >>> SEGMENT_SHIFT]!
  copy(from, start, start + kept, arena.u8[target >>> SEGMENT_SHIFT]!, (target & OFFSET_MASK) << 3)
  return target
}

function allocateWithSpare(arena: Arena, length: number): Pointer {
  const block = arena.allocate(withSpare(length))
  return block !== 0 ? block : arena.allocate(length)
}

function withSpare(length: number): number {
  return length < SPARE_MAX ? length * 2 : length + Math.max(SPARE_MAX, length >>> SPARE_SHIFT)
}
