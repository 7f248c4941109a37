/**
 * Reads an RDB file from beginning to end, builds every value and drops it, and says what it finds: the report of
 * redis-check-rdb. At most one value is in memory at a time.
 */

import { latin1 } from '../../base/bytes.js'
import { Int64 } from '../../base/int64.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { DecodeContext, Status } from './decode-context.js'
import { typeOfValue, ValueDecoder } from './decode-value.js'
import { Opcode, RDB_VERSION_READ_MAX, ValueType } from './format.js'
import { readLength, readLength64, RdbString } from './input.js'
import { moduleTypeOf } from './module-id.js'
import { skipModuleValue } from './module-value.js'

const SIGNATURE_BYTES = 9
const FIRST_WITH_CHECKSUM = 5
const UNITS_A_STEP = 1024
const UNEXPECTED_END = 'Unexpected EOF reading RDB file'

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [ValueType.string, 'string'],
  [ValueType.list, 'list-linked'],
  [ValueType.set, 'set-hashtable'],
  [ValueType.zset, 'zset-v1'],
  [ValueType.hash, 'hash-hashtable'],
  [ValueType.zset2, 'zset-v2'],
  [ValueType.modulePreGa, 'module-pre-release'],
  [ValueType.module2, 'module-value'],
  [ValueType.hashZipmap, 'hash-zipmap'],
  [ValueType.listZiplist, 'list-ziplist'],
  [ValueType.setIntset, 'set-intset'],
  [ValueType.zsetZiplist, 'zset-ziplist'],
  [ValueType.hashZiplist, 'hash-ziplist'],
  [ValueType.listQuicklist, 'quicklist'],
  [ValueType.streamListpacks, 'stream'],
  [ValueType.hashListpack, 'hash-listpack'],
  [ValueType.zsetListpack, 'zset-listpack'],
  [ValueType.listQuicklist2, 'quicklist-v2'],
  [ValueType.setListpack, 'set-listpack'],
])

export class RdbChecker {
  keys: number
  expiring: number
  expired: number
  private readonly source: ByteSource
  private readonly print: (text: string) => void
  private readonly nowMs: number
  private readonly decoder: ValueDecoder
  private readonly key: RdbString
  private readonly text: RdbString
  private readonly integer: Int64
  private doing: string
  /** The key being read, and how its value is written; nothing in between. */
  private keyName: string | undefined
  private keyType: number
  private expiryMs: number
  private version: number
  private hasEnded: boolean

  constructor(keyspace: Keyspace, source: ByteSource, nowMs: number, print: (text: string) => void) {
    this.keys = 0
    this.expiring = 0
    this.expired = 0
    this.source = source
    this.print = print
    this.nowMs = nowMs
    const context = new DecodeContext(keyspace, source)
    context.sanitizes = true
    this.decoder = new ValueDecoder(context)
    this.key = new RdbString()
    this.text = new RdbString()
    this.integer = new Int64()
    this.doing = 'start'
    this.keyName = undefined
    this.keyType = ValueType.string
    this.expiryMs = -1
    this.version = 0
    this.hasEnded = false
    source.checksums = true
  }

  /** True when the file is whole; the source then stands behind it. */
  check(path: string): boolean {
    this.info(`Checking RDB file ${path}`)
    if (!this.unit(() => this.readSignature())) return false
    this.keyType = -1
    while (!this.hasEnded) if (!this.readRecord()) return false
    if (this.version >= FIRST_WITH_CHECKSUM && !this.unit(() => this.readChecksum())) return false
    this.info('\\o/ RDB looks OK! \\o/')
    this.showCounts()
    return true
  }

  /** Reads something again and again until all of it is there; false, with the reason printed, when it never is. */
  private unit(read: () => string | undefined): boolean {
    const { source } = this
    for (;;) {
      source.setMark()
      const refusal = read()
      if (source.fault === Fault.starved) {
        if (source.refill()) continue
        return this.refuse(UNEXPECTED_END)
      }
      if (source.fault === Fault.truncated) return this.refuse(UNEXPECTED_END)
      if (source.fault === Fault.corrupt) return this.refuse(source.problem)
      return refusal === undefined || this.refuse(refusal)
    }
  }

  private get isSound(): boolean {
    return this.source.fault === Fault.none
  }

  private readSignature(): string | undefined {
    const { source } = this
    if (!source.has(SIGNATURE_BYTES)) return undefined
    const signature = latin1(source.bytes, source.at, source.at + SIGNATURE_BYTES)
    source.at += SIGNATURE_BYTES
    if (!signature.startsWith('REDIS')) return 'Wrong signature trying to load DB from file'
    this.version = Number.parseInt(signature.slice(5), 10) || 0
    const isKnown = this.version >= 1 && this.version <= RDB_VERSION_READ_MAX
    return isKnown ? undefined : `Can't handle RDB format version ${this.version}`
  }

  private readRecord(): boolean {
    this.doing = 'read-type'
    let typeByte = 0
    if (!this.unit(() => this.noteType((typeByte = this.source.byte())))) return false
    if (typeByte >= Opcode.slotInfo) return this.unit(() => this.readOpcode(typeByte))
    if (typeOfValue(typeByte) === undefined && !isModule(typeByte))
      return this.refuse(`Invalid object type: ${typeByte}`)
    this.keyType = typeByte
    return this.readKey(typeByte) && this.readValue(typeByte) && this.endKey()
  }

  private noteType(_typeByte: number): undefined {}

  private readKey(typeByte: number): boolean {
    this.doing = 'read-key'
    if (!this.unit(() => void this.key.read(this.source))) return false
    this.keyName = latin1(this.key.bytes, this.key.start, this.key.end)
    this.keys++
    this.doing = 'read-object-value'
    return typeByte !== ValueType.modulePreGa || this.refuse('Pre-release module format not supported')
  }

  private readValue(typeByte: number): boolean {
    if (typeByte === ValueType.string) return this.unit(() => void this.text.read(this.source))
    if (typeByte === ValueType.module2) return this.unit(() => this.skipModule())
    const { decoder, source } = this
    if (!decoder.begin(typeByte)) return this.refuse(source.problem)
    for (;;) {
      const status = decoder.step(UNITS_A_STEP)
      if (status === Status.more || (status === Status.starved && source.refill())) continue
      if (status === Status.done) decoder.abandon()
      if (status === Status.done || status === Status.empty) return true
      if (status === Status.noMemory) return this.refuse('Out of memory reading a value')
      return this.refuse(source.fault === Fault.corrupt ? source.problem : UNEXPECTED_END)
    }
  }

  private skipModule(): undefined {
    readLength64(this.source, this.integer)
    skipModuleValue(this.source, this.text)
  }

  private endKey(): boolean {
    if (this.expiryMs !== -1) {
      this.expiring++
      if (this.expiryMs < this.nowMs) this.expired++
    }
    this.keyName = undefined
    this.keyType = -1
    this.expiryMs = -1
    return true
  }

  private readOpcode(opcode: number): string | undefined {
    const { source } = this
    switch (opcode) {
      case Opcode.expiryMs:
      case Opcode.expirySeconds:
        this.doing = 'read-expire'
        this.expiryMs = opcode === Opcode.expiryMs ? source.integer64LE() : source.int32LE() * 1000
        return undefined
      case Opcode.idle:
        return this.skipLengths(1)
      case Opcode.frequency:
        return void source.byte()
      case Opcode.resizeDatabase:
        this.doing = 'read-len'
        return this.skipLengths(2)
      case Opcode.slotInfo:
        return this.skipLengths(3)
      case Opcode.selectDatabase:
        return this.readDatabase()
      case Opcode.aux:
        return this.readFact()
      case Opcode.moduleAux:
        return this.readModuleFact()
      case Opcode.functionPreGa:
        return `Pre-release function format not supported ${this.version}`
      case Opcode.function2:
        this.doing = 'read-functions'
        return void this.text.read(source)
      case Opcode.endOfFile:
        source.sum()
        this.hasEnded = true
        return undefined
    }
    return `Invalid object type: ${opcode}`
  }

  private skipLengths(count: number): undefined {
    for (let i = 0; i < count; i++) readLength(this.source)
  }

  private readDatabase(): undefined {
    this.doing = 'read-len'
    const index = readLength(this.source)
    if (this.isSound) this.info(`Selecting DB ID ${index}`)
  }

  private readFact(): undefined {
    this.doing = 'read-aux'
    this.key.read(this.source)
    this.text.read(this.source)
    if (!this.isSound) return
    const { key, text } = this
    this.info(`AUX FIELD ${latin1(key.bytes, key.start, key.end)} = '${latin1(text.bytes, text.start, text.end)}'`)
  }

  private readModuleFact(): string | undefined {
    this.doing = 'read-module-aux'
    readLength64(this.source, this.integer)
    const whenKind = readLength(this.source)
    readLength(this.source)
    if (!this.isSound) return undefined
    if (whenKind !== MODULE_UINT) return 'bad when_opcode'
    const offset = this.source.offset
    skipModuleValue(this.source, this.text)
    if (this.isSound) this.infoAt(offset, `MODULE AUX for: ${moduleTypeOf(this.integer).name}`)
    return undefined
  }

  private readChecksum(): string | undefined {
    const { source } = this
    this.doing = 'check-sum'
    const { high, low } = source.checksum
    const storedLow = source.uint32LE()
    const storedHigh = source.int32LE()
    if (!this.isSound) return undefined
    if (storedLow === 0 && storedHigh === 0) {
      this.info('RDB file was saved with checksum disabled: no check performed.')
    } else if (storedLow !== low || storedHigh !== high) return 'RDB CRC error'
    else this.info('Checksum OK')
    return undefined
  }

  private refuse(problem: string): false {
    const { keyName, keyType, source } = this
    this.print('--- RDB ERROR DETECTED ---\n')
    this.infoAt(source.fault === Fault.none ? source.offset : source.problemOffset, problem)
    this.more(`While doing: ${this.doing}`)
    if (keyName !== undefined) this.more(`Reading key '${keyName}'`)
    if (keyType !== -1) this.more(`Reading type ${keyType} (${TYPE_NAMES.get(keyType) ?? 'unknown'})`)
    this.showCounts()
    return false
  }

  private showCounts(): void {
    this.print(`[info] ${this.keys} keys read\n`)
    this.print(`[info] ${this.expiring} expires\n`)
    this.print(`[info] ${this.expired} already expired\n`)
  }

  private info(text: string): void {
    this.infoAt(this.source.offset, text)
  }

  private infoAt(offset: number, text: string): void {
    this.print(`[offset ${offset}] ${text}\n`)
  }

  private more(text: string): void {
    this.print(`[additional info] ${text}\n`)
  }
}

/** What stands in front of an unsigned number in module data. */
const MODULE_UINT = 2

function isModule(typeByte: number): boolean {
  return typeByte === ValueType.modulePreGa || typeByte === ValueType.module2
}
