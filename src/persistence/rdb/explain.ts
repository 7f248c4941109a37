/**
 * Says what each byte of an RDB file is for. The file is read field by field, by the grammar of the format alone: no value is built, so
 * that a broken one can be looked at, too. Where a field is a listpack that is not compressed, its elements are named in turn.
 */

import { latin1 } from '../../base/bytes.js'
import { type Int64, Int64 as Wide, writeInt64 } from '../../base/int64.js'
import { OperationalError } from '../../base/operational-error.js'
import * as listpack from '../../structures/listpack.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { Opcode, StringEncoding, ValueType } from './format.js'
import { moduleTypeOf } from './module-id.js'
import { nameOfValueType } from './type-names.js'

/** A field of the file that reaches into the range asked for. */
export interface RdbField {
  readonly offset: number
  readonly bytes: number
  /** 0 for a record, more for what is inside of it. */
  readonly depth: number
  readonly meaning: string
  /** What it holds; empty when that says nothing more. */
  readonly value: string
}

export type FieldTaker = (field: RdbField) => void

const SIGNATURE_BYTES = 9
const SHOWN_BYTES_MAX = 48
const PIECE_BYTES = 65536
const ENCODED = 0xc0
const TWO_32 = 0x100000000
const FIRST_WITH_CHECKSUM = 5
/** Larger listpacks are named as one field. */
const LISTPACK_BYTES_MAX = 1 << 20

export class RdbExplainer {
  private readonly source: ByteSource
  private readonly from: number
  private readonly to: number
  private readonly take: FieldTaker
  private depth: number
  private readonly wide: Int64
  private readonly progress: (offset: number) => void

  /** @param to  end of the range: fields from there on are neither read nor named */
  constructor(
    source: ByteSource,
    from: number,
    to: number,
    take: FieldTaker,
    progress: (offset: number) => void = () => {},
  ) {
    this.source = source
    this.from = from
    this.to = to
    this.take = take
    this.depth = 0
    this.wide = new Wide()
    this.progress = progress
  }

  /** Throws an OperationalError that names the offset where the file stops making sense, unless that is behind the range. */
  run(): void {
    try {
      this.file()
    } catch (error) {
      if (!(error instanceof RangePassed)) throw error
    }
  }

  private file(): void {
    const version = this.signature()
    for (let records = 0; ; records++) {
      if (records % 256 === 0) this.progress(this.source.offset)
      if (this.record()) break
    }
    if (version >= FIRST_WITH_CHECKSUM) this.checksum()
  }

  // What fields are made of.

  private need(bytes: number): void {
    const { source } = this
    source.setMark()
    while (!source.has(bytes)) {
      if (source.fault === Fault.starved && source.refill()) continue
      this.stop('the file ends too early', source.problemOffset)
    }
  }

  private stop(problem: string, offset = this.source.offset): never {
    throw new OperationalError('RDB_CORRUPT', `offset ${offset}`, problem)
  }

  /** Names the bytes from `offset` to where the source stands now. */
  private name(offset: number, meaning: string, value: string | number = ''): void {
    this.nameRange(offset, this.source.offset, meaning, String(value))
    if (this.source.offset >= this.to) throw new RangePassed()
  }

  private nameRange(offset: number, end: number, meaning: string, value: string): void {
    if (end > this.from && offset < this.to) {
      this.take({ offset, bytes: end - offset, depth: this.depth, meaning, value })
    }
  }

  private byte(): number {
    this.need(1)
    return this.source.byte()
  }

  /** A length without its name; -1 - encoding for a string that is encoded. */
  private rawLength(): number {
    const first = this.byte()
    if (first < 64) return first
    if (first < 128) return ((first & 63) << 8) | this.byte()
    if (first >= ENCODED) return -1 - (first & 63)
    this.need(first === 0x80 ? 4 : 8)
    if (first === 0x80) return this.source.uint32BE()
    if (first === 0x81) return this.source.uint32BE() * TWO_32 + this.source.uint32BE()
    return this.stop(`length byte ${first} is not known`, this.source.offset - 1)
  }

  private length(meaning: string): number {
    const { offset } = this.source
    const length = this.rawLength()
    if (length < 0) this.stop('a length is written as a string is', offset)
    this.name(offset, meaning, length)
    return length
  }

  /** A string in any form. */
  private string(meaning: string, mayBeListpack = false): void {
    const { source } = this
    const { offset } = source
    const length = this.rawLength()
    if (length < 0) return this.encodedString(offset, meaning, -1 - length)
    if (mayBeListpack && length <= LISTPACK_BYTES_MAX && this.concerns(offset, source.offset + length)) {
      return this.listpackString(offset, meaning, length)
    }
    const shown = this.pass(length)
    this.name(offset, `${meaning}, ${length} bytes`, shown)
  }

  /** Whether a range and the one asked for have something in common. */
  private concerns(start: number, end: number): boolean {
    return end > this.from && start < this.to
  }

  /** Reads over so many bytes; returns how they begin. */
  private pass(length: number): string {
    const { source } = this
    const head = Math.min(length, SHOWN_BYTES_MAX)
    this.need(head)
    const shown = quoted(latin1(source.bytes, source.at, source.at + head))
    for (let left = length; left > 0;) {
      const piece = Math.min(left, PIECE_BYTES)
      this.need(piece)
      source.skip(piece)
      left -= piece
    }
    return length > head ? `${shown}…` : shown
  }

  private encodedString(offset: number, meaning: string, encoding: number): void {
    const { source } = this
    if (encoding === StringEncoding.lzf) {
      const stored = this.rawLength()
      const length = this.rawLength()
      this.pass(Math.max(0, stored))
      return this.name(offset, `${meaning}, LZF`, `${stored} bytes that expand to ${length}`)
    }
    const bytes = INTEGER_BYTES[encoding]
    if (bytes === undefined) this.stop(`string encoding ${encoding} is not known`, offset)
    this.need(bytes)
    let value = 0
    for (let i = 0; i < bytes; i++) value |= source.byte() << (8 * i)
    const shift = 32 - 8 * bytes
    this.name(offset, `${meaning}, integer of ${8 * bytes} bits`, (value << shift) >> shift)
  }

  private listpackString(offset: number, meaning: string, length: number): void {
    const { source } = this
    this.need(length)
    const { at, bytes } = source
    const base = source.offset - at
    const isSound = length >= listpack.EMPTY_BYTES && listpack.isValid(bytes, at, length, true)
    const elements = isSound ? `${listpack.count(bytes, at)} elements` : 'no sound listpack'
    this.nameRange(offset, base + at + length, `${meaning}, ${length} bytes`, elements)
    if (isSound) this.listpack(bytes, at, base)
    source.skip(length)
    if (source.offset >= this.to) throw new RangePassed()
  }

  private listpack(bytes: Uint8Array, start: number, base: number): void {
    const element = new listpack.ListpackElement()
    this.depth++
    this.nameRange(base + start, base + start + 4, 'bytes of the listpack', String(listpack.totalBytes(bytes, start)))
    const header = listpack.headerCount(bytes, start)
    this.nameRange(base + start + 4, base + start + 6, 'elements of the listpack', String(header))
    let index = 0
    let at = listpack.first(start)
    while (bytes[at] !== listpack.END) {
      const next = listpack.next(bytes, at)
      if (this.concerns(base + at, base + next)) {
        listpack.readText(bytes, at, element)
        const shown = quoted(
          latin1(element.bytes, element.start, Math.min(element.end, element.start + SHOWN_BYTES_MAX)),
        )
        this.nameRange(base + at, base + next, `element ${index}`, shown)
      }
      index++
      at = next
    }
    this.nameRange(base + at, base + at + 1, 'end of the listpack', '')
    this.depth--
  }

  /** A number of 64 bits, least significant byte first. */
  private int64(meaning: string): void {
    const { source } = this
    const { offset } = source
    this.need(8)
    this.wide.low = source.uint32LE()
    this.wide.high = source.int32LE()
    const digits = new Uint8Array(24)
    this.name(offset, meaning, latin1(digits, 0, writeInt64(this.wide, digits, 0)))
  }

  private double(meaning: string): void {
    const { offset } = this.source
    this.need(8)
    this.name(offset, meaning, this.source.double())
  }

  /** A double as text, behind a byte of its length. */
  private textDouble(meaning: string): void {
    const { source } = this
    const { offset } = source
    const length = this.byte()
    const special = TEXT_DOUBLES[length]
    if (special !== undefined) return this.name(offset, meaning, special)
    this.name(offset, meaning, this.pass(length))
  }

  /** The 16 bytes of a stream's ID, most significant first. */
  private streamId(meaning: string): void {
    const { source } = this
    const { offset } = source
    this.need(16)
    const milliseconds = source.uint32BE() * TWO_32 + source.uint32BE()
    const sequence = source.uint32BE() * TWO_32 + source.uint32BE()
    this.name(offset, meaning, `${milliseconds}-${sequence}`)
  }

  // Records.

  private signature(): number {
    this.need(SIGNATURE_BYTES)
    const { source } = this
    const text = latin1(source.bytes, source.at, source.at + SIGNATURE_BYTES)
    if (!text.startsWith('REDIS')) this.stop('this is no RDB file')
    source.skip(SIGNATURE_BYTES)
    this.name(0, 'signature and version', text)
    return Number.parseInt(text.slice(5), 10)
  }

  /** @returns whether it was the end mark */
  private record(): boolean {
    const { offset } = this.source
    const byte = this.byte()
    if (byte < Opcode.slotInfo) {
      this.name(offset, 'type', `${byte}: ${nameOfValueType(byte)}`)
      this.depth++
      this.string('key')
      this.value(byte)
      this.depth--
      return false
    }
    this.name(offset, 'opcode', `${byte}: ${OPCODE_NAMES.get(byte) ?? 'unknown'}`)
    this.depth++
    this.opcode(byte)
    this.depth--
    return byte === Opcode.endOfFile
  }

  private opcode(opcode: number): void {
    switch (opcode) {
      case Opcode.expiryMs:
        return this.int64('expires, ms since 1970')
      case Opcode.expirySeconds:
        return this.seconds()
      case Opcode.idle:
        return void this.length('idle seconds')
      case Opcode.frequency:
        return this.frequency()
      case Opcode.selectDatabase:
        return void this.length('database')
      case Opcode.resizeDatabase:
        this.length('keys')
        return void this.length('keys that expire')
      case Opcode.slotInfo:
        this.length('slot')
        this.length('keys in the slot')
        return void this.length('of these, keys that expire')
      case Opcode.aux:
        this.string('name')
        return this.string('content')
      case Opcode.function2:
        return this.string('code')
      case Opcode.moduleAux:
        this.moduleType()
        this.length('kind of number')
        this.length('when')
        return this.moduleData()
      case Opcode.endOfFile:
        return
    }
    this.stop(`opcode ${opcode} is not known`, this.source.offset - 1)
  }

  private seconds(): void {
    const { offset } = this.source
    this.need(4)
    this.name(offset, 'expires, seconds since 1970', this.source.int32LE())
  }

  private frequency(): void {
    const { offset } = this.source
    this.name(offset, 'LFU counter', this.byte())
  }

  private checksum(): void {
    const { source } = this
    const { offset } = source
    this.need(8)
    const low = source.uint32LE()
    const high = source.uint32LE()
    const text = `${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}`
    this.name(offset, 'CRC-64 of all in front of it', low === 0 && high === 0 ? 'none' : text)
  }

  // Values.

  private value(typeByte: number): void {
    switch (typeByte) {
      case ValueType.string:
        return this.string('value')
      case ValueType.list:
      case ValueType.set:
        return this.repeat('elements', (i) => this.string(`element ${i}`))
      case ValueType.zset:
        return this.repeat('members', (i) => this.member(i, () => this.textDouble(`score ${i}`)))
      case ValueType.zset2:
        return this.repeat('members', (i) => this.member(i, () => this.double(`score ${i}`)))
      case ValueType.hash:
        return this.repeat('fields', (i) => this.field(i))
      case ValueType.hashZipmap:
        return this.string('zipmap')
      case ValueType.listZiplist:
      case ValueType.zsetZiplist:
      case ValueType.hashZiplist:
        return this.string('ziplist')
      case ValueType.setIntset:
        return this.string('intset')
      case ValueType.hashListpack:
      case ValueType.zsetListpack:
      case ValueType.setListpack:
      case ValueType.hashListpackExpiryPreGa:
        return this.string('listpack', true)
      case ValueType.listQuicklist:
        return this.repeat('nodes', (i) => this.string(`ziplist ${i}`))
      case ValueType.listQuicklist2:
        return this.repeat('nodes', (i) => this.listNode(i))
      default:
        return this.otherValue(typeByte)
    }
  }

  private otherValue(typeByte: number): void {
    switch (typeByte) {
      case ValueType.streamListpacks:
      case ValueType.streamListpacks2:
      case ValueType.streamListpacks3:
        return this.stream(typeByte)
      case ValueType.hashMetadata:
        this.int64('earliest time of a field, ms since 1970')
        return this.repeat('fields', (i) => this.timedField(i))
      case ValueType.hashMetadataPreGa:
        return this.repeat('fields', (i) => this.timedField(i))
      case ValueType.hashListpackExpiry:
        this.int64('earliest time of a field, ms since 1970')
        return this.string('listpack', true)
      case ValueType.module2:
        this.moduleType()
        return this.moduleData()
    }
    this.stop(`value type ${typeByte} is not known`)
  }

  private repeat(meaning: string, each: (index: number) => void): void {
    const count = this.length(meaning)
    this.depth++
    for (let i = 0; i < count; i++) each(i)
    this.depth--
  }

  private member(index: number, score: () => void): void {
    this.string(`member ${index}`)
    score()
  }

  private field(index: number): void {
    this.string(`field ${index}`)
    this.string(`value ${index}`)
  }

  private timedField(index: number): void {
    this.length(`time of field ${index}`)
    this.field(index)
  }

  private listNode(index: number): void {
    const form = this.length(`form of node ${index} (1 plain, 2 listpack)`)
    this.string(`node ${index}`, form === 2)
  }

  private stream(typeByte: number): void {
    this.repeat('nodes', (i) => {
      this.string(`ID of node ${i}`)
      this.string(`listpack ${i}`, true)
    })
    this.length('entries')
    this.pair('last ID')
    if (typeByte !== ValueType.streamListpacks) {
      this.pair('first ID')
      this.pair('greatest deleted ID')
      this.length('entries added')
    }
    this.repeat('groups', (i) => this.group(i, typeByte))
  }

  private pair(meaning: string): void {
    this.length(`${meaning}, milliseconds`)
    this.length(`${meaning}, sequence`)
  }

  private group(index: number, typeByte: number): void {
    this.string(`name of group ${index}`)
    this.pair('last delivered ID')
    if (typeByte !== ValueType.streamListpacks) this.length('entries read')
    this.repeat('pending entries', () => {
      this.streamId('pending ID')
      this.int64('delivered, ms since 1970')
      this.length('deliveries')
    })
    this.repeat('consumers', (i) => this.consumer(i, typeByte))
  }

  private consumer(index: number, typeByte: number): void {
    this.string(`name of consumer ${index}`)
    this.int64('seen, ms since 1970')
    if (typeByte === ValueType.streamListpacks3) this.int64('active, ms since 1970')
    this.repeat('pending entries', () => this.streamId('pending ID'))
  }

  // Modules.

  private moduleType(): void {
    const { source, wide } = this
    const { offset } = source
    const first = this.byte()
    if (first !== 0x81) this.stop('the name of a module type should have 64 bits', offset)
    this.need(8)
    wide.high = source.uint32BE() | 0
    wide.low = source.uint32BE()
    this.name(offset, 'module type', moduleTypeOf(wide).name)
  }

  private moduleData(): void {
    for (;;) {
      const part = this.length('kind of part (0 end, 1 signed, 2 unsigned, 3 float, 4 double, 5 string)')
      if (part === 0) return
      const { offset } = this.source
      if (part <= 2) this.length('number')
      else if (part === 5) this.string('string')
      else if (part === 4) this.double('double')
      else if (part === 3) {
        this.need(4)
        this.source.skip(4)
        this.name(offset, 'float')
      } else this.stop(`part ${part} of module data is not known`, offset)
    }
  }
}

/** Ends the reading when the range has been passed. */
class RangePassed extends Error {}

const INTEGER_BYTES: Readonly<Record<number, number>> = {
  [StringEncoding.int8]: 1,
  [StringEncoding.int16]: 2,
  [StringEncoding.int32]: 4,
}

const TEXT_DOUBLES: Readonly<Record<number, string>> = { 253: 'nan', 254: 'inf', 255: '-inf' }

const OPCODE_NAMES: ReadonlyMap<number, string> = new Map([
  [Opcode.slotInfo, 'slot'],
  [Opcode.function2, 'function library'],
  [Opcode.functionPreGa, 'function, pre-release'],
  [Opcode.moduleAux, 'data of a module'],
  [Opcode.idle, 'idle time of the next key'],
  [Opcode.frequency, 'LFU counter of the next key'],
  [Opcode.aux, 'fact about the file'],
  [Opcode.resizeDatabase, 'number of keys'],
  [Opcode.expiryMs, 'expiry of the next key'],
  [Opcode.expirySeconds, 'expiry of the next key'],
  [Opcode.selectDatabase, 'database'],
  [Opcode.endOfFile, 'end'],
])

function quoted(text: string): string {
  return `"${text.replace(/["\\]|[^ -~]/g, escaped)}"`
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
