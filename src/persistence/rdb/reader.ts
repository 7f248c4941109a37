/**
 * Reads an RDB file key by key without a server: each value is built in a key space of its own, shown to a visitor, and dropped.
 * Memory is bounded by the largest value.
 */

import { latin1 } from '../../base/bytes.js'
import { fromNumber, Int64 } from '../../base/int64.js'
import { OperationalError } from '../../base/operational-error.js'
import { Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { setInteger, setString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { DecodeContext, Status } from './decode-context.js'
import { typeOfValue, ValueDecoder } from './decode-value.js'
import { Opcode, RDB_VERSION_READ_MAX, ValueType } from './format.js'
import { readLength, readLength64, RdbString } from './input.js'
import { moduleTypeOf } from './module-id.js'
import { skipModuleValue } from './module-value.js'
import { putCollection } from './put-collection.js'

/** A key of the file. Reused for the next one. */
export interface RdbKey {
  database: number
  /** The key's bytes, one character each. */
  name: string
  /** How the value is written. */
  typeByte: number
  type: Type
  /** In the reader's key space; 0 for data of a module, which cannot be shown. */
  entry: Pointer
  /** Of a module's data. */
  moduleName: string
  /** Ms since 1970; -1 for none. */
  expiryMs: number
  /** Seconds, and the LFU counter; -1 where the file does not say. */
  idleSeconds: number
  frequency: number
  /** Where what is said about the key begins in the file, and how many bytes that and the key take. */
  offset: number
  bytes: number
}

export interface RdbVisitor {
  key(key: RdbKey): void
  fact?(name: string, value: string): void
  library?(code: Uint8Array): void
  /** Called now and then. */
  progress?(offset: number): void
}

const SIGNATURE_BYTES = 9
const FIRST_WITH_CHECKSUM = 5
const UNITS_A_STEP = 1024
const RECORDS_PER_REPORT = 256
/** What stands in front of an unsigned number in module data. */
const MODULE_UINT = 2

export class RdbReader {
  version: number
  /** The file has a checksum; it was right if `read` returned. */
  hasChecksum: boolean
  readonly keyspace: Keyspace
  private readonly source: ByteSource
  private readonly visitor: RdbVisitor
  private readonly decoder: ValueDecoder
  private readonly name: RdbString
  private readonly text: RdbString
  private readonly integer: Int64
  private readonly key: RdbKey
  private nameBytes: Uint8Array
  private hasEnded: boolean

  /** @param keyspace  an empty one */
  constructor(keyspace: Keyspace, source: ByteSource, visitor: RdbVisitor) {
    this.version = 0
    this.hasChecksum = false
    this.keyspace = keyspace
    this.source = source
    this.visitor = visitor
    this.decoder = new ValueDecoder(new DecodeContext(keyspace, source))
    this.name = new RdbString()
    this.text = new RdbString()
    this.integer = new Int64()
    this.key = newKey()
    this.nameBytes = new Uint8Array(0)
    this.hasEnded = false
    keyspace.isLoading = true // nothing expires while it is looked at
    source.checksums = true
  }

  /** Reads the whole file; throws an OperationalError that names the offset when it is broken. */
  read(): void {
    this.unit(() => this.readSignature())
    for (let records = 0; !this.hasEnded; records++) {
      this.readRecord()
      if (records % RECORDS_PER_REPORT === 0) this.visitor.progress?.(this.source.offset)
    }
    if (this.version >= FIRST_WITH_CHECKSUM) this.unit(() => this.readChecksum())
  }

  /** Reads something again and again until all of it is there. */
  private unit(read: () => void): void {
    const { source } = this
    for (;;) {
      source.setMark()
      read()
      if (source.fault === Fault.none) return
      if (source.fault !== Fault.starved || !source.refill()) this.refuse()
    }
  }

  private refuse(problem = this.source.problem, offset = this.source.problemOffset): never {
    const { fault } = this.source
    const isCut = fault === Fault.truncated || fault === Fault.starved
    const what = isCut ? 'the file ends too early' : problem
    throw new OperationalError(isCut ? 'RDB_TRUNCATED' : 'RDB_CORRUPT', `offset ${offset}`, what)
  }

  private readSignature(): void {
    const { source } = this
    if (!source.has(SIGNATURE_BYTES)) return
    const signature = latin1(source.bytes, source.at, source.at + SIGNATURE_BYTES)
    source.at += SIGNATURE_BYTES
    if (!/^REDIS\d{4}$/.test(signature)) this.refuse('this is no RDB file', 0)
    this.version = Number(signature.slice(5))
    const isKnown = this.version >= 1 && this.version <= RDB_VERSION_READ_MAX
    if (!isKnown) this.refuse(`RDB version ${this.version} is not known`, 0)
  }

  private readRecord(): void {
    const { key, source } = this
    let typeByte = 0
    const { offset } = source
    this.unit(() => void (typeByte = source.byte()))
    if (key.offset < 0) key.offset = offset
    if (typeByte >= Opcode.slotInfo) return this.readOpcode(typeByte)
    this.unit(() => this.name.read(source))
    this.keepName()
    key.typeByte = typeByte
    if (typeByte === ValueType.module2) this.skipModule()
    else this.readValue(typeByte)
  }

  private keepName(): void {
    const { bytes, end, start } = this.name
    this.nameBytes = bytes.slice(start, end)
    this.key.name = latin1(bytes, start, end)
  }

  // Keys.

  private readValue(typeByte: number): void {
    const type = typeOfValue(typeByte)
    if (type === Type.string) {
      this.unit(() => this.text.read(this.source))
      return this.show(this.putString(), type)
    }
    if (type === undefined || !this.decoder.begin(typeByte)) this.refuse(`value type ${typeByte} is not known`)
    const status = this.decode()
    if (status === Status.empty) return this.forgetKey()
    const { decoder, key, keyspace, nameBytes } = this
    const database = keyspace.databases[0]!
    database.find(nameBytes, 0, nameBytes.length)
    const { encoding, value } = decoder
    this.show(putCollection(database, nameBytes, 0, nameBytes.length, type, encoding, value, key.expiryMs), type)
  }

  private decode(): Status {
    const { decoder, source } = this
    for (;;) {
      const status = decoder.step(UNITS_A_STEP)
      if (status === Status.done || status === Status.empty) return status
      if (status === Status.more || (status === Status.starved && source.refill())) continue
      if (status === Status.starved) decoder.abandon()
      if (status === Status.noMemory) this.refuse('the value is too large for the memory', source.offset)
      this.refuse()
    }
  }

  private putString(): Pointer {
    const { integer, key, keyspace, nameBytes, text } = this
    const database = keyspace.databases[0]!
    database.find(nameBytes, 0, nameBytes.length)
    if (!text.isInteger) {
      const { bytes, end, start } = text
      return setString(database, 0, nameBytes, 0, nameBytes.length, bytes, start, end, key.expiryMs)
    }
    fromNumber(text.value, integer)
    return setInteger(database, 0, nameBytes, 0, nameBytes.length, integer, key.expiryMs)
  }

  private show(entry: Pointer, type: Type): void {
    const { key, keyspace, source } = this
    if (entry === 0) this.refuse('the value is too large for the memory', source.offset)
    key.entry = entry
    key.type = type
    key.bytes = source.offset - key.offset
    this.visitor.key(key)
    keyspace.databases[0]!.remove(entry, false)
    this.forgetKey()
  }

  private skipModule(): void {
    const { integer, key, source } = this
    this.unit(() => {
      readLength64(source, integer)
      skipModuleValue(source, this.text)
    })
    key.entry = 0
    key.moduleName = moduleTypeOf(integer).name
    key.bytes = source.offset - key.offset
    this.visitor.key(key)
    this.forgetKey()
  }

  /** What was said about this key does not go for the next. */
  private forgetKey(): void {
    const { key } = this
    key.entry = 0
    key.moduleName = ''
    key.expiryMs = key.idleSeconds = key.frequency = key.offset = -1
  }

  // Opcodes.

  private readOpcode(opcode: number): void {
    const { key, source } = this
    switch (opcode) {
      case Opcode.expiryMs:
        return this.unit(() => void (key.expiryMs = source.integer64LE()))
      case Opcode.expirySeconds:
        return this.unit(() => void (key.expiryMs = source.int32LE() * 1000))
      case Opcode.idle:
        return this.unit(() => void (key.idleSeconds = readLength(source)))
      case Opcode.frequency:
        return this.unit(() => void (key.frequency = source.byte()))
    }
    key.offset = -1
    this.readFileOpcode(opcode)
  }

  private readFileOpcode(opcode: number): void {
    const { key, source } = this
    switch (opcode) {
      case Opcode.selectDatabase:
        return this.unit(() => void (key.database = readLength(source)))
      case Opcode.resizeDatabase:
        return this.skipLengths(2)
      case Opcode.slotInfo:
        return this.skipLengths(3)
      case Opcode.aux:
        return this.readFact()
      case Opcode.function2:
        return this.readLibrary()
      case Opcode.moduleAux:
        return this.unit(() => this.skipModuleFact())
      case Opcode.endOfFile:
        source.sum()
        this.hasEnded = true
        return
    }
    this.refuse(`opcode ${opcode} is not known`, source.offset - 1)
  }

  private skipLengths(count: number): void {
    for (let i = 0; i < count; i++) this.unit(() => void readLength(this.source))
  }

  private readFact(): void {
    const { name, source, text } = this
    this.unit(() => {
      name.read(source)
      text.read(source)
    })
    this.visitor.fact?.(latin1(name.bytes, name.start, name.end), latin1(text.bytes, text.start, text.end))
  }

  private readLibrary(): void {
    const { text } = this
    this.unit(() => text.read(this.source))
    this.visitor.library?.(text.bytes.slice(text.start, text.end))
  }

  private skipModuleFact(): void {
    const { source } = this
    readLength64(source, this.integer)
    const when = readLength(source)
    readLength(source)
    if (source.fault === Fault.none && when !== MODULE_UINT)
      source.corrupt('data of a module does not say when it is due')
    skipModuleValue(source, this.text)
  }

  private readChecksum(): void {
    const { source } = this
    const { high, low } = source.checksum
    const { offset } = source
    const storedLow = source.uint32LE()
    const storedHigh = source.int32LE()
    if (source.fault !== Fault.none) return
    this.hasChecksum = storedLow !== 0 || storedHigh !== 0
    if (this.hasChecksum && (storedLow !== low || storedHigh !== high)) this.refuse('the checksum is wrong', offset)
  }
}

function newKey(): RdbKey {
  return {
    database: 0,
    name: '',
    typeByte: ValueType.string,
    type: Type.string,
    entry: 0,
    moduleName: '',
    expiryMs: -1,
    idleSeconds: -1,
    frequency: -1,
    offset: -1,
    bytes: 0,
  }
}
