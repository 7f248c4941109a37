/**
 * Encodes replies, RESP2 or RESP3, straight into a connection's output buffer.
 *
 * The output is a run of segments, each a range of a chunk. In the usual case there is one segment, the current one, and
 * its chunk is `bytes`; a full chunk closes its segment and opens another. An array whose length is known only at its end
 * opens a segment too, and leaves room for the header before it:
 *
 *     chunk   | segment 3 ...... |  16 bytes, a gap  | segment 4 ......        |
 *                                           *123\r\n   element element         <- setArray(): the header goes right here
 *
 * so that content never moves for its header's sake, except that a segment still in its first chunk is moved left over
 * the gap: one write to the socket instead of two.
 *
 * The transport reads `segmentCount`, `segmentBytes(i)`, `segmentStart(i)`, `segmentEnd(i)` and calls `consume(n)` when n
 * bytes are out. Bytes that are being sent do not change meanwhile, so it need not copy them.
 *
 * Sources: the RESP2 and RESP3 specifications; which reply takes which form in RESP2 is observed behaviour of Redis 7.2.
 */

import { assert } from '../base/assert.js'
import { utf8Bytes } from '../base/bytes.js'
import { DOUBLE_TEXT_BYTES_MAX, writeDouble } from '../base/double.js'
import { digitCount, writeDigits, writeInteger } from '../base/integer.js'
import { Int64, int64Length, writeInt64 } from '../base/int64.js'
import { CHUNK_BYTES, type ChunkPool } from './chunk-pool.js'
import type { ErrorReply } from './errors.js'

/** The first byte of each kind of reply, and the line end. */
const SIMPLE = 0x2b // +
const INTEGER = 0x3a // :
const BULK = 0x24 // $
const ARRAY = 0x2a // *
const MAP = 0x25 // %
const SET = 0x7e // ~
const PUSH = 0x3e // >
const ATTRIBUTE = 0x7c // |
const DOUBLE = 0x2c // ,
const BIG_NUMBER = 0x28 // (
const VERBATIM = 0x3d // =
const CR = 0x0d
const LF = 0x0a
const ZERO = 0x30
const MINUS = 0x2d
const COLON = 0x3a

/** Room for any header or number line: a type byte, 20 characters, CR LF. */
const LINE_BYTES_MAX = 24

/** What a bulk string needs besides its content: `$`, ten digits and two line ends. */
const BULK_EXTRA_BYTES = 16

/** Room kept before a segment for a header that comes later: a type byte, ten digits, CR LF. */
const DEFERRED_HEADER_BYTES = 13

/** Up to here a byte loop beats set(subarray), which allocates a view (bench/protocol/reply.bench.ts). */
const LOOP_BYTES_MAX = 48

/** Items up to this size go to a new chunk whole when the current one is full; longer ones are split over both. */
const SPLIT_BYTES_MIN = 1024

const NO_BYTES = new Uint8Array(0)
const NO_LIMIT = Infinity

/** A mark holds the number of a segment above this many units of position. */
const MARK_UNIT = 2 ** 31

export class ReplyWriter {
  /** The current chunk, and where the next byte goes. */
  bytes: Uint8Array
  position: number
  protocol: 2 | 3
  /** When `listBytes` would reach this, output is dropped from then on and `isOverLimit` set: the client is to be closed. */
  bytesMax: number
  isOverLimit: boolean

  private capacity: number // bytes.length, at hand
  private start: number // of the current segment
  private closedBytes: number // sent bytes excluded
  private heldBytes: number
  private chunkCount: number
  private head: number // segments before it are sent and gone
  private readonly chunks: Uint8Array[] // closed segments: chunk, start, end
  private readonly starts: number[]
  private readonly ends: number[]
  private readonly pool: ChunkPool

  constructor(pool: ChunkPool) {
    this.bytes = NO_BYTES
    this.position = 0
    this.protocol = 2
    this.bytesMax = NO_LIMIT
    this.isOverLimit = false
    this.capacity = 0
    this.start = 0
    this.closedBytes = 0
    this.heldBytes = 0
    this.chunkCount = 0
    this.head = 0
    this.chunks = []
    this.starts = []
    this.ends = []
    this.pool = pool
  }

  // ---- Scalars ----

  ok(): void {
    const at = this.reserve(5)
    const bytes = this.bytes
    bytes[at] = SIMPLE
    bytes[at + 1] = 0x4f
    bytes[at + 2] = 0x4b
    bytes[at + 3] = CR
    bytes[at + 4] = LF
    this.position = at + 5
  }

  /** A status line; `text` holds no line break. */
  simple(text: string): void {
    this.textLine(SIMPLE, text)
  }

  error(error: ErrorReply): void {
    this.raw(error.bytes, 0, error.bytes.length)
  }

  /** @param value  a safe integer */
  integer(value: number): void {
    const at = this.reserve(LINE_BYTES_MAX)
    const bytes = this.bytes
    bytes[at] = INTEGER
    if (value >= 0 && value < 10) {
      bytes[at + 1] = ZERO + value
      bytes[at + 2] = CR
      bytes[at + 3] = LF
      this.position = at + 4
      return
    }
    const end = writeInteger(value, bytes, at + 1)
    bytes[end] = CR
    bytes[end + 1] = LF
    this.position = end + 2
  }

  int64(high: number, low: number): void {
    const at = this.reserve(LINE_BYTES_MAX)
    this.bytes[at] = INTEGER
    this.endLine(writeInt64(new Int64(high, low), this.bytes, at + 1))
  }

  boolean(value: boolean): void {
    if (this.protocol === 2) return this.integer(value ? 1 : 0)
    this.shortLine(0x23, value ? 0x74 : 0x66) // #t or #f
  }

  nil(): void {
    if (this.protocol === 2) this.minusOne(BULK)
    else this.emptyLine(0x5f) // _
  }

  nilArray(): void {
    if (this.protocol === 2) this.minusOne(ARRAY)
    else this.emptyLine(0x5f) // _
  }

  double(value: number): void {
    const at = this.reserve(DOUBLE_TEXT_BYTES_MAX + BULK_EXTRA_BYTES)
    const bytes = this.bytes
    if (this.protocol === 3) {
      bytes[at] = DOUBLE
      return this.endLine(writeDouble(value, bytes, at + 1))
    }
    // The text goes where it belongs if it has one digit of length, and is moved by one byte if it has two.
    let end = writeDouble(value, bytes, at + 4)
    const length = end - at - 4
    bytes[at] = BULK
    if (length >= 10) {
      bytes.copyWithin(at + 5, at + 4, end)
      end++
    }
    const line = writeDigits(length, bytes, at + 1, at + 1 + digitCount(length))
    bytes[line] = CR
    bytes[line + 1] = LF
    this.endLine(end)
  }

  /** A double that has been printed already, as by INCRBYFLOAT's long double arithmetic. */
  doubleText(text: string): void {
    if (this.protocol === 2) this.bulkText(text)
    else this.textLine(DOUBLE, text)
  }

  bigNumber(text: string): void {
    if (this.protocol === 2) this.bulkText(text)
    else this.textLine(BIG_NUMBER, text)
  }

  // ---- Strings ----

  bulk(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    let at = this.position
    if (at + length + BULK_EXTRA_BYTES > this.capacity) return this.bulkAcross(bytes, start, end)
    const out = this.bytes
    out[at++] = BULK
    if (length < 10) {
      out[at++] = ZERO + length
    } else if (length < 100) {
      const tens = (length / 10) | 0
      out[at++] = ZERO + tens
      out[at++] = ZERO + (length - tens * 10)
    } else {
      at = writeDigits(length, out, at, at + digitCount(length))
    }
    out[at++] = CR
    out[at++] = LF
    if (length <= LOOP_BYTES_MAX) {
      copyShort(bytes, start, end, out, at)
    } else {
      out.set(bytes.subarray(start, end), at)
    }
    at += length
    out[at] = CR
    out[at + 1] = LF
    this.position = at + 2
  }

  /** `text` as UTF-8. */
  bulkText(text: string): void {
    const length = text.length
    if (length > SPLIT_BYTES_MIN) return this.bulkEncoded(text)
    const begin = this.reserve(length + BULK_EXTRA_BYTES)
    const out = this.bytes
    out[begin] = BULK
    let at = writeDigits(length, out, begin + 1, begin + 1 + digitCount(length))
    out[at++] = CR
    out[at++] = LF
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return this.bulkEncoded(text) // `position` has not moved
      out[at++] = unit
    }
    this.endLine(at)
  }

  /** A byte string: one byte a character. */
  bulkLatin1(text: string): void {
    const length = text.length
    this.header(BULK, length)
    for (let done = 0; done < length; ) {
      let at = this.reserve(1)
      const stop = Math.min(length, done + this.capacity - at)
      const out = this.bytes
      while (done < stop) out[at++] = text.charCodeAt(done++)
      this.position = at
    }
    this.endLine(this.reserve(2))
  }

  /** A bulk string of the decimal digits of `value`, a safe integer. */
  bulkInteger(value: number): void {
    let at = this.reserve(LINE_BYTES_MAX + BULK_EXTRA_BYTES)
    const out = this.bytes
    out[at] = BULK
    if (value >= 0 && value < 10) {
      out[at + 1] = ZERO + 1
      at += 2
    } else {
      const length = value < 0 ? 1 + digitCountOf(-value) : digitCountOf(value)
      at = writeDigits(length, out, at + 1, at + 1 + digitCount(length))
    }
    out[at++] = CR
    out[at++] = LF
    this.endLine(writeInteger(value, out, at))
  }

  bulkInt64(high: number, low: number): void {
    const value = new Int64(high, low)
    const length = int64Length(value)
    this.reserve(LINE_BYTES_MAX + BULK_EXTRA_BYTES)
    this.header(BULK, length)
    this.endLine(writeInt64(value, this.bytes, this.position))
  }

  /** @param format  three letters: `txt` or `mkd` */
  verbatim(format: string, text: string): void {
    if (this.protocol === 2) return this.bulkText(text)
    assert(format.length === 3)
    const content = utf8Bytes(text)
    this.header(VERBATIM, content.length + 4)
    const at = this.reserve(4)
    for (let i = 0; i < 3; i++) this.bytes[at + i] = format.charCodeAt(i)
    this.bytes[at + 3] = COLON
    this.position = at + 4
    this.raw(content, 0, content.length)
    this.endLine(this.reserve(2))
  }

  /** Bytes that are encoded already. */
  raw(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const at = this.position
    if (at + length > this.capacity) return this.rawAcross(bytes, start, end)
    if (length <= LOOP_BYTES_MAX) {
      copyShort(bytes, start, end, this.bytes, at)
    } else {
      this.bytes.set(bytes.subarray(start, end), at)
    }
    this.position = at + length
  }

  // ---- Aggregates: the header here, then the elements ----

  array(count: number): void {
    this.header(ARRAY, count)
  }

  emptyArray(): void {
    this.header(ARRAY, 0)
  }

  /** @param count  pairs; in RESP2 an array of twice as many elements */
  map(count: number): void {
    if (this.protocol === 2) this.header(ARRAY, count * 2)
    else this.header(MAP, count)
  }

  set(count: number): void {
    this.header(this.protocol === 2 ? ARRAY : SET, count)
  }

  /** An out-of-band message; in RESP2, where only subscribers get any, an array. */
  push(count: number): void {
    this.header(this.protocol === 2 ? ARRAY : PUSH, count)
  }

  /** Pairs about the reply that follows. RESP3 only. */
  attribute(count: number): void {
    assert(this.protocol === 3)
    this.header(ATTRIBUTE, count)
  }

  // ---- Aggregates whose length is known at their end; nested ones are set from the inside out ----

  /** @returns a mark for `setArray`, `setMap` or `setSet`, due before the command ends */
  deferArray(): number {
    if (this.isOverLimit) return -1
    const at = this.reserve(DEFERRED_HEADER_BYTES)
    if (this.isOverLimit) return -1
    this.closeSegment()
    this.position = at + DEFERRED_HEADER_BYTES
    this.start = this.position
    return this.chunks.length
  }

  deferMap(): number {
    return this.deferArray()
  }

  deferSet(): number {
    return this.deferArray()
  }

  setArray(mark: number, count: number): void {
    this.setHeader(mark, ARRAY, count)
  }

  setMap(mark: number, count: number): void {
    if (this.protocol === 2) this.setHeader(mark, ARRAY, count * 2)
    else this.setHeader(mark, MAP, count)
  }

  setSet(mark: number, count: number): void {
    this.setHeader(mark, this.protocol === 2 ? ARRAY : SET, count)
  }

  // ---- Taking back ----

  /** A place to roll back to, good until a deferred length from before it is set, or output is consumed. */
  mark(): number {
    return this.chunks.length * MARK_UNIT + this.position
  }

  /** Drops everything written since `mark`. */
  rollback(mark: number): void {
    const segment = Math.floor(mark / MARK_UNIT)
    assert(segment >= this.head)
    assert(segment <= this.chunks.length)
    while (this.chunks.length > segment) this.reopenLastSegment()
    this.position = mark % MARK_UNIT
    this.isOverLimit = this.isOverLimit && this.listBytes >= this.bytesMax
    if (segment === this.head && this.position === this.start) this.releaseAll()
  }

  // ---- Draining ----

  /** Bytes written and not yet consumed. */
  get pendingBytes(): number {
    return this.closedBytes + this.position - this.start
  }

  get segmentCount(): number {
    return this.chunks.length - this.head + (this.position > this.start ? 1 : 0)
  }

  /** @param index  0 .. segmentCount - 1, as for the two below; a segment may be empty */
  segmentBytes(index: number): Uint8Array {
    const at = this.head + index
    return at < this.chunks.length ? this.chunks[at] : this.bytes
  }

  segmentStart(index: number): number {
    const at = this.head + index
    return at < this.chunks.length ? this.starts[at] : this.start
  }

  segmentEnd(index: number): number {
    const at = this.head + index
    return at < this.chunks.length ? this.ends[at] : this.position
  }

  /** Forgets the first `count` pending bytes, which have been sent. */
  consume(count: number): void {
    assert(count <= this.pendingBytes)
    while (this.head < this.chunks.length) {
      const length = this.ends[this.head] - this.starts[this.head]
      if (count < length) {
        this.starts[this.head] += count
        this.closedBytes -= count
        return
      }
      count -= length
      this.closedBytes -= length
      this.dropHead()
    }
    this.start += count
    if (this.start === this.position) this.releaseAll()
  }

  /** Drops all output and returns the chunks. */
  reset(): void {
    this.releaseAll()
    this.isOverLimit = false
  }

  // ---- Accounting ----

  /** Bytes of all the chunks held. */
  get memoryBytes(): number {
    return this.heldBytes
  }

  /** Pending bytes in the first chunk: `obl` of CLIENT LIST. */
  get firstChunkBytes(): number {
    const first = this.segmentBytes(0)
    let total = 0
    for (let i = 0; i < this.segmentCount && this.segmentBytes(i) === first; i++) {
      total += this.segmentEnd(i) - this.segmentStart(i)
    }
    return total
  }

  /** Chunks after the first: `oll` of CLIENT LIST. */
  get listLength(): number {
    return this.chunkCount > 0 ? this.chunkCount - 1 : 0
  }

  /** Memory of what exceeds one standard chunk: `omem` of CLIENT LIST, and what client-output-buffer-limit measures. */
  get listBytes(): number {
    if (this.chunkCount === 0) return 0
    return this.segmentBytes(0).length === CHUNK_BYTES ? this.heldBytes - CHUNK_BYTES : this.heldBytes
  }

  /**
   * Makes room for `length` bytes in one piece, CHUNK_BYTES at most.
   *
   * @returns where they go: `position`, in `bytes`; the caller moves it on
   */
  reserve(length: number): number {
    if (this.position + length > this.capacity) this.nextChunk(length)
    return this.position
  }

  // ---- Lines ----

  private header(type: number, count: number): void {
    let at = this.position
    if (at + LINE_BYTES_MAX > this.capacity) at = this.reserve(LINE_BYTES_MAX)
    const bytes = this.bytes
    bytes[at] = type
    if (count < 10) {
      bytes[at + 1] = ZERO + count
      at += 2
    } else {
      at = writeDigits(count, bytes, at + 1, at + 1 + digitCount(count))
    }
    bytes[at] = CR
    bytes[at + 1] = LF
    this.position = at + 2
  }

  private endLine(at: number): void {
    this.bytes[at] = CR
    this.bytes[at + 1] = LF
    this.position = at + 2
  }

  private emptyLine(type: number): void {
    const at = this.reserve(3)
    this.bytes[at] = type
    this.endLine(at + 1)
  }

  private shortLine(type: number, byte: number): void {
    const at = this.reserve(4)
    this.bytes[at] = type
    this.bytes[at + 1] = byte
    this.endLine(at + 2)
  }

  private minusOne(type: number): void {
    const at = this.reserve(5)
    const bytes = this.bytes
    bytes[at] = type
    bytes[at + 1] = MINUS
    bytes[at + 2] = ZERO + 1
    bytes[at + 3] = CR
    bytes[at + 4] = LF
    this.position = at + 5
  }

  private textLine(type: number, text: string): void {
    const length = text.length
    if (length > SPLIT_BYTES_MIN) return this.encodedLine(type, text)
    let at = this.reserve(length + 3)
    const bytes = this.bytes
    bytes[at++] = type
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return this.encodedLine(type, text) // `position` has not moved
      bytes[at++] = unit
    }
    this.endLine(at)
  }

  private encodedLine(type: number, text: string): void {
    const at = this.reserve(1)
    this.bytes[at] = type
    this.position = at + 1
    const content = utf8Bytes(text)
    this.raw(content, 0, content.length)
    this.endLine(this.reserve(2))
  }

  private bulkEncoded(text: string): void {
    const content = utf8Bytes(text)
    this.bulk(content, 0, content.length)
  }

  // ---- Chunks and segments ----

  private bulkAcross(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length < SPLIT_BYTES_MIN) {
      this.reserve(length + BULK_EXTRA_BYTES)
      return this.bulk(bytes, start, end)
    }
    this.header(BULK, length)
    this.raw(bytes, start, end)
    this.endLine(this.reserve(2))
  }

  private rawAcross(bytes: Uint8Array, start: number, end: number): void {
    let from = start
    if (end - start >= SPLIT_BYTES_MIN && this.position < this.capacity) {
      from = start + this.capacity - this.position
      this.bytes.set(bytes.subarray(start, from), this.position)
      this.position = this.capacity
    }
    const rest = end - from
    this.nextChunk(rest + 2) // with room for the line end that usually follows
    if (rest > this.capacity) return // over the limit: dropped
    this.bytes.set(bytes.subarray(from, end), this.position)
    this.position += rest
  }

  private releaseAll(): void {
    while (this.head < this.chunks.length) this.dropHead()
    if (this.bytes !== NO_BYTES) this.release(this.bytes)
    assert(this.heldBytes === 0)
    if (this.chunks.length > 0) {
      this.chunks.length = 0
      this.starts.length = 0
      this.ends.length = 0
    }
    this.head = 0
    this.closedBytes = 0
    this.bytes = NO_BYTES
    this.capacity = 0
    this.position = 0
    this.start = 0
  }

  /** Leaves the current chunk for one with room for `length` bytes. */
  private nextChunk(length: number): void {
    if (this.isOverLimit && this.bytes !== NO_BYTES) {
      this.position = this.start
      return
    }
    if (this.heldBytes + Math.max(length - CHUNK_BYTES, 0) >= this.bytesMax) {
      this.isOverLimit = true
      length = 0 // a chunk to write into and forget
    }
    if (this.bytes !== NO_BYTES) this.closeSegment()
    const chunk = this.pool.take(length)
    this.bytes = chunk
    this.capacity = chunk.length
    this.position = 0
    this.start = 0
    this.heldBytes += chunk.length
    this.chunkCount++
  }

  private closeSegment(): void {
    this.chunks.push(this.bytes)
    this.starts.push(this.start)
    this.ends.push(this.position)
    this.closedBytes += this.position - this.start
  }

  /** Gives up the current segment and goes on with the one before. */
  private reopenLastSegment(): void {
    const chunk = this.chunks.pop()!
    if (chunk !== this.bytes) {
      this.release(this.bytes)
      this.bytes = chunk
      this.capacity = chunk.length
    }
    this.start = this.starts.pop()!
    this.position = this.ends.pop()!
    this.closedBytes -= this.position - this.start
  }

  private dropHead(): void {
    const chunk = this.chunks[this.head]
    this.chunks[this.head] = NO_BYTES
    this.head++
    const next = this.head < this.chunks.length ? this.chunks[this.head] : this.bytes
    if (next !== chunk) this.release(chunk)
    if (this.head > 64 && this.head * 2 > this.chunks.length) this.compact()
  }

  /** Closes up the lists of segments, so that a writer which is never quite empty does not grow. */
  private compact(): void {
    this.chunks.splice(0, this.head)
    this.starts.splice(0, this.head)
    this.ends.splice(0, this.head)
    this.head = 0
  }

  private release(chunk: Uint8Array): void {
    this.pool.give(chunk)
    this.heldBytes -= chunk.length
    this.chunkCount--
  }

  private setHeader(mark: number, type: number, count: number): void {
    if (mark < 0) return
    assert(mark > this.head)
    assert(mark <= this.chunks.length)
    const isCurrent = mark === this.chunks.length
    const chunk = isCurrent ? this.bytes : this.chunks[mark]
    const contentStart = isCurrent ? this.start : this.starts[mark]
    const start = writeHeaderBefore(chunk, contentStart, type, count)
    if (isCurrent) {
      this.start = start
      this.joinSegments()
    } else {
      this.starts[mark] = start
      this.closedBytes += contentStart - start
    }
  }

  /** Moves the current segment left over the gap, onto the end of the one before in the same chunk. */
  private joinSegments(): void {
    const from = this.start
    const end = this.position
    assert(this.chunks[this.chunks.length - 1] === this.bytes)
    this.reopenLastSegment()
    this.bytes.copyWithin(this.position, from, end)
    this.position += end - from
  }
}

/** Four bytes a turn: a third faster than one (bench/protocol/reply.bench.ts). */
function copyShort(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  while (start + 4 <= end) {
    to[at] = from[start]
    to[at + 1] = from[start + 1]
    to[at + 2] = from[start + 2]
    to[at + 3] = from[start + 3]
    start += 4
    at += 4
  }
  while (start < end) to[at++] = from[start++]
}

/** @returns where the header begins, given that it ends at `end` */
function writeHeaderBefore(bytes: Uint8Array, end: number, type: number, count: number): number {
  const digits = digitCount(count)
  const start = end - digits - 3
  bytes[start] = type
  writeDigits(count, bytes, start + 1, end - 2)
  bytes[end - 2] = CR
  bytes[end - 1] = LF
  return start
}

function digitCountOf(value: number): number {
  return value <= 0x7fffffff ? digitCount(value) : 9 + digitCount(Math.floor(value / 1e9))
}
