/** Single values to and from bytes, as DUMP, RESTORE and MIGRATE need them; one for a store. */

import type { Log } from '../../base/environment.js'
import { fromNumber, Int64 } from '../../base/int64.js'
import type { Config } from '../../config/config.js'
import { defineService } from '../../engine/services.js'
import type { Database } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { setInteger, setString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ByteSink, MemoryTaker } from '../byte-sink.js'
import { ByteSource, Fault } from '../byte-source.js'
import { DecodeContext, Status } from './decode-context.js'
import { typeOfValue, ValueDecoder } from './decode-value.js'
import { verifyDump, writeDump } from './dump-payload.js'
import { RdbString } from './input.js'
import { putCollection } from './put-collection.js'
import { rdbWriteOptions } from './write-options.js'
import { RdbWriter } from './writer.js'

const UNITS_A_STEP = 1 << 20
const DUMP_CHUNK_BYTES = 8192

export class ValueCodec {
  /** DEBUG SET-SKIP-CHECKSUM-VALIDATION turns it off. */
  checksChecksums: boolean
  private readonly keyspace: Keyspace
  private readonly config: Config
  private readonly log: Log
  private readonly source: ByteSource
  private readonly context: DecodeContext
  private readonly decoder: ValueDecoder
  private readonly text: RdbString
  private readonly integer: Int64
  private type: Type
  /** Values looked through in full by others, such as loaders. */
  sanitizedElsewhere: number

  constructor(keyspace: Keyspace, config: Config, log: Log) {
    this.checksChecksums = true
    this.keyspace = keyspace
    this.config = config
    this.log = log
    this.source = new ByteSource()
    this.context = new DecodeContext(keyspace, this.source)
    this.decoder = new ValueDecoder(this.context)
    this.text = new RdbString()
    this.integer = new Int64()
    this.type = Type.string
    this.sanitizedElsewhere = 0
  }

  /** How many values were looked through for duplicates. */
  get sanitized(): number {
    return this.context.sanitized + this.sanitizedElsewhere
  }

  /** The payload of a key's value: bytes[0, length) of what is returned. */
  dump(entry: Pointer): MemoryTaker {
    const taker = new MemoryTaker()
    const sink = new ByteSink(taker, DUMP_CHUNK_BYTES)
    writeDump(new RdbWriter(this.keyspace, sink, rdbWriteOptions(this.config.values)), entry)
    return taker
  }

  /** Where the value in a payload ends; -1 when its version or checksum is wrong. */
  verify(bytes: Uint8Array, start: number, end: number): number {
    return verifyDump(bytes, start, end, this.checksChecksums)
  }

  /**
   * Builds the value that a payload holds. After `done`, `put` or `drop` must follow.
   *
   * @param end  of the value, as `verify` returned it
   * @returns done, noMemory, or failed, with the reason logged
   */
  decode(bytes: Uint8Array, start: number, end: number, sanitizes: boolean): Status {
    const { context, source } = this
    context.sanitizes = sanitizes
    source.openBytes(bytes, start, end)
    const typeByte = source.byte()
    const type = typeOfValue(typeByte)
    if (source.fault !== Fault.none || type === undefined) return this.failed(Status.failed)
    this.type = type
    if (type === Type.string) {
      this.text.read(source)
      return source.fault === Fault.none ? Status.done : this.failed(Status.failed)
    }
    if (!this.decoder.begin(typeByte)) return this.failed(Status.failed)
    let status = this.decoder.step(UNITS_A_STEP)
    while (status === Status.more) status = this.decoder.step(UNITS_A_STEP)
    return status === Status.done ? status : this.failed(status)
  }

  /** Adds the value just decoded under a key that is missing; 0 without memory, and then the value is gone. */
  put(database: Database, key: Uint8Array, start: number, end: number, expiryMs: number): Pointer {
    database.find(key, start, end)
    if (this.type === Type.string) return this.putString(database, key, start, end, expiryMs)
    const { encoding, type, value } = this.decoder
    const entry = putCollection(database, key, start, end, type, encoding, value, expiryMs)
    if (entry === 0) this.decoder.abandon()
    return entry
  }

  /** Frees the value just decoded. */
  drop(): void {
    if (this.type !== Type.string) this.decoder.abandon()
  }

  private putString(database: Database, key: Uint8Array, start: number, end: number, expiryMs: number): Pointer {
    const { integer, text } = this
    if (!text.isInteger) {
      return setString(database, 0, key, start, end, text.bytes, text.start, text.end, expiryMs)
    }
    fromNumber(text.value, integer)
    return setInteger(database, 0, key, start, end, integer, expiryMs)
  }

  private failed(status: Status): Status {
    const { problem, problemOffset } = this.source
    if (problem !== '') {
      const where = `Internal error in RDB reading offset ${problemOffset}`
      this.log.write('warning', `${where} -> ${problem}. Failure loading rdb format`)
    }
    return status === Status.noMemory ? status : Status.failed
  }
}

export const valueCodec = defineService<ValueCodec>('value codec')
