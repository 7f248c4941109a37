/**
 * Where decoders get their bytes: a window over an input that may be larger than memory, or not all there yet.
 *
 * A decoder reads in units, each of which it can begin again: it sets a mark, reads, and looks at `fault` before it acts on what
 * it read. Reading past the window yields zeros and sets the fault `starved`; the decoder then rewinds to the mark, has
 * `refill` bring more, and reads the unit once more. So no reader throws, none waits, and nothing moves under a unit's hands.
 *
 * The input comes by `feed` (a socket) or by `pull` (a file). Its total is known or Infinity; what claims to be longer than what is
 * left is `truncated` at once, before any memory is taken for it.
 */

import { copy, readInt32LE, readUint32BE, readUint32LE } from '../base/bytes.js'
import { crc64 } from '../base/crc64.js'
import { Int64 } from '../base/int64.js'

export const Fault = {
  none: 0,
  /** The window ends too early; more may come. */
  starved: 1,
  /** The input ends too early. */
  truncated: 2,
  /** What was read makes no sense; `problem` says why. */
  corrupt: 3,
} as const
export type Fault = (typeof Fault)[keyof typeof Fault]

/** Reads into `into[start, end)` what comes next; returns how many bytes, 0 at the end. */
export type Pull = (into: Uint8Array, start: number, end: number) => number

const WINDOW_BYTES = 1 << 20
const TWO_32 = 0x100000000

export class ByteSource {
  /** The window: unread bytes are bytes[at, end). */
  bytes: Uint8Array
  at: number
  end: number
  fault: Fault
  /** Of a corrupt input: why, and where. */
  problem: string
  problemOffset: number
  /** Bytes of the whole input; Infinity when nobody knows. */
  totalBytes: number
  pull: Pull | undefined
  /** Of all bytes in front of the mark, once `sum` was called. */
  readonly checksum: Int64
  checksums: boolean
  private mark: number
  /** Offset in the input of bytes[0]. */
  private base: number
  /** Up to where in the window the checksum goes. */
  private summed: number
  private hasEnded: boolean
  /** Bytes behind the mark that the unit wants to see. */
  private wanted: number
  private readonly windowBytes: number

  constructor(windowBytes = WINDOW_BYTES) {
    this.bytes = NOTHING
    this.at = 0
    this.end = 0
    this.fault = Fault.none
    this.problem = ''
    this.problemOffset = 0
    this.totalBytes = Infinity
    this.pull = undefined
    this.checksum = new Int64()
    this.checksums = false
    this.mark = 0
    this.base = 0
    this.summed = 0
    this.hasEnded = false
    this.wanted = 0
    this.windowBytes = windowBytes
  }

  /** Reads from bytes that are all there, which the caller leaves alone meanwhile. */
  openBytes(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.mark = start
    this.summed = start
    this.base = -start
    this.fault = Fault.none
    this.problem = ''
    this.totalBytes = end - start
    this.hasEnded = true
    this.pull = undefined
  }

  /** Offset in the input of what is read next. */
  get offset(): number {
    return this.base + this.at
  }

  /** Bytes of the input that have not been read; Infinity when nobody knows. */
  get left(): number {
    return this.hasEnded ? this.end - this.at : this.totalBytes - this.base - this.at
  }

  /** A unit begins here. */
  setMark(): void {
    this.mark = this.at
  }

  /** Back to the beginning of the unit, without fault. */
  rewind(): void {
    this.at = this.mark
    this.fault = Fault.none
  }

  /** Adds more input behind what is there. */
  feed(bytes: Uint8Array, start: number, end: number): void {
    this.makeRoom(end - start)
    copy(bytes, start, end, this.bytes, this.end)
    this.end += end - start
  }

  /** No more will be fed. */
  close(): void {
    this.hasEnded = true
  }

  /**
   * After `starved`, which is undone: pulls more.
   *
   * @returns false when nothing came: the caller waits for `feed`, or `fault` is `truncated`, since the input is over
   */
  refill(): boolean {
    this.rewind()
    const { pull } = this
    while (pull !== undefined && !this.hasEnded && this.end - this.at < this.wanted) this.pullMore(pull)
    if (this.end - this.at >= this.wanted) return true
    if (this.hasEnded) this.fail(Fault.truncated, 'the input ends here', this.base + this.end)
    return false
  }

  /** Brings the checksum up to what has been read. */
  sum(): void {
    if (this.checksums) crc64(this.checksum, this.bytes, this.summed, this.at)
    this.summed = this.at
  }

  /** Whether so many bytes can be read; otherwise the fault is set. */
  has(bytes: number): boolean {
    if (this.end - this.at >= bytes) return true
    if (this.fault !== Fault.none) return false
    if (this.left < bytes) this.fail(Fault.truncated, 'the input ends here', this.offset)
    else {
      this.fault = Fault.starved
      this.wanted = this.at - this.mark + bytes
    }
    return false
  }

  /** The input is no good. The first reason stays. */
  corrupt(problem: string): void {
    if (this.fault === Fault.none) this.fail(Fault.corrupt, problem, this.offset)
  }

  byte(): number {
    if (this.at < this.end) return this.bytes[this.at++]!
    this.has(1)
    return 0
  }

  uint32LE(): number {
    if (!this.has(4)) return 0
    const value = readUint32LE(this.bytes, this.at)
    this.at += 4
    return value
  }

  int32LE(): number {
    return this.uint32LE() | 0
  }

  uint32BE(): number {
    if (!this.has(4)) return 0
    const value = readUint32BE(this.bytes, this.at)
    this.at += 4
    return value
  }

  /** Signed; exact when safe. */
  integer64LE(): number {
    if (!this.has(8)) return 0
    const value = readInt32LE(this.bytes, this.at + 4) * TWO_32 + readUint32LE(this.bytes, this.at)
    this.at += 8
    return value
  }

  double(): number {
    if (!this.has(8)) return 0
    for (let i = 0; i < 8; i++) doubleBytes[i] = this.bytes[this.at++]!
    return doubles[0]!
  }

  skip(bytes: number): void {
    if (this.has(bytes)) this.at += bytes
  }

  private fail(fault: Fault, problem: string, offset: number): void {
    this.fault = fault
    this.problem = problem
    this.problemOffset = offset
  }

  /** Fills the window once, which is made larger where the unit wants it. */
  private pullMore(pull: Pull): void {
    this.makeRoom(
      Math.max(0, Math.min(this.wanted - (this.end - this.at), this.totalBytes - this.base - this.end)) || 1,
    )
    const length = pull(this.bytes, this.end, this.bytes.length)
    if (length === 0) this.hasEnded = true
    this.end += length
  }

  /** Moves what is unread to the front of a window in which more has room; of what is behind, the checksum is taken first. */
  private makeRoom(more: number): void {
    if (this.bytes.length - this.end >= more) return
    const unread = this.end - this.mark
    this.sumTo(this.mark)
    const isCramped = unread + more > this.bytes.length
    // Of an input of unknown length no more is believed than twice what has come.
    const grown = this.totalBytes === Infinity ? Math.min(unread + more, unread * 2) : unread + more
    const length = Math.max(this.windowBytes, grown)
    const target = isCramped || this.bytes.length > length * 2 ? new Uint8Array(length) : this.bytes
    target.set(this.bytes.subarray(this.mark, this.end))
    this.base += this.mark
    this.at -= this.mark
    this.end = unread
    this.summed = 0
    this.mark = 0
    this.bytes = target
    if (target.length - unread < more && this.pull === undefined) this.grow(more)
  }

  /** What was fed is there already, so that it can be believed. */
  private grow(more: number): void {
    const larger = new Uint8Array(Math.max(this.end + more, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.end))
    this.bytes = larger
  }

  private sumTo(at: number): void {
    if (this.checksums && at > this.summed) crc64(this.checksum, this.bytes, this.summed, at)
    if (at > this.summed) this.summed = at
  }
}

const NOTHING = new Uint8Array(0)
const doubles = new Float64Array(1)
const doubleBytes = new Uint8Array(doubles.buffer)
