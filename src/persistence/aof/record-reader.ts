/**
 * Reads the commands of an append-only file, one after the other, in a window over the file.
 *
 *     *3\r\n $3\r\nSET\r\n $1\r\nk\r\n $1\r\nv\r\n      a command: parsed where it lies, its words as ranges of `bytes`
 *     #TS:1700000000\r\n                                an annotation
 *
 * A file may end in the middle of a record: what was written last when the machine stopped. That is told apart from bytes that
 * make no sense, wherever they stand.
 */

import type { OpenFile } from '../../base/environment.js'

export const RecordStatus = {
  command: 0,
  annotation: 1,
  /** The file ends here, between two records. */
  end: 2,
  /** The file ends within a record. */
  truncated: 3,
  malformed: 4,
} as const
export type RecordStatus = (typeof RecordStatus)[keyof typeof RecordStatus]

const WINDOW_BYTES = 1 << 20
const LINE_BYTES_MAX = 1024
/** Words whose places are kept without growing. */
const WORDS_KEPT = 64
/** A longer count or length would not fit a file. */
const DIGITS_MAX = 15
const STAR = 0x2a
const DOLLAR = 0x24
const HASH = 0x23

/** Results of reading a line's number besides the number. */
const INCOMPLETE = -1
const MALFORMED = -2

export class RecordReader {
  /** The words of the last command: bytes[starts[i], ends[i]). Of an annotation: its line without `#`, as the only word. */
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  argc: number
  private readonly file: OpenFile
  private readonly fileBytes: number
  /** Offset in the file of the window's first byte. */
  private base: number
  private at: number
  private filled: number
  private next: number
  /** Bytes from `at` on that the record takes at least. */
  private wanted: number

  /** @param offset  where in the file the records begin */
  constructor(file: OpenFile, offset: number) {
    this.file = file
    this.fileBytes = file.size()
    this.bytes = new Uint8Array(Math.min(WINDOW_BYTES, Math.max(1, this.fileBytes - offset)))
    this.starts = new Int32Array(WORDS_KEPT)
    this.ends = new Int32Array(WORDS_KEPT)
    this.argc = 0
    this.base = offset
    this.at = 0
    this.filled = 0
    this.next = 0
    this.wanted = 0
  }

  /** Offset in the file of the record that is read next. */
  get offset(): number {
    return this.base + this.at
  }

  /** Where the last trouble was found. */
  get troubleOffset(): number {
    return this.base + this.next
  }

  /** @throws OperationalError when the file cannot be read */
  read(): RecordStatus {
    for (;;) {
      this.wanted = 1
      this.next = this.at
      const status = this.parse()
      if (status === RecordStatus.command || status === RecordStatus.annotation) this.at = this.next
      if (status !== RecordStatus.truncated) return status
      if (!this.fill()) return this.at === this.filled ? RecordStatus.end : RecordStatus.truncated
    }
  }

  /** Parses one record; `truncated` when the window ends too early. */
  private parse(): RecordStatus {
    if (this.at === this.filled) return RecordStatus.truncated
    const sign = this.bytes[this.at]!
    if (sign === HASH) return this.annotation()
    if (sign !== STAR) return RecordStatus.malformed
    const argc = this.number()
    if (argc === INCOMPLETE) return RecordStatus.truncated
    if (argc < 1) return RecordStatus.malformed
    return this.words(argc)
  }

  private words(argc: number): RecordStatus {
    this.argc = argc
    for (let i = 0; i < argc; i++) {
      if (this.next < this.filled && this.bytes[this.next] !== DOLLAR) return RecordStatus.malformed
      const length = this.number()
      if (length === INCOMPLETE) return RecordStatus.truncated
      if (length < 0) return RecordStatus.malformed
      const end = this.next + length
      if (end + 2 > this.filled) {
        this.wanted = end + 2 - this.at
        return RecordStatus.truncated
      }
      if (this.bytes[end] !== 13 || this.bytes[end + 1] !== 10) {
        this.next = end
        return RecordStatus.malformed
      }
      if (i === this.starts.length) this.growWords()
      this.starts[i] = this.next
      this.ends[i] = end
      this.next = end + 2
    }
    return RecordStatus.command
  }

  private annotation(): RecordStatus {
    const newline = this.bytes.subarray(this.at, Math.min(this.filled, this.at + LINE_BYTES_MAX)).indexOf(10)
    if (newline < 0) return this.filled - this.at < LINE_BYTES_MAX ? RecordStatus.truncated : RecordStatus.malformed
    this.next = this.at + newline + 1
    this.starts[0] = this.at + 1
    this.ends[0] = this.at + newline
    this.argc = 1
    return RecordStatus.annotation
  }

  /** The number behind the sign at `next`, and on behind its line; INCOMPLETE or MALFORMED when there is none. */
  private number(): number {
    const { bytes, filled } = this
    let at = this.next + 1
    let value = 0
    const digits = at
    for (; at < filled; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at - digits > DIGITS_MAX) return MALFORMED
    if (at + 1 >= filled) return at < filled && bytes[at] !== 13 ? MALFORMED : INCOMPLETE
    if (at === digits || bytes[at] !== 13 || bytes[at + 1] !== 10) return MALFORMED
    this.next = at + 2
    return value
  }

  /** Brings more of the file into the window; false when there is no more, or less than the record takes. */
  private fill(): boolean {
    const end = this.base + this.filled
    if (end >= this.fileBytes || this.base + this.at + this.wanted > this.fileBytes) return false
    this.makeRoom()
    const got = this.file.read(this.bytes, this.filled, this.bytes.length, end)
    this.filled += got
    return got > 0
  }

  private makeRoom(): void {
    const held = this.filled - this.at
    const { bytes } = this
    if (held === bytes.length || this.wanted > bytes.length) {
      this.bytes = new Uint8Array(Math.max(this.wanted, bytes.length * 2))
    }
    if (this.at !== 0 || this.bytes !== bytes) this.bytes.set(bytes.subarray(this.at, this.filled))
    this.base += this.at
    this.filled = held
    this.at = 0
  }

  private growWords(): void {
    const starts = new Int32Array(this.starts.length * 2)
    const ends = new Int32Array(this.ends.length * 2)
    starts.set(this.starts)
    ends.set(this.ends)
    this.starts = starts
    this.ends = ends
  }
}
