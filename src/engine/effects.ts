/**
 * Effects: what the append-only file and replicas are told of a write.
 *
 * Effects are encoded as RESP requests as they arise and handed over when the outermost command (a transaction, a script)
 * ends, as one unit. Keys that a command found past their time are deleted in its unit, before its own effect; those that
 * background work found, or a command that comes across keys at random, are units of their own.
 */

import { Int64, writeInt64 } from '../base/int64.js'
import { integerLength, writeInteger } from '../base/integer.js'
import { latin1Bytes } from '../base/bytes.js'

/** Receives units of effects, e.g. to append them to a file or a backlog. */
export interface ChangeFeed {
  /**
   * One unit: all of it takes effect or nothing.
   *
   * @param bytes  encoded requests; the i-th is bytes[starts[i], ends[i]) and belongs to database databases[i]
   * @param count  requests in the unit; with more than one the feed wraps them in MULTI and EXEC
   */
  append(bytes: Uint8Array, databases: Int32Array, starts: Int32Array, ends: Int32Array, count: number): void
}

/** A word of an effect that differs from what the client sent. Numbers are safe integers. */
export type EffectPart = Uint8Array | string | number | Int64

const INITIAL_BYTES = 1024
const INITIAL_ITEMS = 16
/** A buffer grown beyond this is let go after the unit. */
const KEPT_BYTES_MAX = 1 << 20
const HEADER_BYTES_MAX = 24

export class Effects {
  private readonly feeds: ChangeFeed[]
  private bytes: Uint8Array
  private position: number
  private databases: Int32Array
  private starts: Int32Array
  private ends: Int32Array
  private count: number

  constructor() {
    this.feeds = []
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.position = 0
    this.databases = new Int32Array(INITIAL_ITEMS)
    this.starts = new Int32Array(INITIAL_ITEMS)
    this.ends = new Int32Array(INITIAL_ITEMS)
    this.count = 0
  }

  /** False when nobody listens: then nothing needs to be added. */
  get isActive(): boolean {
    return this.feeds.length !== 0
  }

  attach(feed: ChangeFeed): void {
    this.feeds.push(feed)
  }

  detach(feed: ChangeFeed): void {
    const index = this.feeds.indexOf(feed)
    if (index >= 0) this.feeds.splice(index, 1)
  }

  /** Adds a request as a client sent it. */
  addRequest(database: number, source: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    let needed = HEADER_BYTES_MAX * (argc + 1)
    for (let i = 0; i < argc; i++) needed += ends[i]! - starts[i]!
    this.open(database, needed)
    this.header(0x2a, argc)
    for (let i = 0; i < argc; i++) this.word(source, starts[i]!, ends[i]!)
    this.close()
  }

  /** Adds a request of other words. */
  addParts(database: number, parts: readonly EffectPart[]): void {
    const words = parts.map(encodePart)
    let needed = HEADER_BYTES_MAX * (words.length + 1)
    for (const word of words) needed += word.length
    this.open(database, needed)
    this.header(0x2a, words.length)
    for (const word of words) this.word(word, 0, word.length)
    this.close()
  }

  /** Hands over what has been added as one unit, or each request as a unit of its own. */
  commit(isOneUnit = true): void {
    if (this.count === 0) return
    if (isOneUnit || this.count === 1) {
      for (const feed of this.feeds) feed.append(this.bytes, this.databases, this.starts, this.ends, this.count)
    } else for (let i = 0; i < this.count; i++) this.commitOne(i)
    this.count = 0
    this.position = 0
    if (this.bytes.length > KEPT_BYTES_MAX) this.bytes = new Uint8Array(INITIAL_BYTES)
  }

  private commitOne(index: number): void {
    const databases = this.databases.subarray(index, index + 1)
    const starts = this.starts.subarray(index, index + 1)
    const ends = this.ends.subarray(index, index + 1)
    for (const feed of this.feeds) feed.append(this.bytes, databases, starts, ends, 1)
  }

  private open(database: number, needed: number): void {
    if (this.position + needed > this.bytes.length) this.growBytes(this.position + needed)
    if (this.count === this.starts.length) this.growItems()
    this.databases[this.count] = database
    this.starts[this.count] = this.position
  }

  private close(): void {
    this.ends[this.count++] = this.position
  }

  private header(sign: number, value: number): void {
    this.bytes[this.position++] = sign
    this.position = writeInteger(value, this.bytes, this.position)
    this.lineEnd()
  }

  private word(source: Uint8Array, start: number, end: number): void {
    this.header(0x24, end - start)
    this.bytes.set(source.subarray(start, end), this.position)
    this.position += end - start
    this.lineEnd()
  }

  private lineEnd(): void {
    this.bytes[this.position++] = 13
    this.bytes[this.position++] = 10
  }

  private growBytes(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.position))
    this.bytes = larger
  }

  private growItems(): void {
    this.databases = doubled(this.databases)
    this.starts = doubled(this.starts)
    this.ends = doubled(this.ends)
  }
}

function encodePart(part: EffectPart): Uint8Array {
  if (typeof part === 'string') return latin1Bytes(part)
  if (typeof part === 'number') {
    const bytes = new Uint8Array(integerLength(part))
    writeInteger(part, bytes, 0)
    return bytes
  }
  if (part instanceof Int64) {
    const bytes = new Uint8Array(20)
    return bytes.slice(0, writeInt64(part, bytes, 0))
  }
  return part
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
