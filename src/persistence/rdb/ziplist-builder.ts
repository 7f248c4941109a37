/**
 * Builds ziplists, the compact form that servers before 7.0 read, out of the elements of listpacks: for snapshots written at
 * an older version.
 *
 *     u32 bytes | u32 offset of the last entry | u16 entries, 65535: not counted | entries | ff
 *
 *     entry: length of the one before (1 byte, or fe and 4 bytes) | kind and length | bytes
 */

import { copy, writeUint16LE, writeUint32LE } from '../../base/bytes.js'
import { fromNumber } from '../../base/int64.js'
import { END, first, ListpackElement, next, read } from '../../structures/listpack.js'

const HEADER_BYTES = 10
const UNCOUNTED = 0xffff
/** Lengths of the entry before, from here on, take five bytes. */
const LONG_PREVIOUS = 254
/** What an entry takes besides its bytes, at most. */
const ENTRY_OVERHEAD_BYTES = 18
const KEPT_BYTES = 1 << 20
const INITIAL_BYTES = 16384

export class ZiplistBuilder {
  bytes: Uint8Array
  /** Where the ziplist ends, once it is closed. */
  end: number
  private count: number
  private last: number
  private previous: number
  private readonly element: ListpackElement

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.end = 0
    this.count = 0
    this.last = 0
    this.previous = 0
    this.element = new ListpackElement()
  }

  /** Begins with an empty one. */
  open(): void {
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES)
    this.end = HEADER_BYTES
    this.count = 0
    this.last = HEADER_BYTES
    this.previous = 0
  }

  addListpack(bytes: Uint8Array, start: number): void {
    const { element } = this
    for (let at = first(start); bytes[at] !== END; at = next(bytes, at)) {
      read(bytes, at, element)
      if (element.isInteger) this.addInteger(element)
      else this.addString(element.bytes, element.start, element.end)
    }
  }

  addString(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const begin = this.beginEntry(length)
    if (length < 0x40) this.bytes[this.end++] = length
    else if (length < 0x4000) {
      this.bytes[this.end++] = 0x40 | (length >>> 8)
      this.bytes[this.end++] = length
    } else {
      this.bytes[this.end++] = 0x80
      for (let shift = 24; shift >= 0; shift -= 8) this.bytes[this.end++] = length >>> shift
    }
    copy(bytes, start, end, this.bytes, this.end)
    this.end += length
    this.endEntry(begin)
  }

  /** Writes the header and the end mark. */
  close(): void {
    this.reserve(1)
    this.bytes[this.end++] = 0xff
    writeUint32LE(this.end, this.bytes, 0)
    writeUint32LE(this.last, this.bytes, 4)
    writeUint16LE(this.count < UNCOUNTED ? this.count : UNCOUNTED, this.bytes, 8)
  }

  private addInteger({ value, int64 }: ListpackElement): void {
    const begin = this.beginEntry(0)
    if (value - value === 0) fromNumber(value, int64)
    const { high, low } = int64
    if (value >= 0 && value <= 12) this.bytes[this.end++] = 0xf1 + value
    else if (fits(value, 8)) this.number(0xfe, 1, high, low)
    else if (fits(value, 16)) this.number(0xc0, 2, high, low)
    else if (fits(value, 24)) this.number(0xf0, 3, high, low)
    else if (fits(value, 32)) this.number(0xd0, 4, high, low)
    else this.number(0xe0, 8, high, low)
    this.endEntry(begin)
  }

  private number(kind: number, bytes: number, high: number, low: number): void {
    this.bytes[this.end++] = kind
    for (let i = 0; i < bytes; i++) this.bytes[this.end++] = i < 4 ? low >>> (i << 3) : high >>> ((i - 4) << 3)
  }

  private beginEntry(length: number): number {
    this.reserve(length + ENTRY_OVERHEAD_BYTES)
    const begin = this.end
    if (this.previous < LONG_PREVIOUS) this.bytes[this.end++] = this.previous
    else {
      this.bytes[this.end++] = LONG_PREVIOUS
      writeUint32LE(this.previous, this.bytes, this.end)
      this.end += 4
    }
    return begin
  }

  private endEntry(begin: number): void {
    this.last = begin
    this.previous = this.end - begin
    this.count++
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.end + bytes, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.end))
    this.bytes = larger
  }
}

function fits(value: number, bits: number): boolean {
  const limit = 2 ** (bits - 1)
  return value >= -limit && value < limit
}
