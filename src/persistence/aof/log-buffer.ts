/**
 * What is to be appended to the file: units of effects, each as a file wants them. SELECT where the database changes, MULTI and
 * EXEC around several commands, and the time if that is wanted.
 *
 *     #TS:1700000000\r\n        at most once a second
 *     *2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n
 *     *3\r\n$3\r\nSET\r\n…
 */

import { copy, latin1Bytes } from '../../base/bytes.js'
import { integerLength, writeInteger } from '../../base/integer.js'

const INITIAL_BYTES = 16 * 1024
/** A buffer grown beyond this is let go when it has been written. */
const KEPT_BYTES_MAX = 1 << 20
/** More than SELECT, MULTI, EXEC and a time take together. */
const EXTRA_BYTES_MAX = 128
const NO_BYTES = new Uint8Array(0)

const MULTI = latin1Bytes('*1\r\n$5\r\nMULTI\r\n')
const EXEC = latin1Bytes('*1\r\n$4\r\nEXEC\r\n')
const SELECT = latin1Bytes('*2\r\n$6\r\nSELECT\r\n$')
const TIME = latin1Bytes('#TS:')

export class LogBuffer {
  bytes: Uint8Array
  /** Whether the time is noted. */
  notesTime: boolean
  /** Bytes in use. */
  private used: number
  private selected: number
  private notedSeconds: number
  /** Requests that lie one behind the other in lent input, still to be copied. */
  private pending: Uint8Array
  private pendingStart: number
  private pendingEnd: number

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.notesTime = false
    this.used = 0
    this.selected = -1
    this.notedSeconds = 0
    this.pending = NO_BYTES
    this.pendingStart = 0
    this.pendingEnd = 0
  }

  /** Bytes that have been added and not been consumed; of them, `bytes` holds all once they are settled. */
  get length(): number {
    return this.used + this.pendingEnd - this.pendingStart
  }

  /** The next command is preceded by SELECT: another file begins. */
  forgetDatabase(): void {
    this.selected = -1
  }

  /**
   * Adds one request out of lent input; false when it has to be added as any other.
   *
   * @param source  stays as it is until `settle`
   */
  appendLent(source: Uint8Array, database: number, start: number, end: number): boolean {
    if (database !== this.selected || this.notesTime) return false
    if (start === this.pendingEnd && source === this.pending) {
      this.pendingEnd = end
      return true
    }
    this.settle()
    this.pending = source
    this.pendingStart = start
    this.pendingEnd = end
    return true
  }

  /** Copies what has been put off. */
  settle(): void {
    const { pending, pendingEnd, pendingStart } = this
    if (pendingEnd === pendingStart) return
    this.pending = NO_BYTES
    this.pendingStart = 0
    this.pendingEnd = 0
    this.reserve(pendingEnd - pendingStart)
    copy(pending, pendingStart, pendingEnd, this.bytes, this.used)
    this.used += pendingEnd - pendingStart
  }

  /** Adds one unit; see ChangeFeed. */
  append(
    source: Uint8Array, databases: Int32Array, starts: Int32Array, ends: Int32Array, count: number, nowMs: number,
  ): void {
    this.settle()
    this.reserve(ends[count - 1]! - starts[0]! + EXTRA_BYTES_MAX + count * EXTRA_BYTES_MAX)
    if (this.notesTime) this.noteTime(Math.floor(nowMs / 1000))
    if (count > 1) this.put(MULTI)
    for (let i = 0; i < count; i++) {
      if (databases[i] !== this.selected) this.select(databases[i]!)
      copy(source, starts[i]!, ends[i]!, this.bytes, this.used)
      this.used += ends[i]! - starts[i]!
    }
    if (count > 1) this.put(EXEC)
  } // prettier-ignore

  /** The first bytes have been written. */
  consume(count: number): void {
    this.settle()
    if (count < this.used) this.bytes.copyWithin(0, count, this.used)
    this.used -= count
    if (this.used === 0 && this.bytes.length > KEPT_BYTES_MAX) this.bytes = new Uint8Array(INITIAL_BYTES)
  }

  /** Notes the time even if it has been noted already: at the beginning of a file. */
  stamp(nowMs: number): void {
    this.settle()
    this.notedSeconds = 0
    this.reserve(EXTRA_BYTES_MAX)
    this.noteTime(Math.floor(nowMs / 1000))
  }

  private noteTime(seconds: number): void {
    if (seconds <= this.notedSeconds) return
    this.notedSeconds = seconds
    this.put(TIME)
    this.used = writeInteger(seconds, this.bytes, this.used)
    this.lineEnd()
  }

  private select(database: number): void {
    this.selected = database
    this.put(SELECT)
    this.used = writeInteger(integerLength(database), this.bytes, this.used)
    this.lineEnd()
    this.used = writeInteger(database, this.bytes, this.used)
    this.lineEnd()
  }

  private put(text: Uint8Array): void {
    copy(text, 0, text.length, this.bytes, this.used)
    this.used += text.length
  }

  private lineEnd(): void {
    this.bytes[this.used++] = 13
    this.bytes[this.used++] = 10
  }

  private reserve(needed: number): void {
    if (this.used + needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.used + needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.used))
    this.bytes = larger
  }
}
