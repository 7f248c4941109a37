/**
 * A key's entry: one block in the arena with the key, its clock, its expiry time and, when small, its value.
 *
 *     offset
 *      0   u32  meta: bits 0-2 type, 3 has expiry, 4 has cell, 5-8 encoding, 9 key is external, 16-31 key length
 *      4   u32  bits 0-23 access clock (LRU seconds) or LFU minutes and counter, 24-31 length of the inline value
 *      8   f64  expiry time in ms since 1970                    only with bit 3
 *      +   8 B  cell: int64, or {pointer, bytes} of the value   only with bit 4
 *      +        key bytes (or {pointer, bytes} when external)
 *      +        inline value bytes                              only without bit 4
 *
 * A 16-byte key with a 16-byte value takes 40 bytes. A block has one owner, the slot of the key table; the table of
 * volatile keys refers to it too and is told when it moves.
 */

import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'

/** Type numbers, as RDB and the LFU/LRU header of the reference number them. */
export const Type = { string: 0, list: 1, set: 2, zset: 3, hash: 4, module: 5, stream: 6 } as const
export type Type = (typeof Type)[keyof typeof Type]

/** What TYPE prints, by type number. */
export const typeNames: readonly string[] = ['string', 'list', 'set', 'zset', 'hash', 'module', 'stream']

export const Encoding = {
  raw: 0,
  int: 1,
  hashtable: 2,
  quicklist: 3,
  intset: 6,
  skiplist: 7,
  embstr: 8,
  stream: 10,
  listpack: 11,
  /** A hash with fields that have expiry times: types/timed-hash.ts. */
  timedHashtable: 12,
} as const
export type Encoding = (typeof Encoding)[keyof typeof Encoding]

/** What OBJECT ENCODING prints, by encoding number. */
export const encodingNames: readonly string[] = [
  'raw', 'int', 'hashtable', 'quicklist', 'ziplist', 'linkedlist', 'intset', 'skiplist', 'embstr', 'quicklist',
  'stream', 'listpack', 'hashtable',
] // prettier-ignore

export const HAS_EXPIRY = 8
export const HAS_CELL = 16
export const TYPE_MASK = 7
const ENCODING_SHIFT = 5
const ENCODING_MASK = 15
export const KEY_LENGTH_SHIFT = 16
/** Keys from this length on live in a block of their own. */
export const EXTERNAL_KEY_LENGTH = 0xffff
export const CLOCK_MASK = 0xffffff
const INLINE_SHIFT = 24
/** Values up to this length sit in the entry. */
export const INLINE_VALUE_MAX = 255
export const HEADER_BYTES = 8

export function makeMeta(type: number, encoding: number, flags: number, keyLength: number): number {
  const length = keyLength < EXTERNAL_KEY_LENGTH ? keyLength : EXTERNAL_KEY_LENGTH
  return type | flags | (encoding << ENCODING_SHIFT) | (length << KEY_LENGTH_SHIFT)
}

export function metaOf(arena: Arena, entry: Pointer): number {
  return arena.i32[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) << 1]!
}

export function typeOf(arena: Arena, entry: Pointer): Type {
  return (metaOf(arena, entry) & TYPE_MASK) as Type
}

export function encodingOf(arena: Arena, entry: Pointer): Encoding {
  return ((metaOf(arena, entry) >>> ENCODING_SHIFT) & ENCODING_MASK) as Encoding
}

export function encodingOfMeta(meta: number): Encoding {
  return ((meta >>> ENCODING_SHIFT) & ENCODING_MASK) as Encoding
}

/** The bits of a meta word that tell type and encoding, to compare both at once. */
export function typeAndEncoding(meta: number): number {
  return meta & (TYPE_MASK | (ENCODING_MASK << ENCODING_SHIFT))
}

export function withEncoding(meta: number, encoding: number): number {
  return (meta & ~(ENCODING_MASK << ENCODING_SHIFT)) | (encoding << ENCODING_SHIFT)
}

export function setMeta(arena: Arena, entry: Pointer, meta: number): void {
  arena.i32[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) << 1] = meta
}

/** Access clock (24 bits) and inline value length (8 bits) in one word. */
export function clockWordOf(arena: Arena, entry: Pointer): number {
  return arena.i32[entry >>> SEGMENT_SHIFT]![((entry & OFFSET_MASK) << 1) + 1]!
}

export function setClockWord(arena: Arena, entry: Pointer, word: number): void {
  arena.i32[entry >>> SEGMENT_SHIFT]![((entry & OFFSET_MASK) << 1) + 1] = word
}

export function inlineLengthOf(arena: Arena, entry: Pointer): number {
  return clockWordOf(arena, entry) >>> INLINE_SHIFT
}

export function makeClockWord(clock: number, inlineLength: number): number {
  return (clock & CLOCK_MASK) | (inlineLength << INLINE_SHIFT)
}

/** Byte offset of the key area from the start of the block. */
export function keyOffset(meta: number): number {
  return HEADER_BYTES + (meta & HAS_EXPIRY) + ((meta & HAS_CELL) >>> 1)
}

/** Byte offset of the cell from the start of the block; meaningful only with HAS_CELL. */
export function cellOffset(meta: number): number {
  return HEADER_BYTES + (meta & HAS_EXPIRY)
}

/** Bytes that the key occupies inside the block. */
export function keyAreaBytes(meta: number): number {
  const length = meta >>> KEY_LENGTH_SHIFT
  return length === EXTERNAL_KEY_LENGTH ? 8 : length
}

/** The segment bytes in which the key lies; use with `keyStart` and `keyLength`. */
export function keyBytes(arena: Arena, entry: Pointer): Uint8Array {
  const meta = metaOf(arena, entry)
  if (meta >>> KEY_LENGTH_SHIFT !== EXTERNAL_KEY_LENGTH) return arena.u8[entry >>> SEGMENT_SHIFT]!
  return arena.u8[externalKey(arena, entry, meta) >>> SEGMENT_SHIFT]!
}

export function keyStart(arena: Arena, entry: Pointer): number {
  const meta = metaOf(arena, entry)
  if (meta >>> KEY_LENGTH_SHIFT !== EXTERNAL_KEY_LENGTH) return ((entry & OFFSET_MASK) << 3) + keyOffset(meta)
  return (externalKey(arena, entry, meta) & OFFSET_MASK) << 3
}

export function keyLength(arena: Arena, entry: Pointer): number {
  const meta = metaOf(arena, entry)
  const length = meta >>> KEY_LENGTH_SHIFT
  if (length !== EXTERNAL_KEY_LENGTH) return length
  return arena.u32[entry >>> SEGMENT_SHIFT]![((((entry & OFFSET_MASK) << 3) + keyOffset(meta)) >>> 2) + 1]!
}

function externalKey(arena: Arena, entry: Pointer, meta: number): Pointer {
  return arena.i32[entry >>> SEGMENT_SHIFT]![(((entry & OFFSET_MASK) << 3) + keyOffset(meta)) >>> 2]!
}

/** True when the entry's key is `bytes[start, end)`. */
export function keyEquals(arena: Arena, entry: Pointer, bytes: Uint8Array, start: number, end: number): boolean {
  const segment = entry >>> SEGMENT_SHIFT
  const base = (entry & OFFSET_MASK) << 3
  const meta = arena.i32[segment]![base >>> 2]!
  const length = meta >>> KEY_LENGTH_SHIFT
  if (length === EXTERNAL_KEY_LENGTH) return externalKeyEquals(arena, entry, bytes, start, end)
  if (length !== end - start) return false
  const own = arena.u8[segment]!
  let at = base + HEADER_BYTES + (meta & HAS_EXPIRY) + ((meta & HAS_CELL) >>> 1)
  for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false
  return true
}

function externalKeyEquals(arena: Arena, entry: Pointer, bytes: Uint8Array, start: number, end: number): boolean {
  if (keyLength(arena, entry) !== end - start) return false
  const own = keyBytes(arena, entry)
  let at = keyStart(arena, entry)
  for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false
  return true
}

export function hasExpiry(arena: Arena, entry: Pointer): boolean {
  return (metaOf(arena, entry) & HAS_EXPIRY) !== 0
}

/** Expiry time in ms since 1970; -1 when the key has none. */
export function expiryOf(arena: Arena, entry: Pointer): number {
  const segment = entry >>> SEGMENT_SHIFT
  const unit = entry & OFFSET_MASK
  if ((arena.i32[segment]![unit << 1]! & HAS_EXPIRY) === 0) return -1
  return arena.f64[segment]![unit + 1]!
}

/** Overwrites the expiry of an entry that has one. */
export function overwriteExpiry(arena: Arena, entry: Pointer, expiryMs: number): void {
  arena.f64[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) + 1] = expiryMs
}

/** Index of the cell's first word in the segment's 32-bit views. */
export function cellWord(entry: Pointer, meta: number): number {
  return (((entry & OFFSET_MASK) << 3) + cellOffset(meta)) >>> 2
}
