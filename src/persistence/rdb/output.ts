/**
 * The elements of the RDB format over a byte sink: lengths, and strings in the shortest of their forms.
 *
 *     00LLLLLL                       6 bits of length
 *     01LLLLLL LLLLLLLL              14 bits
 *     10000000 4 bytes               32 bits, most significant byte first
 *     10000001 8 bytes               64 bits
 *     110000EE …                     no length but an encoded string: an integer of 8, 16 or 32 bits, or compressed bytes
 */

import { latin1Bytes } from '../../base/bytes.js'
import { type Int64, isSafeUnsigned, toNumberUnsigned } from '../../base/int64.js'
import { parseInteger, writeInteger } from '../../base/integer.js'
import { lzfCompress } from '../../base/lzf.js'
import type { ByteSink } from '../byte-sink.js'
import { COMPRESSED_FROM_BYTES, INTEGER_TEXT_MAX, Length, StringEncoding } from './format.js'

/** Compressed strings are shorter by so many bytes at least. */
const SAVED_BYTES_MIN = 4
/** A workspace grown beyond this is let go. */
const WORKSPACE_KEPT_BYTES = 1 << 20
const WORKSPACE_BYTES = 16384

const TWO_32 = 0x100000000

export class RdbOutput {
  sink: ByteSink
  readonly compresses: boolean
  private workspace: Uint8Array
  private readonly digits: Uint8Array

  constructor(sink: ByteSink, compresses: boolean) {
    this.sink = sink
    this.compresses = compresses
    this.workspace = new Uint8Array(WORKSPACE_BYTES)
    this.digits = new Uint8Array(24)
  }

  /** A length, count or other number that is not negative and safe. */
  length(value: number): void {
    const { sink } = this
    if (value < 64) sink.byte(value)
    else if (value < 16384) {
      sink.byte(Length.bits14 | (value >>> 8))
      sink.byte(value & 255)
    } else if (value < TWO_32) {
      sink.byte(Length.bits32)
      sink.uint32BE(value)
    } else {
      sink.byte(Length.bits64)
      sink.uint32BE(Math.floor(value / TWO_32))
      sink.uint32BE(value >>> 0)
    }
  }

  /** A number of 64 bits, unsigned. */
  length64(value: Int64): void {
    if (isSafeUnsigned(value)) return this.length(toNumberUnsigned(value))
    this.sink.byte(Length.bits64)
    this.sink.uint32BE(value.high)
    this.sink.uint32BE(value.low)
  }

  string(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length <= INTEGER_TEXT_MAX && length > 0 && this.integerText(bytes, start, end)) return
    if (this.compresses && length >= COMPRESSED_FROM_BYTES && this.compressed(bytes, start, end)) return
    this.length(length)
    this.sink.bytes(bytes, start, end)
  }

  text(text: string): void {
    const bytes = latin1Bytes(text)
    this.string(bytes, 0, bytes.length)
  }

  /** The string of a safe integer's digits. */
  integer(value: number): void {
    if (this.shortInteger(value)) return
    this.string(this.digits, 0, writeInteger(value, this.digits, 0))
  }

  /** Bytes that are compressed already, with the length they expand to. */
  compressedBytes(bytes: Uint8Array, start: number, end: number, expandedLength: number): void {
    this.sink.byte(Length.encoded | StringEncoding.lzf)
    this.length(end - start)
    this.length(expandedLength)
    this.sink.bytes(bytes, start, end)
  }

  private integerText(bytes: Uint8Array, start: number, end: number): boolean {
    const value = parseInteger(bytes, start, end)
    return value - value === 0 && this.shortInteger(value)
  }

  /** Writes an integer of up to 32 bits; false, and nothing, for another. */
  private shortInteger(value: number): boolean {
    if (value < -0x80000000 || value > 0x7fffffff) return false
    const { sink } = this
    if (value >= -0x80 && value <= 0x7f) {
      sink.byte(Length.encoded | StringEncoding.int8)
      sink.byte(value & 255)
    } else if (value >= -0x8000 && value <= 0x7fff) {
      sink.byte(Length.encoded | StringEncoding.int16)
      sink.byte(value & 255)
      sink.byte((value >> 8) & 255)
    } else {
      sink.byte(Length.encoded | StringEncoding.int32)
      sink.uint32LE(value)
    }
    return true
  }

  private compressed(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    const limit = length - SAVED_BYTES_MIN
    if (this.workspace.length < limit) this.workspace = new Uint8Array(Math.max(limit, this.workspace.length * 2))
    const stored = lzfCompress(bytes, start, end, this.workspace, 0, limit)
    if (stored !== 0) this.compressedBytes(this.workspace, 0, stored, length)
    if (this.workspace.length > WORKSPACE_KEPT_BYTES) this.workspace = new Uint8Array(WORKSPACE_BYTES)
    return stored !== 0
  }
}
