/**
 * Nodes of streams: listpacks that hold a run of entries behind a master entry. The format is that of Redis 7, element for element,
 * since RDB files hold it so:
 *
 *     master   | entries | deleted | fields | field … | 0 |
 *     entry    | flags | ms - master ms | seq - master seq | value …                        | elements before this one |
 *     or       | flags | ms - master ms | seq - master seq | fields | field | value | …     | elements before this one |
 *
 * The master bears the id of the first entry (it is the node's key in the stream's index) and its fields; entries with the very same
 * fields (flag 2) name values only. Deleted entries (flag 1) stay until the node goes. `entries` counts those not deleted.
 */

import { copy, readInt32LE, readUint32LE, writeUint32LE } from '../base/bytes.js'
import { Int64, parseInt64 } from '../base/int64.js'
import { parseInteger } from '../base/integer.js'
import {
  END,
  equalsAt,
  first,
  HEADER_BYTES,
  headerCount,
  INTEGER_16,
  INTEGER_24,
  INTEGER_32,
  INTEGER_64,
  integerAt,
  isInteger,
  isValid,
  mayBeInteger,
  next,
  previous,
  setHeaderCount,
  setTotalBytes,
  STRING_32,
  totalBytes,
  UNCOUNTED,
  writeBackLength,
} from './listpack.js'
import { compareIds, StreamId } from './stream-id.js'

export const DELETED = 1
export const SAME_FIELDS = 2
/** Elements of an entry besides its fields and values, before the one that counts. */
const FIXED_ELEMENTS = 3
const TWO_32 = 0x100000000
/** An integer element takes at most so many bytes. */
const INTEGER_BYTES_MAX = 10

// ---- Reading ----

export function liveCount(bytes: Uint8Array, start: number): number {
  return integerAt(bytes, first(start))
}

/** The element that counts deleted entries. */
export function deletedCountAt(bytes: Uint8Array, start: number): number {
  return next(bytes, first(start))
}

/** The element that counts the master's fields; these follow. */
export function masterFieldsAt(bytes: Uint8Array, start: number): number {
  return next(bytes, deletedCountAt(bytes, start))
}

/** The flags of the first entry, or the end mark. */
export function firstEntry(bytes: Uint8Array, start: number): number {
  let at = masterFieldsAt(bytes, start)
  for (let left = integerAt(bytes, at) + 2; left > 0; left--) at = next(bytes, at)
  return at
}

/** The flags of the entry in front of a place (the flags of another, or the end mark); -1 when the master is there. */
export function entryBefore(bytes: Uint8Array, start: number, at: number): number {
  let place = previous(bytes, start, at)
  const elements = integerAt(bytes, place)
  if (elements === 0) return -1
  for (let left = elements; left > 0; left--) place = previous(bytes, start, place)
  return place
}

/** The flags of the entry behind the one at `at`, or the end mark. */
export function entryBehind(bytes: Uint8Array, start: number, at: number): number {
  return skipEntry(bytes, at, integerAt(bytes, masterFieldsAt(bytes, start)))
}

/** The same with the number of the master's fields known. */
function skipEntry(bytes: Uint8Array, at: number, masterFields: number): number {
  const flags = integerAt(bytes, at)
  let place = next(bytes, next(bytes, next(bytes, at)))
  let left = masterFields + 1
  if ((flags & SAME_FIELDS) === 0) left = integerAt(bytes, place) * 2 + 2
  for (; left > 0; left--) place = next(bytes, place)
  return place
}

/**
 * Finds the first entry, deleted or not, whose id is not below `id`; the end mark when all are.
 *
 * It walks from the end that is likely to be nearer, judged by where `id` lies between the ids of the first and the last entry.
 */
export function seekEntry(bytes: Uint8Array, start: number, master: StreamId, id: StreamId): number {
  const end = start + totalBytes(bytes, start) - 1
  const at = entryBefore(bytes, start, end)
  if (at < 0) return end
  readEntryId(bytes, at, master, seen)
  const order = compareIds(seen, id)
  if (order <= 0) return order === 0 ? at : end
  if (compareIds(master, id) >= 0) return firstEntry(bytes, start)
  return isNearer(master, id, seen) ? seekForward(bytes, start, master, id) : seekBackward(bytes, start, at, master, id)
}

const seen = new StreamId()

/** Whether an id is nearer to the first of two others than to the second, of which it lies in between. */
function isNearer(first: StreamId, id: StreamId, last: StreamId): boolean {
  if (first.msHigh !== last.msHigh || first.msLow !== last.msLow) {
    if (id.msHigh !== first.msHigh && id.msHigh !== last.msHigh) return true
    return distance(first.msLow, id.msLow) < distance(id.msLow, last.msLow)
  }
  return distance(first.seqLow, id.seqLow) < distance(id.seqLow, last.seqLow)
}

function distance(from: number, to: number): number {
  return (to - from) >>> 0
}

function seekForward(bytes: Uint8Array, start: number, master: StreamId, id: StreamId): number {
  const fields = integerAt(bytes, masterFieldsAt(bytes, start))
  let at = firstEntry(bytes, start)
  for (;;) {
    readEntryId(bytes, at, master, seen)
    if (compareIds(seen, id) >= 0) return at
    at = skipEntry(bytes, at, fields)
  }
}

/** @param above  an entry whose id is above `id` */
function seekBackward(bytes: Uint8Array, start: number, above: number, master: StreamId, id: StreamId): number {
  for (;;) {
    const at = entryBefore(bytes, start, above)
    if (at < 0) return above
    readEntryId(bytes, at, master, seen)
    if (compareIds(seen, id) < 0) return above
    above = at
  }
}

/** The id of the entry whose flags are at `at`. */
export function readEntryId(bytes: Uint8Array, at: number, master: StreamId, into: StreamId): void {
  const ms = next(bytes, at)
  addDelta(bytes, ms, master.msHigh, master.msLow)
  into.msHigh = sum.high
  into.msLow = sum.low
  addDelta(bytes, next(bytes, ms), master.seqHigh, master.seqLow)
  into.seqHigh = sum.high
  into.seqLow = sum.low
}

/** What `addDelta` found, as signed words. */
const sum = { high: 0, low: 0 }

/** Adds the integer at `at` to 64 bits. */
function addDelta(bytes: Uint8Array, at: number, high: number, low: number): void {
  if (bytes[at] === INTEGER_64) return addWide(high, low, readInt32LE(bytes, at + 5), readUint32LE(bytes, at + 1))
  const total = (low >>> 0) + integerAt(bytes, at)
  sum.low = total | 0
  if (total >= TWO_32) sum.high = (high + 1) | 0
  else sum.high = total < 0 ? (high - 1) | 0 : high
}

function addWide(high: number, low: number, deltaHigh: number, deltaLow: number): void {
  const total = (low >>> 0) + deltaLow
  sum.low = total | 0
  sum.high = (high + deltaHigh + (total >= TWO_32 ? 1 : 0)) | 0
}

// ---- Writing ----

/** The fields and values of an entry to be added: arguments from `first` on, in turn. */
export interface EntryWords {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Bytes of all fields and values, as they count towards the limit of a node. */
export function wordBytes(words: EntryWords, from: number, fields: number): number {
  let total = 0
  for (let i = from; i < from + fields * 2; i++) total += words.ends[i] - words.starts[i]
  return total
}

/** Bytes that master and first entry of a node take at most, with the header; also a bound for an entry alone. */
export function entryBytesMax(words: EntryWords, from: number, fields: number): number {
  let total = HEADER_BYTES + 1 + 9 * INTEGER_BYTES_MAX
  for (let i = 0; i < fields; i++) {
    total += 2 * textBytesMax(words.ends[from + 2 * i] - words.starts[from + 2 * i])
    total += textBytesMax(words.ends[from + 2 * i + 1] - words.starts[from + 2 * i + 1])
  }
  return total
}

/** Bytes that an entry takes at most when it is added to a node. */
export function addedBytesMax(words: EntryWords, from: number, fields: number, hasSameFields: boolean): number {
  let total = 5 * INTEGER_BYTES_MAX
  for (let i = 0; i < fields; i++) {
    if (!hasSameFields) total += textBytesMax(words.ends[from + 2 * i] - words.starts[from + 2 * i])
    total += textBytesMax(words.ends[from + 2 * i + 1] - words.starts[from + 2 * i + 1])
  }
  return total
}

function textBytesMax(length: number): number {
  return length < 64 ? length + 2 : length < 4096 ? length + 4 : length + 10
}

/** Writes a node with one entry, whose id is the node's; returns its bytes. */
export function writeNode(bytes: Uint8Array, start: number, words: EntryWords, from: number, fields: number): number {
  let at = start + HEADER_BYTES
  at = writeInteger(bytes, at, 1)
  at = writeInteger(bytes, at, 0)
  at = writeInteger(bytes, at, fields)
  for (let i = 0; i < fields; i++) at = writeWord(bytes, at, words, from + 2 * i)
  at = writeInteger(bytes, at, 0)
  setHeaderCount(bytes, start, fields + 4)
  setTotalBytes(bytes, start, at + 1 - start)
  bytes[at] = END
  return addEntry(bytes, start, words, from, fields, true, 0, 0, 0, 0)
}

/**
 * Writes an entry at the end of a node with room for `addedBytesMax` more bytes; the count of entries is the caller's.
 *
 * @param msHigh   the difference between its id and the node's, as signed words; then that of the sequence number
 * @returns the node's bytes
 */
export function addEntry(
  bytes: Uint8Array, start: number, words: EntryWords, from: number, fields: number, hasSameFields: boolean,
  msHigh: number, msLow: number, seqHigh: number, seqLow: number,
): number {
  let at = start + totalBytes(bytes, start) - 1
  bytes[at] = hasSameFields ? SAME_FIELDS : 0
  bytes[at + 1] = 1
  at = writeWide(bytes, at + 2, msHigh, msLow)
  at = writeWide(bytes, at, seqHigh, seqLow)
  if (!hasSameFields) at = writeInteger(bytes, at, fields)
  for (let i = 0; i < fields; i++) {
    if (!hasSameFields) at = writeWord(bytes, at, words, from + 2 * i)
    at = writeWord(bytes, at, words, from + 2 * i + 1)
  }
  const elements = FIXED_ELEMENTS + (hasSameFields ? fields : 2 * fields + 1)
  at = writeInteger(bytes, at, elements)
  bytes[at] = END
  const counted = headerCount(bytes, start)
  if (counted !== UNCOUNTED) setHeaderCount(bytes, start, counted + elements + 1)
  setTotalBytes(bytes, start, at + 1 - start)
  return at + 1 - start
} // prettier-ignore

/** Whether an entry's fields are those of a node's master. */
export function hasFieldsOf(
  bytes: Uint8Array,
  start: number,
  words: EntryWords,
  from: number,
  fields: number,
): boolean {
  let at = masterFieldsAt(bytes, start)
  if (integerAt(bytes, at) !== fields) return false
  for (let i = from; i < from + fields * 2; i += 2) {
    at = next(bytes, at)
    if (!equalsWord(bytes, at, words, i)) return false
  }
  return true
}

function equalsWord(bytes: Uint8Array, at: number, words: EntryWords, index: number): boolean {
  const start = words.starts[index]
  const end = words.ends[index]
  const head = bytes[at]
  if (head < 0x80 || head >= 0xc0) return equalsAt(bytes, at, words.bytes, start, end)
  if (end - start !== (head & 63)) return false
  for (let i = start, own = at + 1; i < end; i++, own++) if (words.bytes[i] !== bytes[own]) return false
  return true
}

const wide = new Int64(0, 0)

/** Writes an argument as an element, an integer as one; returns the end. */
function writeWord(to: Uint8Array, at: number, words: EntryWords, index: number): number {
  const { bytes } = words
  const start = words.starts[index]
  const end = words.ends[index]
  const length = end - start
  if (length > 0 && mayBeInteger(bytes[start], length)) {
    const value = parseInteger(bytes, start, end)
    if (value - value === 0) return writeInteger(to, at, value)
    if (!Number.isNaN(value)) {
      parseInt64(bytes, start, end, wide)
      return writeWide(to, at, wide.high, wide.low | 0)
    }
  }
  return writeText(to, at, bytes, start, end)
}

function writeText(to: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  let place = at
  if (length < 64) to[place++] = 0x80 | length
  else if (length < 4096) {
    to[place++] = 0xe0 | (length >>> 8)
    to[place++] = length
  } else {
    to[place] = STRING_32
    writeUint32LE(length, to, place + 1)
    place += 5
  }
  copy(bytes, start, end, to, place)
  place += length
  return writeBackLength(to, place, place - at)
}

/** Writes 64 bits, given as signed words, in the shortest form. */
function writeWide(to: Uint8Array, at: number, high: number, low: number): number {
  if (high === low >> 31) return writeInteger(to, at, low)
  to[at] = INTEGER_64
  writeUint32LE(low >>> 0, to, at + 1)
  writeUint32LE(high >>> 0, to, at + 5)
  to[at + 9] = 9
  return at + 10
}

/** @param value  a safe integer */
function writeInteger(to: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value <= 127) {
    to[at] = value
    to[at + 1] = 1
    return at + 2
  }
  if (value >= -4096 && value <= 4095) {
    to[at] = 0xc0 | ((value >>> 8) & 31)
    to[at + 1] = value
    to[at + 2] = 2
    return at + 3
  }
  if (value >= -0x8000 && value <= 0x7fff) return writeNumber(to, at, INTEGER_16, value, 2)
  if (value >= -0x800000 && value <= 0x7fffff) return writeNumber(to, at, INTEGER_24, value, 3)
  if (value >= -0x80000000 && value <= 0x7fffffff) return writeNumber(to, at, INTEGER_32, value, 4)
  return writeWide(to, at, Math.floor(value / TWO_32), value | 0)
}

function writeNumber(to: Uint8Array, at: number, code: number, value: number, length: number): number {
  to[at] = code
  for (let i = 0; i < length; i++) to[at + 1 + i] = value >> (i << 3)
  to[at + 1 + length] = length + 1
  return at + length + 2
}

// ---- Checking ----

/**
 * Whether bytes are a node: a listpack by its header, and when `deep` in all it holds. For bytes from outside.
 */
export function isValidNode(bytes: Uint8Array, start: number, length: number, deep: boolean): boolean {
  if (!isValid(bytes, start, length, deep)) return false
  return !deep || new NodeCheck(bytes, start).passes()
}

/** Walks over a listpack that is whole and sees whether it is a node. */
class NodeCheck {
  private readonly bytes: Uint8Array
  private at: number
  private isBroken: boolean

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes
    this.at = first(start)
    this.isBroken = false
  }

  passes(): boolean {
    let entries = this.integer()
    entries += this.integer()
    const masterFields = this.integer()
    this.skip(masterFields)
    if (this.integer() !== 0) return false
    for (; entries > 0 && !this.isBroken; entries--) this.entry(masterFields)
    return !this.isBroken && entries === 0 && this.bytes[this.at] === END
  }

  private entry(masterFields: number): void {
    const flags = this.integer()
    this.integer()
    this.integer()
    const isSame = (flags & SAME_FIELDS) !== 0
    const fields = isSame ? masterFields : this.integer()
    this.skip(isSame ? fields : fields * 2)
    if (this.integer() !== FIXED_ELEMENTS + (isSame ? fields : fields * 2 + 1)) this.isBroken = true
  }

  private integer(): number {
    const { at, bytes } = this
    if (this.isBroken || bytes[at] === END || !isInteger(bytes, at)) {
      this.isBroken = true
      return 0
    }
    this.at = next(bytes, at)
    return integerAt(bytes, at)
  }

  private skip(elements: number): void {
    if (elements < 0) this.isBroken = true
    for (let left = elements; left > 0 && !this.isBroken; left--) {
      if (this.bytes[this.at] === END) this.isBroken = true
      else this.at = next(this.bytes, this.at)
    }
  }
}
