/**
 * Libraries as FUNCTION DUMP gives them and FUNCTION RESTORE takes them: each behind the byte that marks one in RDB files, as a
 * string of that format, then the version of the format and a checksum.
 *
 *     ( 0xf5 | length or encoding | code )* | u16 version | u64 CRC-64 of all in front of it
 */

import { crc64 } from '../base/crc64.js'
import { Int64 } from '../base/int64.js'
import { lzfCompress, lzfDecompress } from '../base/lzf.js'
import { ScriptError } from './script-engine.js'

const LIBRARY = 0xf5
const LIBRARY_OLD = 0xf6
const VERSION = 11
const VERSION_READ_MAX = 12
const FOOTER_BYTES = 10
const COMPRESSED = 0xc3
/** Shorter strings are not worth compressing. */
const COMPRESSED_MIN = 21

export function writeLibraries(codes: Iterable<Uint8Array>, compresses: boolean): Uint8Array {
  const chunks: Uint8Array[] = []
  for (const code of codes) chunks.push(Uint8Array.of(LIBRARY), ...encodeString(code, compresses))
  chunks.push(Uint8Array.of(VERSION, 0))
  const length = chunks.reduce((total, chunk) => total + chunk.length, 0)
  const payload = new Uint8Array(length + 8)
  let at = 0
  for (const chunk of chunks) {
    payload.set(chunk, at)
    at += chunk.length
  }
  const sum = checksumOf(payload, at)
  const view = new DataView(payload.buffer)
  view.setUint32(at, sum.low, true)
  view.setInt32(at + 4, sum.high, true)
  return payload
}

/** False when the version or the checksum is wrong. */
export function isPayload(bytes: Uint8Array): boolean {
  const end = bytes.length - FOOTER_BYTES
  if (end < 0) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint16(end, true) > VERSION_READ_MAX) return false
  const sum = checksumOf(bytes, end + 2)
  return view.getUint32(end + 2, true) === sum.low && view.getInt32(end + 6, true) === sum.high
}

/** The codes in a payload whose checksum is right. @throws ScriptError */
export function readLibraries(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes, bytes.length - FOOTER_BYTES)
  const codes: Uint8Array[] = []
  while (reader.hasMore) {
    const type = reader.byte()
    if (type === LIBRARY_OLD) throw new ScriptError('Pre-GA function format not supported')
    if (type !== LIBRARY) throw new ScriptError('given type is not a function')
    codes.push(reader.string())
  }
  return codes
}

class Reader {
  private readonly bytes: Uint8Array
  private readonly end: number
  private at: number

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes
    this.end = end
    this.at = 0
  }

  get hasMore(): boolean {
    return this.at < this.end
  }

  byte(): number {
    return this.bytes[this.need(1)]!
  }

  string(): Uint8Array {
    const first = this.byte()
    if (first === COMPRESSED) return this.compressed()
    if (first >= 0xc0 && first !== COMPRESSED) return this.integer(first)
    const length = this.length(first)
    const at = this.need(length)
    return this.bytes.slice(at, at + length)
  }

  private compressed(): Uint8Array {
    const from = this.length(this.byte())
    const length = this.length(this.byte())
    const at = this.need(from)
    if (length > from * 300) fail()
    const code = new Uint8Array(length)
    if (lzfDecompress(this.bytes, at, at + from, code, 0, length) !== length) fail()
    return code
  }

  /** A string of digits, kept as an integer of 1, 2 or 4 bytes. */
  private integer(first: number): Uint8Array {
    const size = 1 << (first & 3)
    const at = this.need(size)
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + at, size)
    const value = size === 1 ? view.getInt8(0) : size === 2 ? view.getInt16(0, true) : view.getInt32(0, true)
    return Uint8Array.from(String(value), (digit) => digit.charCodeAt(0))
  }

  private length(first: number): number {
    if (first < 0x40) return first
    if (first < 0x80) return ((first & 0x3f) << 8) | this.byte()
    if (first !== 0x80 && first !== 0x81) return fail()
    let length = 0
    for (let i = first === 0x80 ? 4 : 8; i > 0; i--) length = length * 256 + this.byte()
    return length
  }

  private need(count: number): number {
    const at = this.at
    if (this.end - at < count) return fail()
    this.at += count
    return at
  }
}

function fail(): never {
  throw new ScriptError('failed loading the given functions payload')
}

function encodeString(code: Uint8Array, compresses: boolean): Uint8Array[] {
  if (compresses && code.length >= COMPRESSED_MIN) {
    const packed = new Uint8Array(code.length)
    const end = lzfCompress(code, 0, code.length, packed, 0, code.length - 4)
    if (end > 0) {
      return [Uint8Array.of(COMPRESSED), encodeLength(end), encodeLength(code.length), packed.subarray(0, end)]
    }
  }
  return [encodeLength(code.length), code]
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x40) return Uint8Array.of(length)
  if (length < 0x4000) return Uint8Array.of(0x40 | (length >> 8), length & 0xff)
  return Uint8Array.of(0x80, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff)
}

function checksumOf(bytes: Uint8Array, end: number): Int64 {
  const sum = new Int64()
  crc64(sum, bytes, 0, end)
  return sum
}
