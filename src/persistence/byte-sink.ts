/**
 * Where encoders put their bytes: a chunk that is handed on whenever it is full, with a running CRC-64 over all of it.
 *
 * What happens to a full chunk is the taker's affair: it may write it at once and give the same buffer back, or keep it and
 * give another. Memory is therefore bounded by the chunk and by what the taker keeps.
 */

import { copy, writeUint32BE, writeUint32LE } from '../base/bytes.js'
import { crc64 } from '../base/crc64.js'
import { Int64 } from '../base/int64.js'

export interface ByteTaker {
  /**
   * Takes `bytes[0, end)`.
   *
   * @returns the buffer for the next chunk, of the same length or more: `bytes` itself when the taker is done with it
   */
  take(bytes: Uint8Array, end: number): Uint8Array
}

const CHUNK_BYTES = 65536

export class ByteSink {
  /** Of the bytes handed on so far; `flush` brings it up to date. */
  readonly checksum: Int64
  private readonly taker: ByteTaker
  private readonly checksums: boolean
  private chunk: Uint8Array
  private position: number
  private handedOn: number

  constructor(taker: ByteTaker, chunkBytes = CHUNK_BYTES, checksums = true) {
    this.checksum = new Int64()
    this.taker = taker
    this.checksums = checksums
    this.chunk = new Uint8Array(chunkBytes)
    this.position = 0
    this.handedOn = 0
  }

  /** Bytes written so far. */
  get total(): number {
    return this.handedOn + this.position
  }

  /** Hands on what there is. */
  flush(): void {
    if (this.position === 0) return
    const end = this.position
    if (this.checksums) crc64(this.checksum, this.chunk, 0, end)
    this.handedOn += end
    this.position = 0
    this.chunk = this.taker.take(this.chunk, end)
  }

  byte(value: number): void {
    if (this.position === this.chunk.length) this.flush()
    this.chunk[this.position++] = value
  }

  bytes(from: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length > this.chunk.length - this.position) return this.pieces(from, start, end)
    copy(from, start, end, this.chunk, this.position)
    this.position += length
  }

  uint32LE(value: number): void {
    this.room(4)
    writeUint32LE(value, this.chunk, this.position)
    this.position += 4
  }

  uint32BE(value: number): void {
    this.room(4)
    writeUint32BE(value, this.chunk, this.position)
    this.position += 4
  }

  /** The bytes of a double, least significant first. */
  double(value: number): void {
    doubles[0] = value
    this.bytes(doubleBytes, 0, 8)
  }

  /** A safe integer as 64 bits, two's complement, least significant first. */
  integer64LE(value: number): void {
    this.uint32LE(value >>> 0)
    this.uint32LE(Math.floor(value / TWO_32) | 0)
  }

  /** Sees to it that so many bytes, at most 16, can be written without a look at the end. */
  private room(bytes: number): void {
    if (this.chunk.length - this.position < bytes) this.flush()
  }

  private pieces(from: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end;) {
      if (this.position === this.chunk.length) this.flush()
      const length = Math.min(end - at, this.chunk.length - this.position)
      copy(from, at, at + length, this.chunk, this.position)
      this.position += length
      at += length
    }
  }
}

const TWO_32 = 0x100000000
const doubles = new Float64Array(1)
// Doubles lie in files as in memory: all machines that Node runs on are little-endian.
const doubleBytes = new Uint8Array(doubles.buffer)

/** Collects everything in one buffer that grows. */
export class MemoryTaker implements ByteTaker {
  bytes: Uint8Array
  length: number

  constructor(initialBytes = 1024) {
    this.bytes = new Uint8Array(initialBytes)
    this.length = 0
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    if (this.length + end > this.bytes.length) this.grow(this.length + end)
    copy(bytes, 0, end, this.bytes, this.length)
    this.length += end
    return bytes
  }

  clear(): void {
    this.length = 0
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}
