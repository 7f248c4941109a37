/**
 * A request as the executor takes it: the bytes of its words, one after the other, in a buffer that is used again.
 *
 * Text becomes UTF-8. Short ASCII text, which is nearly all there is in keys and command names, is written by a loop: up to
 * some dozens of characters that beats a call of TextEncoder (bench/embed/calls.bench.ts).
 */

import { copy } from '../base/bytes.js'
import { INTEGER_TEXT_BYTES_MAX, writeInteger } from '../base/integer.js'

/** What a request is made of. Text is sent as UTF-8, numbers as their decimal text. */
export type Word = string | number | bigint | Uint8Array

const INITIAL_BYTES = 4096
const INITIAL_WORDS = 16
/** A buffer grown beyond this is let go after the request. */
const KEPT_BYTES_MAX = 1 << 20
/** Positions are 32-bit integers to the engine. */
const BYTES_MAX = 0x7fffffff
/** Text up to this length is written by a loop. */
const LOOP_LENGTH_MAX = 48
/** UTF-8 takes this many bytes for a UTF-16 unit at most. */
const UTF8_BYTES_MAX = 3

const ENCODER = new TextEncoder()

export class RequestBuffer {
  /** The i-th word is bytes[starts[i], ends[i]). */
  bytes: Uint8Array
  starts: Int32Array
  ends: Int32Array
  count: number
  private position: number
  /** The first word of the last request, which still stands at the start of `bytes`; '' when it does not. */
  private name: string
  private nameEnd: number

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.starts = new Int32Array(INITIAL_WORDS)
    this.ends = new Int32Array(INITIAL_WORDS)
    this.count = 0
    this.position = 0
    this.name = ''
    this.nameEnd = 0
  }

  /** Starts a request; the name of a command is often that of the one before. */
  begin(name: string): void {
    this.count = 1
    if (name === this.name) {
      this.position = this.nameEnd
      return
    }
    this.count = 0
    this.position = 0
    this.name = ''
    this.add(name)
    this.name = name
    this.nameEnd = this.position
  }

  /** @throws TypeError when it is no word, RangeError when the request exceeds 2 GB */
  add(word: Word): void {
    if (typeof word === 'string') this.addText(word)
    else if (typeof word === 'number') this.addNumber(word)
    else if (word instanceof Uint8Array) this.addBytes(word)
    else if (typeof word === 'bigint') this.addText(String(word))
    else throw new TypeError(`A command takes strings, numbers, bigints and Uint8Arrays, not ${describe(word)}`)
  }

  addText(text: string): void {
    const length = text.length
    if (length > LOOP_LENGTH_MAX) return this.addEncoded(text)
    const start = this.position
    if (start + length > this.bytes.length) this.grow(length)
    const { bytes } = this
    let at = start
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return this.addEncoded(text) // `position` has not moved
      bytes[at++] = unit
    }
    this.close(start, at)
  }

  /** Drops an oversized buffer; call it when the request has been run. */
  trim(): void {
    if (this.bytes.length <= KEPT_BYTES_MAX) return
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.name = ''
  }

  /** A copy of the request as it stands, for one that has to be run again later. */
  copy(): RequestBuffer {
    const copy = new RequestBuffer()
    copy.bytes = this.bytes.slice(0, this.position)
    copy.starts = this.starts.slice()
    copy.ends = this.ends.slice()
    copy.count = this.count
    copy.position = this.position
    return copy
  }

  private addNumber(value: number): void {
    if (!Number.isSafeInteger(value)) return this.addText(String(value))
    const start = this.position
    if (start + INTEGER_TEXT_BYTES_MAX > this.bytes.length) this.grow(INTEGER_TEXT_BYTES_MAX)
    this.close(start, writeInteger(value, this.bytes, start))
  }

  private addBytes(word: Uint8Array): void {
    const start = this.position
    if (start + word.length > this.bytes.length) this.grow(word.length)
    copy(word, 0, word.length, this.bytes, start)
    this.close(start, start + word.length)
  }

  /** Most text is ASCII also when it is long: room for more is made only when it is needed. */
  private addEncoded(text: string): void {
    const start = this.position
    if (start + text.length > this.bytes.length) this.grow(text.length)
    const { read, written } = ENCODER.encodeInto(text, this.bytes.subarray(start))
    let end = start + written
    if (read < text.length) {
      this.position = end
      this.grow((text.length - read) * UTF8_BYTES_MAX)
      end += ENCODER.encodeInto(text.slice(read), this.bytes.subarray(end)).written
    }
    this.close(start, end)
  }

  private close(start: number, end: number): void {
    const index = this.count
    if (index === this.starts.length) this.growWords()
    this.starts[index] = start
    this.ends[index] = end
    this.count = index + 1
    this.position = end
  }

  /** Makes room for `more` bytes behind `position`. */
  private grow(more: number): void {
    const needed = this.position + more
    if (needed > BYTES_MAX) throw new RangeError('The arguments of a command exceed 2 GB')
    const larger = new Uint8Array(Math.min(BYTES_MAX, Math.max(needed, this.bytes.length * 2)))
    larger.set(this.bytes.subarray(0, this.position))
    this.bytes = larger
  }

  private growWords(): void {
    this.starts = doubled(this.starts)
    this.ends = doubled(this.ends)
  }
}

function doubled(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? `an object (${value.constructor?.name ?? 'without a class'})` : typeof value
}
