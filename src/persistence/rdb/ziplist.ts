/** Reads the compact forms of old servers, trusting nothing: ziplists, and the zipmaps before them. See ziplist-builder.ts. */

import { readInt32LE, readUint16LE, readUint32BE, readUint32LE } from '../../base/bytes.js'
import { Int64, isSafe, toNumber } from '../../base/int64.js'

const HEADER_BYTES = 10
const END = 0xff
const UNCOUNTED = 0xffff
const LONG_PREVIOUS = 254

/** A walk over a ziplist. Every step checks what it reads; the last one checks what the header says about the whole. */
export class ZiplistWalk {
  /** The entry shown: a string in `bytes`, or an integer. */
  isInteger: boolean
  /** The integer when it is safe, otherwise ±Infinity: then `int64` alone has it. */
  value: number
  readonly int64: Int64
  bytes: Uint8Array
  start: number
  end: number
  private base: number
  /** Where the end mark is. */
  private last: number
  private at: number
  private entry: number
  private counted: number

  constructor() {
    this.isInteger = false
    this.value = 0
    this.int64 = new Int64()
    this.bytes = NOTHING
    this.start = 0
    this.end = 0
    this.base = 0
    this.last = 0
    this.at = 0
    this.entry = -1
    this.counted = 0
  }

  /** False when the bytes are no ziplist even on the outside. */
  open(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes
    this.base = start
    this.last = end - 1
    this.at = start + HEADER_BYTES
    this.entry = -1
    this.counted = 0
    if (end - start < HEADER_BYTES + 1 || readUint32LE(bytes, start) !== end - start) return false
    return bytes[this.last] === END && readUint32LE(bytes, start + 4) < end - start
  }

  /** 1 when an entry is shown, 0 behind the last one, -1 when the ziplist is broken. */
  next(): number {
    const { at, bytes, last } = this
    if (bytes[at] === END) return this.isWhole() ? 0 : -1
    const before = this.entry < 0 ? 0 : at - this.entry
    const isLong = bytes[at] === LONG_PREVIOUS
    const head = at + (isLong ? 5 : 1)
    if (head >= last || (isLong ? readUint32LE(bytes, at + 1) : bytes[at]!) !== before) return -1
    if (!this.show(head)) return -1
    this.entry = at
    this.counted++
    return 1
  }

  private isWhole(): boolean {
    const { base, bytes } = this
    if (this.at !== this.last) return false
    if (this.entry >= 0 && readUint32LE(bytes, base + 4) !== this.entry - base) return false
    const noted = readUint16LE(bytes, base + 8)
    return noted === UNCOUNTED || noted === this.counted
  }

  /** Shows the entry whose kind stands at `head`. */
  private show(head: number): boolean {
    const { bytes, last } = this
    const kind = bytes[head]!
    if (kind >= 0xc0) return this.showInteger(kind, head + 1)
    const lengthBytes = kind < 0x40 ? 1 : kind < 0x80 ? 2 : 5
    if (head + lengthBytes > last) return false
    const length =
      kind < 0x40 ? kind : kind < 0x80 ? ((kind & 0x3f) << 8) | bytes[head + 1]! : readUint32BE(bytes, head + 1)
    if (kind >= 0x80 && kind !== 0x80) return false
    this.isInteger = false
    this.start = head + lengthBytes
    this.end = this.start + length
    this.at = this.end
    return this.end <= last
  }

  private showInteger(kind: number, at: number): boolean {
    const width = integerBytes(kind)
    if (width < 0 || at + width > this.last) return false
    this.isInteger = true
    this.at = at + width
    if (width === 0) this.setValue((kind & 15) - 1)
    else if (width === 8) this.setWide(at)
    else this.setValue(signed(this.bytes, at, width))
    return true
  }

  private setValue(value: number): void {
    this.value = value
  }

  private setWide(at: number): void {
    const { int64 } = this
    int64.low = readUint32LE(this.bytes, at)
    int64.high = readInt32LE(this.bytes, at + 4)
    this.value = isSafe(int64) ? toNumber(int64) : int64.high < 0 ? -Infinity : Infinity
  }
}

/** Bytes of an integer entry behind its kind; -1 when there is no such kind. */
function integerBytes(kind: number): number {
  if (kind === 0xc0) return 2
  if (kind === 0xd0) return 4
  if (kind === 0xe0) return 8
  if (kind === 0xf0) return 3
  if (kind === 0xfe) return 1
  return kind >= 0xf1 && kind <= 0xfd ? 0 : -1
}

function signed(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = width - 1; i >= 0; i--) value = (value << 8) | bytes[at + i]!
  const shift = 32 - width * 8
  return (value << shift) >> shift
}

/**
 * A walk over a zipmap, which hashes were before 2.6: u8 pairs | pairs | ff; a pair is a length and the field, then a length, a count
 * of unused bytes, the value, and these. A length is a byte below 254, or fe and 4 bytes. One without pairs counts as broken.
 */
export class ZipmapWalk {
  bytes: Uint8Array
  fieldStart: number
  fieldEnd: number
  valueStart: number
  valueEnd: number
  private base: number
  private last: number
  private at: number
  private counted: number
  private length: number

  constructor() {
    this.bytes = NOTHING
    this.fieldStart = 0
    this.fieldEnd = 0
    this.valueStart = 0
    this.valueEnd = 0
    this.base = 0
    this.last = 0
    this.at = 0
    this.counted = 0
    this.length = 0
  }

  open(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes
    this.base = start
    this.last = end - 1
    this.at = start + 1
    this.counted = 0
    return end - start >= 2 && bytes[this.last] === END
  }

  /** 1 when a pair is shown, 0 behind the last one, -1 when the zipmap is broken. */
  next(): number {
    if (this.bytes[this.at] === END) return this.isWhole() ? 0 : -1
    if (!this.readLength()) return -1
    this.fieldStart = this.at
    this.fieldEnd = this.at += this.length
    if (this.at >= this.last || !this.readLength()) return -1
    // What stands here is the number of unused bytes, not counted in the length.
    if (this.at >= this.last) return -1
    const unused = this.bytes[this.at++]!
    this.valueStart = this.at
    this.valueEnd = this.at + this.length
    this.at = this.valueEnd + unused
    this.counted++
    return this.at <= this.last ? 1 : -1
  }

  private isWhole(): boolean {
    const noted = this.bytes[this.base]!
    return this.counted > 0 && this.at === this.last && (noted >= LONG_PREVIOUS || noted === this.counted)
  }

  private readLength(): boolean {
    const first = this.bytes[this.at]!
    if (first < LONG_PREVIOUS) {
      this.length = first
      this.at++
    } else if (first === LONG_PREVIOUS && this.at + 5 <= this.last) {
      this.length = readUint32LE(this.bytes, this.at + 1)
      this.at += 5
    } else return false
    return this.at + this.length <= this.last
  }
}

const NOTHING = new Uint8Array(0)
