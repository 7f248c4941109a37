/**
 * Effects: what the append-only file and replicas are told of a write.
 *
 * Effects are encoded as RESP requests as they arise and handed over when the outermost command (a transaction, a script)
 * ends, as one unit. Keys that a command found past their time are deleted in its unit, before its own effect; those that
 * background work found, or a command that comes across keys at random, are units of their own.
 */

import { Int64, writeInt64 } from '../base/int64.js'
import { integerLength, writeInteger } from '../base/integer.js'
import { copy, latin1Bytes } from '../base/bytes.js'

/** Receives units of effects, e.g. to append them to a file or a backlog. */
export interface ChangeFeed {
  /**
   * One unit: all of it takes effect or nothing.
   *
   * @param bytes  encoded requests; the i-th is bytes[starts[i], ends[i]) and belongs to database databases[i]
   * @param count  requests in the unit; with more than one the feed wraps them in MULTI and EXEC
   */
  append(bytes: Uint8Array, databases: Int32Array, starts: Int32Array, ends: Int32Array, count: number): void
  /** The bytes of `Effects.lent` are about to be overwritten: what has not been copied of them must be now. */
  settle(): void
}

/** A word of an effect that differs from what the client sent. Numbers are safe integers. */
export type EffectPart = Uint8Array | string | number | Int64

const INITIAL_BYTES = 1024
const INITIAL_ITEMS = 16
/** A buffer grown beyond this is let go after the unit. */
const KEPT_BYTES_MAX = 1 << 20
const HEADER_BYTES_MAX = 24

/** What had been added when the commands that do so were put aside. */
export interface UnitInProgress {
  readonly bytes: Uint8Array
  readonly position: number
  readonly databases: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly count: number
}

export class Effects {
  /** What is added goes nowhere: a script wants it so. */
  isMuted: boolean
  /**
   * Input that stays as it is until `endLoan`. Feeds may put off copying units that lie in it: the requests of a pipeline lie one
   * behind the other, and one copy does for all of them.
   */
  lent: Uint8Array | undefined
  private readonly feeds: ChangeFeed[]
  private bytes: Uint8Array
  private position: number
  private databases: Int32Array
  private starts: Int32Array
  private ends: Int32Array
  private count: number

  constructor() {
    this.isMuted = false
    this.lent = undefined
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
    return this.feeds.length !== 0 && !this.isMuted
  }

  lend(bytes: Uint8Array): void {
    this.lent = bytes
  }

  endLoan(): void {
    this.lent = undefined
    for (let i = 0; i < this.feeds.length; i++) this.feeds[i]!.settle()
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
    const requestStart = encodedStart(source, starts, ends, argc)
    if (requestStart >= 0) return this.addEncoded(database, source, requestStart, ends[argc - 1]! + LINE_END_BYTES)
    let needed = HEADER_BYTES_MAX * (argc + 1)
    for (let i = 0; i < argc; i++) needed += ends[i]! - starts[i]!
    this.open(database, needed)
    this.header(0x2a, argc)
    for (let i = 0; i < argc; i++) this.word(source, starts[i]!, ends[i]!)
    this.close()
  }

  /** Adds a request as a client sent it and hands over what has been added as one unit: alone, most often, and then without a copy. */
  commitRequest(database: number, source: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    const requestStart = this.count === 0 ? encodedStart(source, starts, ends, argc) : -1
    if (requestStart < 0) {
      this.addRequest(database, source, starts, ends, argc)
      return this.commit()
    }
    this.databases[0] = database
    this.starts[0] = requestStart
    this.ends[0] = ends[argc - 1]! + LINE_END_BYTES
    for (let i = 0; i < this.feeds.length; i++) this.feeds[i]!.append(source, this.databases, this.starts, this.ends, 1)
  }

  /** Adds a request as a client sent it, but for one word. */
  addRequestReplacing(
    database: number, source: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
    index: number, word: Uint8Array, wordEnd: number,
  ): void {
    let needed = HEADER_BYTES_MAX * (argc + 1) + wordEnd
    for (let i = 0; i < argc; i++) needed += ends[i]! - starts[i]!
    this.open(database, needed)
    this.header(STAR, argc)
    for (let i = 0; i < argc; i++) {
      if (i === index) this.word(word, 0, wordEnd)
      else this.word(source, starts[i]!, ends[i]!)
    }
    this.close()
  } // prettier-ignore

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

  /** Takes what has been added out, for `takeUp`: commands run in between that are no part of the unit. */
  putAside(): UnitInProgress | undefined {
    if (this.count === 0) return undefined
    const { bytes, position, databases, starts, ends, count } = this
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.databases = new Int32Array(INITIAL_ITEMS)
    this.starts = new Int32Array(INITIAL_ITEMS)
    this.ends = new Int32Array(INITIAL_ITEMS)
    this.position = 0
    this.count = 0
    return { bytes, position, databases, starts, ends, count }
  }

  takeUp(unit: UnitInProgress | undefined): void {
    if (unit === undefined) return
    this.bytes = unit.bytes
    this.position = unit.position
    this.databases = unit.databases as Int32Array<ArrayBuffer>
    this.starts = unit.starts as Int32Array<ArrayBuffer>
    this.ends = unit.ends as Int32Array<ArrayBuffer>
    this.count = unit.count
  }

  /** Adds a request that stands in the source as it is to be handed over. */
  private addEncoded(database: number, source: Uint8Array, start: number, end: number): void {
    this.open(database, end - start)
    copy(source, start, end, this.bytes, this.position)
    this.position += end - start
    this.close()
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
    copy(source, start, end, this.bytes, this.position)
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

/**
 * Where a request begins whose words lie among their headers, just as they would be encoded: what a client sent is, nearly always,
 * and then one copy does. -1 when they do not.
 */
function encodedStart(source: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): number {
  if (argc > ENCODED_WORDS_MAX || !endsLine(source, ends[argc - 1]!)) return -1
  let at = 0
  for (let i = argc - 1; i >= 0; i--) {
    at = headerStart(source, DOLLAR, ends[i]! - starts[i]!, starts[i]!)
    if (at < 0 || (i > 0 && (at !== ends[i - 1]! + LINE_END_BYTES || !endsLine(source, ends[i - 1]!)))) return -1
  }
  return headerStart(source, STAR, argc, at)
}

/** Where the line of a sign and a number begins that ends at `end`; -1 when no such line does. */
function headerStart(source: Uint8Array, sign: number, value: number, end: number): number {
  let at = end - LINE_END_BYTES
  if (at < 2 || !endsLine(source, at)) return -1
  // Nearly all are below ten: no division then.
  while (value > 9) {
    const rest = Math.floor(value / 10)
    if (source[--at] !== 48 + value - rest * 10) return -1
    value = rest
  }
  if (source[--at] !== 48 + value) return -1
  return source[--at] === sign ? at : -1
}

function endsLine(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 13 && bytes[at + 1] === 10
}

const LINE_END_BYTES = 2
const STAR = 0x2a
const DOLLAR = 0x24
/** Of longer requests the words make up for the headers. */
const ENCODED_WORDS_MAX = 64

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
