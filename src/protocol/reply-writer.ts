/**
 * Encodes replies, RESP2 or RESP3, straight into a connection's output buffer.
 *
 * Sources: the RESP2 and RESP3 specifications; which reply takes which form in RESP2 is observed behaviour of Redis 7.2.
 */

import { assert } from '../base/assert.js'
import { utf8Bytes } from '../base/bytes.js'
import { DOUBLE_TEXT_BYTES_MAX, writeDouble } from '../base/double.js'
import { digitCount, writeDigits, writeInteger } from '../base/integer.js'
import { Int64, int64Length, writeInt64 } from '../base/int64.js'
import type { ChunkPool } from './chunk-pool.js'
import type { ErrorReply } from './errors.js'
import { copyShort, LOOP_BYTES_MAX, OutputBuffer, SPLIT_BYTES_MIN } from './output-buffer.js'

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

export class ReplyWriter extends OutputBuffer {
  protocol: 2 | 3

  constructor(pool: ChunkPool) {
    super(pool)
    this.protocol = 2
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
    for (let done = 0; done < length;) {
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
    return this.openGap(DEFERRED_HEADER_BYTES)
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

  private setHeader(gap: number, type: number, count: number): void {
    if (gap < 0) return
    this.fillGap(gap, writeHeaderBefore(this.gapChunk(gap), this.gapEnd(gap), type, count))
  }
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
