/**
 * Decodes replies, RESP2 and RESP3, as they arrive.
 *
 * `ReplyDecoder` is fed bytes and gives one reply at a time, as values made by a `ReplyMapping`: `PLAIN` gives what a
 * JavaScript program wants (a map is a Map, an error a ReplyError), `TYPED` keeps the wire type of every node, for a shell
 * or a test. `ReplyBoundary` makes no values: it finds where a reply ends, to cut a stream.
 *
 * Both take any bytes without throwing: what is no reply makes them fail for good. Memory is bounded by the bytes fed,
 * never by a length that was only announced. Nested replies are kept on a stack of ours, `depthMax` deep.
 *
 * Source: the RESP2 and RESP3 specifications, without streamed strings and aggregates, which no Redis server sends.
 */

import { latin1, utf8 } from '../base/bytes.js'
import { parseDouble } from '../base/double.js'
import { parseInteger } from '../base/integer.js'

/** The first byte of a reply. */
export const ReplyType = {
  simple: 0x2b, // +
  error: 0x2d, // -
  integer: 0x3a, // :
  bulk: 0x24, // $
  array: 0x2a, // *
  nil: 0x5f, // _
  boolean: 0x23, // #
  double: 0x2c, // ,
  bigNumber: 0x28, // (
  bulkError: 0x21, // !
  verbatim: 0x3d, // =
  map: 0x25, // %
  set: 0x7e, // ~
  push: 0x3e, // >
  attribute: 0x7c, // |
} as const
export type ReplyType = (typeof ReplyType)[keyof typeof ReplyType]

export const DecodeStatus = {
  Incomplete: 0,
  /** A reply is in `value`. */
  Reply: 1,
  /** An out-of-band message is in `value`. */
  Push: 2,
  /** These bytes are no reply. */
  Malformed: 3,
} as const
export type DecodeStatus = (typeof DecodeStatus)[keyof typeof DecodeStatus]

/** An error as a value: decoding one is not exceptional, throwing it is up to the caller. */
export class ReplyError extends Error {
  override readonly name: string = 'ReplyError'
  /** The first word: `ERR`, `WRONGTYPE`, ... */
  readonly code: string

  constructor(line: string) {
    super(line)
    const space = line.indexOf(' ')
    this.code = space < 0 ? line : line.slice(0, space)
  }
}

/** A reply together with the attributes sent before it. */
export class AttributedReply {
  readonly value: unknown
  /** Keys and values in turn. */
  readonly attributes: readonly unknown[]

  constructor(value: unknown, attributes: readonly unknown[]) {
    this.value = value
    this.attributes = attributes
  }
}

/** A reply with its wire type, as `TYPED` gives it; the items of a map or an attribute are keys and values in turn. */
export class ReplyNode {
  readonly type: ReplyType
  /** Bytes of strings, numbers and errors as they were sent; null for nil; for aggregates see `items`. */
  readonly content: Uint8Array | null
  readonly items: readonly ReplyNode[] | undefined
  readonly attributes: readonly ReplyNode[] | undefined

  constructor(
    type: ReplyType,
    content: Uint8Array | null,
    items?: readonly ReplyNode[],
    attributes?: readonly ReplyNode[],
  ) {
    this.type = type
    this.content = content
    this.items = items
    this.attributes = attributes
  }
}

/** Makes values of what was decoded. Ranges are views for the length of the call; content keeps no CR LF. */
export type ReplyMapping = {
  /** All but nil and the aggregates; the content has been found well-formed for its type. */
  scalar(type: ReplyType, bytes: Uint8Array, start: number, end: number): unknown
  /** `_`, or the `$-1` and `*-1` of RESP2, which come as `bulk` and `array`. */
  nil(type: ReplyType): unknown
  /** Arrays, sets, pushes and maps; of a map, keys and values in turn. */
  aggregate(type: ReplyType, items: unknown[]): unknown
  attributed(value: unknown, attributes: unknown[]): unknown
}

export type PlainOptions = {
  /** What bulk, simple and verbatim strings become: UTF-8 text (the default), a string of one char a byte, or a copy of the bytes. */
  readonly strings?: 'utf8' | 'latin1' | 'bytes'
  /** What maps become: a Map (the default), an object (keys as text), or a flat array. */
  readonly maps?: 'map' | 'object' | 'array'
  readonly sets?: 'set' | 'array'
  /** Whether replies with attributes become an AttributedReply (the default) or lose them. */
  readonly attributes?: 'keep' | 'drop'
}

/** Integers are numbers while safe, else bigints, as are big numbers; nil is null. */
export function plainMapping(options: PlainOptions = {}): ReplyMapping {
  const text = stringMaker(options.strings ?? 'utf8')
  return {
    scalar: (type, bytes, start, end) => plainScalar(text, type, bytes, start, end),
    nil: () => null,
    aggregate: (type, items) => {
      if (type === ReplyType.map) return mapOf(options.maps ?? 'map', items)
      return type === ReplyType.set && options.sets !== 'array' ? new Set(items) : items
    },
    attributed: (value, attributes) => (options.attributes === 'drop' ? value : new AttributedReply(value, attributes)),
  }
}

export const PLAIN: ReplyMapping = plainMapping()

export const TYPED: ReplyMapping = {
  scalar: (type, bytes, start, end) => new ReplyNode(type, bytes.slice(start, end)),
  nil: (type) => new ReplyNode(type, null),
  aggregate: (type, items) => new ReplyNode(type, null, items as ReplyNode[]),
  attributed: (value, attributes) => {
    const { type, content, items } = value as ReplyNode
    return new ReplyNode(type, content, items, attributes as ReplyNode[])
  },
}

/** How deep replies may be nested: far beyond any command, and far from exhausting a reader that recurses. */
const DEPTH_MAX = 1000

/** Longest line: numbers and lengths are short, but an error or status may quote what a client sent. */
const LINE_BYTES_MAX = 64 * 1024 * 1024

const LENGTH_MAX = 0x7fffffff
const BUFFER_BYTES_MIN = 4096
const CR = 0x0d
const LF = 0x0a

/** An aggregate that is being filled. */
type Frame = {
  readonly type: ReplyType
  readonly items: unknown[]
  /** Values still to come. */
  missing: number
  /** Attributes to go with the aggregate when it is complete, or with the next value in it. */
  attributes: unknown[] | undefined
}

export class ReplyDecoder {
  /** The reply, after `Reply` or `Push`. */
  value: unknown
  private readonly mapping: ReplyMapping
  private readonly depthMax: number
  private buffer: Uint8Array
  private position: number
  private end: number
  private scanned: number // the current line has no end before here
  private readonly frames: Frame[]
  private attributes: unknown[] | undefined // that wait for the next value
  private isMalformed: boolean

  constructor(mapping: ReplyMapping = PLAIN, depthMax: number = DEPTH_MAX) {
    this.value = undefined
    this.mapping = mapping
    this.depthMax = depthMax
    this.buffer = new Uint8Array(0)
    this.position = 0
    this.end = 0
    this.scanned = 0
    this.frames = []
    this.attributes = undefined
    this.isMalformed = false
  }

  /** Bytes fed and not yet decoded. */
  get pendingBytes(): number {
    return this.end - this.position
  }

  /** Takes a copy of the bytes. */
  feed(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    const length = end - start
    if (this.end + length > this.buffer.length) this.makeRoom(length)
    this.buffer.set(bytes.subarray(start, end), this.end)
    this.end += length
  }

  next(): DecodeStatus {
    while (!this.isMalformed) {
      const lineEnd = this.findLineEnd()
      if (lineEnd < 0) return this.isMalformed ? DecodeStatus.Malformed : DecodeStatus.Incomplete
      const status = this.decodeToken(lineEnd)
      if (status !== CONTINUE) return status
    }
    return DecodeStatus.Malformed
  }

  /** Everything as after construction. */
  reset(): void {
    this.value = undefined
    this.buffer = new Uint8Array(0)
    this.position = 0
    this.end = 0
    this.scanned = 0
    this.frames.length = 0
    this.attributes = undefined
    this.isMalformed = false
  }

  private makeRoom(length: number): void {
    const used = this.end - this.position
    const needed = used + length
    const isRoomy = needed <= this.buffer.length && this.position >= this.buffer.length / 2
    const buffer = isRoomy ? this.buffer : new Uint8Array(Math.max(BUFFER_BYTES_MIN, needed, used * 2))
    buffer.set(this.buffer.subarray(this.position, this.end), 0)
    this.buffer = buffer
    this.scanned = Math.max(this.scanned - this.position, 0)
    this.position = 0
    this.end = used
  }

  /** @returns the index of the CR that ends the line at `position`, or -1 */
  private findLineEnd(): number {
    let at = Math.max(this.scanned, this.position)
    while (at < this.end && this.buffer[at] !== CR) at++
    this.scanned = at
    if (at - this.position > LINE_BYTES_MAX) this.isMalformed = true
    if (at + 1 >= this.end) return -1
    if (this.buffer[at + 1] !== LF) this.isMalformed = true
    return this.isMalformed ? -1 : at
  }

  /** Decodes the scalar or the header at `position`, whose line ends at `lineEnd`. */
  private decodeToken(lineEnd: number): DecodeStatus | typeof CONTINUE {
    const type = this.buffer[this.position] as ReplyType
    const start = this.position + 1
    if (hasLength(type)) return this.decodeLong(type, start, lineEnd)
    if (!isWellFormed(type, this.buffer, start, lineEnd)) return this.fail()
    const value =
      type === ReplyType.nil ? this.mapping.nil(type) : this.mapping.scalar(type, this.buffer, start, lineEnd)
    this.position = lineEnd + 2
    return this.complete(type, value)
  }

  private decodeLong(type: ReplyType, start: number, lineEnd: number): DecodeStatus | typeof CONTINUE {
    const length = parseInteger(this.buffer, start, lineEnd)
    if (length === -1 && (type === ReplyType.bulk || type === ReplyType.array)) {
      this.position = lineEnd + 2
      return this.complete(type, this.mapping.nil(type))
    }
    if (!(length >= 0 && length <= LENGTH_MAX)) return this.fail()
    if (isAggregate(type)) return this.openAggregate(type, length, lineEnd + 2)

    const content = lineEnd + 2
    const end = content + length
    if (end + 2 > this.end) return DecodeStatus.Incomplete
    if (this.buffer[end] !== CR || this.buffer[end + 1] !== LF) return this.fail()
    if (type === ReplyType.verbatim && (length < 4 || this.buffer[content + 3] !== 0x3a)) return this.fail()
    this.position = end + 2
    return this.complete(type, this.mapping.scalar(type, this.buffer, content, end))
  }

  private openAggregate(type: ReplyType, length: number, position: number): DecodeStatus | typeof CONTINUE {
    if (this.frames.length >= this.depthMax) return this.fail()
    this.position = position
    const missing = type === ReplyType.map || type === ReplyType.attribute ? length * 2 : length
    this.frames.push({ type, items: [], missing, attributes: this.attributes })
    this.attributes = undefined
    return missing === 0 ? this.closeAggregate() : CONTINUE
  }

  /** Puts a value where it belongs; aggregates it completes become values in turn. */
  private complete(type: ReplyType, value: unknown): DecodeStatus | typeof CONTINUE {
    if (this.attributes !== undefined) {
      value = this.mapping.attributed(value, this.attributes)
      this.attributes = undefined
    }
    const frame = this.frames[this.frames.length - 1]
    if (frame === undefined) {
      this.value = value
      return type === ReplyType.push ? DecodeStatus.Push : DecodeStatus.Reply
    }
    frame.items.push(value)
    frame.missing--
    return frame.missing === 0 ? this.closeAggregate() : CONTINUE
  }

  private closeAggregate(): DecodeStatus | typeof CONTINUE {
    const frame = this.frames.pop()!
    if (frame.type === ReplyType.attribute) {
      this.attributes = frame.attributes === undefined ? frame.items : [...frame.attributes, ...frame.items]
      return CONTINUE
    }
    this.attributes = frame.attributes
    return this.complete(frame.type, this.mapping.aggregate(frame.type, frame.items))
  }

  private fail(): DecodeStatus {
    this.isMalformed = true
    return DecodeStatus.Malformed
  }
}

/** Finds where replies end, keeping nothing of them. */
export class ReplyBoundary {
  /** The first byte of the reply being read or just found; 0 before it is seen. Attributes do not count. */
  type: number
  private outstanding: number // values still to come
  private step: number
  private lineType: number
  private length: number
  private digits: number
  private isNegative: boolean
  private skip: number // bytes of content still to come, line end included

  constructor() {
    this.type = 0
    this.outstanding = 1
    this.step = STEP_TYPE
    this.lineType = 0
    this.length = 0
    this.digits = 0
    this.isNegative = false
    this.skip = 0
  }

  /**
   * Goes on with the reply it is in, or a new one.
   *
   * @returns the index after the end of the reply; `end + 1` when it is not over; -1 when this is no reply
   */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (this.outstanding === 0) this.startReply()
    let at = start
    while (at < end) {
      if (this.step === STEP_CONTENT) {
        const taken = Math.min(this.skip, end - at)
        at += taken
        this.skip -= taken
        if (this.skip === 0) this.endValue()
      } else if (!this.readByte(bytes[at++])) {
        return -1
      }
      if (this.outstanding === 0) return at
    }
    return end + 1
  }

  private startReply(): void {
    this.type = 0
    this.outstanding = 1
    this.step = STEP_TYPE
  }

  private readByte(byte: number): boolean {
    switch (this.step) {
      case STEP_TYPE:
        return this.readType(byte)
      case STEP_LENGTH:
        if (byte === CR) this.step = STEP_LENGTH_END
        else if (byte === 0x2d && this.digits === 0 && !this.isNegative) this.isNegative = true
        else return this.readDigit(byte)
        return true
      case STEP_LENGTH_END:
        return byte === LF && this.endLength()
      case STEP_LINE:
        if (byte === CR) this.step = STEP_LINE_END
        return true
      case STEP_LINE_END:
        this.endValue()
        return byte === LF
      default:
        return false
    }
  }

  private readType(byte: number): boolean {
    if (!isReplyType(byte)) return false
    this.lineType = byte
    this.length = 0
    this.digits = 0
    this.isNegative = false
    this.step = hasLength(byte as ReplyType) ? STEP_LENGTH : STEP_LINE
    if (this.type === 0 || (this.type === ReplyType.attribute && this.outstanding === 1)) this.type = byte
    return true
  }

  private readDigit(byte: number): boolean {
    const digit = byte - 0x30
    if (digit < 0 || digit > 9 || ++this.digits > 10) return false
    this.length = this.length * 10 + digit
    return true
  }

  private endLength(): boolean {
    if (this.digits === 0 || this.length > LENGTH_MAX) return false
    const type = this.lineType as ReplyType
    if (this.isNegative) {
      if (this.length !== 1 || (type !== ReplyType.bulk && type !== ReplyType.array)) return false
      this.endValue()
    } else if (isAggregate(type)) {
      // An attribute is no value: its pairs come on top of the value that is still to come.
      if (type === ReplyType.attribute) this.outstanding += this.length * 2
      else this.outstanding += (type === ReplyType.map ? this.length * 2 : this.length) - 1
      this.step = STEP_TYPE
    } else {
      this.skip = this.length + 2
      this.step = STEP_CONTENT
    }
    return this.outstanding <= Number.MAX_SAFE_INTEGER
  }

  private endValue(): void {
    this.outstanding--
    this.step = STEP_TYPE
  }
}

/** The decoder has taken a token and needs the next. */
const CONTINUE = -1

const STEP_TYPE = 0
const STEP_LENGTH = 1
const STEP_LENGTH_END = 2
const STEP_LINE = 3
const STEP_LINE_END = 4
const STEP_CONTENT = 5

function isReplyType(byte: number): boolean {
  return isAggregate(byte as ReplyType) || hasLength(byte as ReplyType) || isLine(byte as ReplyType)
}

function isLine(type: ReplyType): boolean {
  switch (type) {
    case ReplyType.simple:
    case ReplyType.error:
    case ReplyType.integer:
    case ReplyType.nil:
    case ReplyType.boolean:
    case ReplyType.double:
    case ReplyType.bigNumber:
      return true
    default:
      return false
  }
}

function isAggregate(type: ReplyType): boolean {
  switch (type) {
    case ReplyType.array:
    case ReplyType.map:
    case ReplyType.set:
    case ReplyType.push:
    case ReplyType.attribute:
      return true
    default:
      return false
  }
}

/** Whether a number follows the type byte: a count of values, or of bytes. */
function hasLength(type: ReplyType): boolean {
  return type === ReplyType.bulk || type === ReplyType.verbatim || type === ReplyType.bulkError || isAggregate(type)
}

function isWellFormed(type: ReplyType, bytes: Uint8Array, start: number, end: number): boolean {
  switch (type) {
    case ReplyType.simple:
    case ReplyType.error:
      return true
    case ReplyType.integer:
      return !Number.isNaN(parseInteger(bytes, start, end))
    case ReplyType.nil:
      return start === end
    case ReplyType.boolean:
      return end - start === 1 && (bytes[start] === 0x74 || bytes[start] === 0x66)
    case ReplyType.double:
      return !Number.isNaN(parseDouble(bytes, start, end)) || /^-?nan$/.test(latin1(bytes, start, end))
    case ReplyType.bigNumber:
      return end - start < 100_000 && /^[-+]?[0-9]+$/.test(latin1(bytes, start, end))
    default:
      return false
  }
}

type StringMaker = (bytes: Uint8Array, start: number, end: number) => string | Uint8Array

function stringMaker(kind: 'utf8' | 'latin1' | 'bytes'): StringMaker {
  if (kind === 'bytes') return (bytes, start, end) => bytes.slice(start, end)
  return kind === 'utf8' ? utf8 : latin1
}

function plainScalar(text: StringMaker, type: ReplyType, bytes: Uint8Array, start: number, end: number): unknown {
  switch (type) {
    case ReplyType.integer: {
      const value = parseInteger(bytes, start, end)
      return Number.isFinite(value) ? value : BigInt(latin1(bytes, start, end))
    }
    case ReplyType.bigNumber:
      return BigInt(latin1(bytes, start, end).replace(/^\+/, ''))
    case ReplyType.double:
      return parseDouble(bytes, start, end)
    case ReplyType.boolean:
      return bytes[start] === 0x74
    case ReplyType.error:
    case ReplyType.bulkError:
      return new ReplyError(utf8(bytes, start, end))
    case ReplyType.verbatim:
      return text(bytes, start + 4, end)
    default:
      return text(bytes, start, end)
  }
}

function mapOf(kind: 'map' | 'object' | 'array', items: unknown[]): unknown {
  if (kind === 'array') return items
  const map = new Map<unknown, unknown>()
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1])
  return kind === 'map' ? map : Object.fromEntries(Array.from(map, ([key, value]) => [keyText(key), value]))
}

function keyText(key: unknown): string {
  return key instanceof Uint8Array ? latin1(key, 0, key.length) : String(key)
}
