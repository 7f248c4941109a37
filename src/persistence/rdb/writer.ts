/**
 * Writes RDB: the whole of a file piece by piece, or the value of one key.
 *
 * The writer keeps no state but the sink, so pieces may be written in any order that makes a file; who walks the key space
 * decides. A value is written at once (`key`) or, when it is too large for a slice of work, unit by unit (`beginKey` and what
 * follows it). What an older version lacks is written in the form that it has: `valueTypes` below says which.
 */

import { latin1Bytes } from '../../base/bytes.js'
import { Int64, isSafe, toNumber, writeInt64 } from '../../base/int64.js'
import { lfuDecayed, lruIdleSeconds } from '../../keyspace/access-clock.js'
import {
  CLOCK_MASK,
  clockWordOf,
  Encoding,
  encodingOf,
  expiryOf,
  keyBytes,
  keyLength,
  keyStart,
  metaOf,
  Type,
  typeOf,
} from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { plainLength, readInteger, valueBytes, valueStart } from '../../keyspace/types/string.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import type { IndexCursor } from '../../structures/stream-index.js'
import type { ByteSink } from '../byte-sink.js'
import { ValueEncoder } from './encode-value.js'
import { Length, Opcode, StringEncoding } from './format.js'
import { RdbOutput } from './output.js'

export interface RdbWriteOptions {
  /** 9, 10 or 11. */
  readonly version: number
  /** Compresses strings where that pays. */
  readonly compresses: boolean
  /** What is noted of the use of each key, as the eviction policy wants it. */
  readonly usage: 'none' | 'idle' | 'frequency'
}

/** What stands at the beginning of a file about the file itself. */
export interface RdbFileFacts {
  readonly nowMs: number
  readonly usedMemory: number
  readonly pointerBits: number
  /** The file is the base of an append-only log. */
  readonly isAofBase: boolean
  /** The code of each library of functions. */
  readonly libraries?: Iterable<Uint8Array>
  /** Where in the history of a primary the file stands. */
  readonly replication?: { readonly streamDatabase: number; readonly id: string; readonly offset: number }
}

/** The version of the reference whose files these are. */
const REFERENCE_VERSION = '7.2.4'
const FIRST_WITH_FUNCTIONS = 10
const FIRST_WITH_AOF_BASE = 10

export class RdbWriter {
  readonly keyspace: Keyspace
  readonly options: RdbWriteOptions
  private readonly arena: Arena
  private readonly output: RdbOutput
  private readonly values: ValueEncoder
  private readonly integer: Int64
  private readonly digits: Uint8Array

  constructor(keyspace: Keyspace, sink: ByteSink, options: RdbWriteOptions) {
    this.keyspace = keyspace
    this.options = options
    this.arena = keyspace.arena
    this.output = new RdbOutput(sink, options.compresses)
    this.values = new ValueEncoder(keyspace, this.output, options.version)
    this.integer = new Int64()
    this.digits = new Uint8Array(24)
  }

  /** Where everything goes; may be exchanged between two pieces. */
  get sink(): ByteSink {
    return this.output.sink
  }

  set sink(sink: ByteSink) {
    this.output.sink = sink
  }

  // The file.

  /** Signature, version, facts about the file, and libraries of functions. */
  start(facts: RdbFileFacts): void {
    const magic = latin1Bytes(`REDIS${String(this.options.version).padStart(4, '0')}`)
    this.sink.bytes(magic, 0, magic.length)
    this.fact('redis-ver', REFERENCE_VERSION)
    this.fact('redis-bits', facts.pointerBits)
    this.fact('ctime', Math.floor(facts.nowMs / 1000))
    this.fact('used-mem', facts.usedMemory)
    const { replication } = facts
    if (replication !== undefined) {
      this.fact('repl-stream-db', replication.streamDatabase)
      this.fact('repl-id', replication.id)
      this.fact('repl-offset', replication.offset)
    }
    const name = this.options.version >= FIRST_WITH_AOF_BASE ? 'aof-base' : 'aof-preamble'
    this.fact(name, facts.isAofBase ? 1 : 0)
    for (const code of facts.libraries ?? []) this.library(code, 0, code.length)
  }

  /** The code of a library of functions; versions before 10 have none. */
  library(code: Uint8Array, start: number, end: number): void {
    if (this.options.version < FIRST_WITH_FUNCTIONS) return
    this.sink.byte(Opcode.function2)
    this.output.string(code, start, end)
  }

  /** The keys that follow are of this database. */
  selectDatabase(index: number): void {
    this.sink.byte(Opcode.selectDatabase)
    this.output.length(index)
  }

  /** How many keys the database has, and how many of them expire. */
  resizeDatabase(keys: number, volatileKeys: number): void {
    this.sink.byte(Opcode.resizeDatabase)
    this.output.length(keys)
    this.output.length(volatileKeys)
  }

  /** End mark and checksum; nothing is left in the sink. */
  end(): void {
    const { sink } = this
    sink.byte(Opcode.endOfFile)
    sink.flush()
    const { high, low } = sink.checksum
    sink.uint32LE(low)
    sink.uint32LE(high)
    sink.flush()
  }

  // Keys.

  /** Writes a key with its value and all that is known about it. */
  key(entry: Pointer): void {
    this.header(entry)
    this.value(entry)
  }

  /** First byte of a key's record, or of a dumped value: how the value is written. */
  typeByteOf(entry: Pointer): number {
    return this.values.typeByteOf(typeOf(this.arena, entry), encodingOf(this.arena, entry))
  }

  /** Writes a value alone. */
  value(entry: Pointer): void {
    const type = typeOf(this.arena, entry)
    if (type === Type.string) this.string(entry)
    else this.values.write(type, encodingOf(this.arena, entry), cellPointer(this.arena, entry))
  }

  // Large values, unit by unit.

  /** How many units `beginKey` leaves to be written; 1 for a value that is one piece. */
  unitCount(entry: Pointer): number {
    const type = typeOf(this.arena, entry)
    if (type !== Type.string) {
      return this.values.unitCount(type, encodingOf(this.arena, entry), cellPointer(this.arena, entry))
    }
    const meta = metaOf(this.arena, entry)
    if (encodingOf(this.arena, entry) === Encoding.int) return 1
    return Math.ceil(plainLength(this.arena, entry, meta) / STRING_PART_BYTES) || 1
  }

  /** Writes what stands in front of the units: for a set, hash, sorted set, quicklist, stream, or plain string. */
  beginKey(entry: Pointer): void {
    this.header(entry)
    const type = typeOf(this.arena, entry)
    if (type === Type.string) this.output.length(plainLength(this.arena, entry, metaOf(this.arena, entry)))
    else this.values.begin(type, encodingOf(this.arena, entry), cellPointer(this.arena, entry))
  }

  /**
   * Writes what stands in front of a string of which it is not known yet whether it will be compressed; `plainLength` or
   * `packedLength`, and the bytes, follow.
   */
  beginString(entry: Pointer): void {
    this.header(entry)
  }

  plainLength(bytes: number): void {
    this.output.length(bytes)
  }

  /** @param packedBytes  how many bytes of LZF follow, which expand to `bytes` */
  packedLength(packedBytes: number, bytes: number): void {
    this.sink.byte(Length.encoded | StringEncoding.lzf)
    this.output.length(packedBytes)
    this.output.length(bytes)
  }

  /** An element of a set, hash or sorted set that is a dict; in any order, each once. */
  element(type: Type, encoding: Encoding, element: Pointer): void {
    this.values.element(type, encoding, element)
  }

  /** A node of a quicklist, in order. */
  listNode(node: Pointer): void {
    this.values.listNode(node)
  }

  /** The node of a stream at a cursor, in order; `streamEnd` follows the last. */
  streamNode(cursor: IndexCursor): void {
    this.values.streamNode(cursor)
  }

  /** What follows the nodes of a stream. */
  streamEnd(entry: Pointer): void {
    this.values.streamEnd(cellPointer(this.arena, entry))
  }

  /** Bytes `from` to `to` of a plain string. */
  stringPart(entry: Pointer, from: number, to: number): void {
    const meta = metaOf(this.arena, entry)
    const start = valueStart(this.arena, entry, meta)
    this.sink.bytes(valueBytes(this.arena, entry, meta), start + from, start + to)
  }

  private fact(name: string, value: string | number): void {
    this.sink.byte(Opcode.aux)
    this.output.text(name)
    if (typeof value === 'number') this.output.integer(value)
    else this.output.text(value)
  }

  private header(entry: Pointer): void {
    const { arena, output } = this
    const expiryMs = expiryOf(arena, entry)
    if (expiryMs >= 0) {
      this.sink.byte(Opcode.expiryMs)
      this.sink.integer64LE(expiryMs)
    }
    if (this.options.usage !== 'none') this.use(entry)
    this.sink.byte(this.typeByteOf(entry))
    const start = keyStart(arena, entry)
    output.string(keyBytes(arena, entry), start, start + keyLength(arena, entry))
  }

  private use(entry: Pointer): void {
    const { nowMs, lfuDecayMinutes } = this.keyspace
    const clock = clockWordOf(this.arena, entry) & CLOCK_MASK
    if (this.options.usage === 'idle') {
      this.sink.byte(Opcode.idle)
      this.output.length(lruIdleSeconds(clock, nowMs))
    } else {
      this.sink.byte(Opcode.frequency)
      this.sink.byte(lfuDecayed(clock, nowMs, lfuDecayMinutes))
    }
  }

  private string(entry: Pointer): void {
    const { arena, integer, output } = this
    const meta = metaOf(arena, entry)
    if (encodingOf(arena, entry) === Encoding.int) {
      readInteger(arena, entry, integer)
      if (isSafe(integer)) return output.integer(toNumber(integer))
      return output.string(this.digits, 0, writeInt64(integer, this.digits, 0))
    }
    const start = valueStart(arena, entry, meta)
    output.string(valueBytes(arena, entry, meta), start, start + plainLength(arena, entry, meta))
  }
}

/** What counts as a unit of a plain string. */
const STRING_PART_BYTES = 65536
