/**
 * What is to be sent to a client: a run of segments, each a range of a chunk.
 *
 * In the usual case there is one segment, the current one, and its chunk is `bytes`; bytes are written at `position`. A full
 * chunk closes its segment and opens another. So does a gap, which is room for something that is known only later, such as
 * the header of an array whose elements follow:
 *
 *     chunk   | segment 3 ...... |        gap        | segment 4 ......        |
 *                                           *123\r\n   element element         <- fillGap(): the header goes right here
 *
 * Content never moves for its header's sake, except that a short segment in the chunk of the one before it is moved left
 * over the rest of the gap: one write to the socket instead of two.
 *
 * The transport reads `segmentCount`, `segmentBytes(i)`, `segmentStart(i)`, `segmentEnd(i)` and calls `consume(n)` when n
 * bytes are out. Bytes that are being sent do not change meanwhile, so it need not copy them.
 */

import { assert } from '../base/assert.js'
import { CHUNK_BYTES, type ChunkPool } from './chunk-pool.js'

/** Up to here a loop beats set(subarray), which allocates a view (bench/protocol/reply.bench.ts). */
export const LOOP_BYTES_MAX = 48

/** Items up to this size go to a new chunk whole when the current one is full; longer ones are split over both. */
export const SPLIT_BYTES_MIN = 1024

/** The lists of segments are closed up when more than this many, and most of them, are gone. */
const GONE_SEGMENTS_MAX = 64

/** A mark holds the number of a segment above this many units of position. */
const MARK_UNIT = 2 ** 31

const NO_BYTES = new Uint8Array(0)

export class OutputBuffer {
  /** The current chunk, and where the next byte goes. */
  bytes: Uint8Array
  position: number
  /** When `listBytes` would reach this, output is dropped from then on and `isOverLimit` set: the client is to be closed. */
  bytesMax: number
  isOverLimit: boolean

  protected capacity: number // bytes.length, at hand
  private start: number // of the current segment
  private closedBytes: number // in closed segments and not yet sent
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
    this.bytesMax = Infinity
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

  // ---- Writing ----

  /**
   * Makes room for `length` bytes in one piece, CHUNK_BYTES at most.
   *
   * @returns where they go: `position`, in `bytes`; the caller moves it on
   */
  reserve(length: number): number {
    if (this.position + length > this.capacity) this.nextChunk(length)
    return this.position
  }

  /** Appends bytes as they are. */
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

  /** Drops all output and keeps a chunk at hand: for one who reads each reply at once and then needs it no more. */
  rewind(): void {
    if (this.chunks.length !== 0 || this.capacity !== CHUNK_BYTES) this.reset()
    else this.position = this.start
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

  // ---- Gaps ----

  /** Leaves `length` bytes free. @returns the gap, for the methods below; -1 when output is being dropped */
  protected openGap(length: number): number {
    const at = this.reserve(length)
    if (this.isOverLimit) return -1
    this.closeSegment()
    this.position = at + length
    this.start = this.position
    return this.chunks.length
  }

  protected gapChunk(gap: number): Uint8Array {
    return gap === this.chunks.length ? this.bytes : this.chunks[gap]
  }

  /** Where the gap ends, in its chunk. */
  protected gapEnd(gap: number): number {
    return gap === this.chunks.length ? this.start : this.starts[gap]
  }

  /** Makes the gap's bytes from `start` on part of the output, and drops those before. Inner gaps are filled first. */
  protected fillGap(gap: number, start: number): void {
    assert(gap > this.head)
    assert(gap <= this.chunks.length)
    if (gap < this.chunks.length) {
      this.closedBytes += this.starts[gap] - start
      this.starts[gap] = start
      return
    }
    this.start = start
    if (this.position - start <= CHUNK_BYTES) this.joinSegments()
  }

  // ---- Chunks and segments ----

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
    const chunk = this.takeChunk(length)
    this.bytes = chunk
    this.capacity = chunk.length
    this.position = 0
    this.start = 0
    this.heldBytes += chunk.length
    this.chunkCount++
  }

  private takeChunk(length: number): Uint8Array {
    const chunk = this.pool.take(length)
    if (chunk !== undefined) return chunk
    this.isOverLimit = true
    return this.pool.takeStandard()
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
    if (this.head > GONE_SEGMENTS_MAX && this.head * 2 > this.chunks.length) this.compact()
  }

  /** Closes up the lists of segments, so that output which is never quite sent does not grow them. */
  private compact(): void {
    this.chunks.splice(0, this.head)
    this.starts.splice(0, this.head)
    this.ends.splice(0, this.head)
    this.head = 0
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

  private release(chunk: Uint8Array): void {
    this.pool.give(chunk)
    this.heldBytes -= chunk.length
    this.chunkCount--
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
export function copyShort(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
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
