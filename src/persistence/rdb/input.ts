/** The elements of the RDB format read from a byte source: lengths, and strings in all their forms. See output.ts. */

import { readInt32BE } from '../../base/bytes.js'
import type { Int64 } from '../../base/int64.js'
import { writeInteger } from '../../base/integer.js'
import { lzfDecompress } from '../../base/lzf.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { LZF_EXPANSION_MAX, StringEncoding } from './format.js'

/** Longer strings cannot be kept. */
export const STRING_BYTES_MAX = 512 * 1024 * 1024
const TWO_32 = 0x100000000
const KEPT_BYTES = 1 << 20
/** Longer strings can be left for the caller to read, see `leavesLarge`. */
const LARGE_BYTES = 1 << 20

/** A string that was read: in the source's window, or in a buffer of its own when it was encoded. Lasts until the next one. */
export class RdbString {
  bytes: Uint8Array
  start: number
  end: number
  /** It was written as an integer, which `value` is. */
  isInteger: boolean
  value: number
  /** Strings of more than LARGE_BYTES are not read: `largeLength` says how long they are, and their bytes come next. */
  leavesLarge: boolean
  /** Of a string left in this way: whoever takes it over sets it to 0 again. */
  largeLength: number
  /** Of a string left in this way, when it is compressed: bytes that come next, all in the window. Otherwise 0. */
  compressedLength: number
  private workspace: Uint8Array

  constructor() {
    this.bytes = NOTHING
    this.start = 0
    this.end = 0
    this.isInteger = false
    this.value = 0
    this.leavesLarge = false
    this.largeLength = 0
    this.compressedLength = 0
    this.workspace = new Uint8Array(64)
  }

  get length(): number {
    return this.end - this.start
  }

  /** Reads a string; look at the source's fault afterwards. */
  read(source: ByteSource): void {
    const { at, bytes } = source
    // Short and plain is what most strings are.
    if (at < source.end) {
      const first = bytes[at]!
      const end = at + 1 + first
      if (first < 64 && end <= source.end) {
        this.bytes = bytes
        this.start = at + 1
        this.end = end
        this.isInteger = false
        source.at = end
        return
      }
    }
    this.readAny(source)
  }

  private readAny(source: ByteSource): void {
    this.isInteger = false
    this.start = this.end = 0
    this.largeLength = this.compressedLength = 0
    const first = source.at < source.end ? source.bytes[source.at]! : 0
    if (first >= ENCODED) {
      source.at++
      if (first === (ENCODED | StringEncoding.lzf)) this.readCompressed(source)
      else this.readInteger(source, first & 63)
      return
    }
    const length = readLength(source)
    if (length > STRING_BYTES_MAX && source.fault === Fault.none) return source.corrupt('a string too long to be one')
    if (this.leavesLarge && length > LARGE_BYTES && source.left >= length) {
      if (source.fault === Fault.none) this.largeLength = length
      return
    }
    if (!source.has(length)) return
    this.bytes = source.bytes
    this.start = source.at
    this.end = source.at + length
    source.at = this.end
  }

  private readInteger(source: ByteSource, encoding: number): void {
    let value = 0
    if (encoding === StringEncoding.int8) value = (source.byte() << 24) >> 24
    else if (encoding === StringEncoding.int16) value = ((source.byte() | (source.byte() << 8)) << 16) >> 16
    else if (encoding === StringEncoding.int32) value = source.int32LE()
    else return source.corrupt(`Unknown RDB integer encoding type ${encoding}`)
    this.isInteger = true
    this.value = value
    this.bytes = this.workspace
    this.end = writeInteger(value, this.workspace, 0)
  }

  private readCompressed(source: ByteSource): void {
    const stored = readLength(source)
    const length = readLength(source)
    if (!source.has(stored)) return
    if (length > STRING_BYTES_MAX || length > stored * LZF_EXPANSION_MAX) {
      return source.corrupt('a compressed string that says it is longer than it can be')
    }
    if (this.leavesLarge && length > LARGE_BYTES) {
      this.largeLength = length
      this.compressedLength = stored
      return
    }
    if (this.workspace.length < length || this.workspace.length > KEPT_BYTES) {
      this.workspace = new Uint8Array(Math.max(length, 64))
    }
    const start = source.at
    const end = lzfDecompress(source.bytes, start, start + stored, this.workspace, 0, length)
    if (end !== length) return source.corrupt('Invalid LZF compressed string')
    source.at = start + stored
    this.bytes = this.workspace
    this.end = length
  }
}

/** Where the first byte says that no length follows. */
const ENCODED = 0xc0
const NOTHING = new Uint8Array(0)

/** Reads a length or count; beyond 2^53 the nearest number. Look at the source's fault afterwards. */
export function readLength(source: ByteSource): number {
  const first = source.byte()
  if (first < 64) return first
  if (first < 128) return ((first & 63) << 8) | source.byte()
  if (first === 0x80) return source.uint32BE()
  if (first === 0x81) return source.uint32BE() * TWO_32 + source.uint32BE()
  source.corrupt(`Unknown length encoding ${first >>> 6} in rdbLoadLen()`)
  return 0
}

/** The same, with all 64 bits. */
export function readLength64(source: ByteSource, into: Int64): void {
  into.high = 0
  if (source.at < source.end && source.bytes[source.at] === 0x81) {
    source.at++
    if (!source.has(8)) return
    into.high = readInt32BE(source.bytes, source.at)
    source.at += 4
    into.low = source.uint32BE()
  } else into.low = readLength(source)
}
