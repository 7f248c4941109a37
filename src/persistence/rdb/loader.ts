/**
 * Loads RDB into a key space, from whatever source the bytes come, in slices of time.
 *
 * A record (an opcode, or a key with its value) is read from the source's window in one go and takes effect only when all of it
 * was there; values with many elements are built unit by unit by the decoders. Strings go straight from the window into the arena,
 * very long ones a piece at a time.
 */

import { copy, latin1 } from '../../base/bytes.js'
import type { Clock, Log } from '../../base/environment.js'
import { fromNumber, Int64 } from '../../base/int64.js'
import { lzfDecompress } from '../../base/lzf.js'
import { lfuWith, lruBefore } from '../../keyspace/access-clock.js'
import type { Database } from '../../keyspace/database.js'
import { CLOCK_MASK, clockWordOf, setClockWord, type Encoding, type Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { setBlock, setInteger, setString } from '../../keyspace/types/string.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { DecodeContext, Status } from './decode-context.js'
import { ValueDecoder } from './decode-value.js'
import { Opcode, RDB_VERSION_READ_MAX, ValueType } from './format.js'
import { readLength, readLength64, RdbString } from './input.js'
import { moduleTypeOf } from './module-id.js'
import { putCollection } from './put-collection.js'

export interface RdbLoadOptions {
  readonly clock: Clock
  readonly log: Log
  /** Compares the checksum at the end, unless the file has none. */
  readonly checksChecksum: boolean
  /** Looks for duplicates in values that are kept as they come. */
  readonly sanitizes: boolean
  /** Keys past their time are loaded all the same: on a replica, and where a log of changes follows. */
  readonly keepsExpired: boolean
  /** Keys that are there already are replaced, rather than the file refused. */
  readonly replacesKeys: boolean
  /** Where keys go; those of the key space when not given. */
  readonly databases?: readonly Database[]
  /** Called behind each key. */
  readonly afterKey?: () => void
  /** Takes the code of a library of functions; returns why it is refused. */
  loadLibrary(code: Uint8Array): string | undefined
}

export interface RdbError {
  readonly kind: 'signature' | 'version' | 'corrupt' | 'truncated' | 'checksum' | 'databases' | 'duplicate' | 'module' | 'library' | 'memory' // prettier-ignore
  readonly message: string
  /** Of the input: where it was noticed. */
  readonly offset: number
}

const Stage = { header: 0, record: 1, value: 2, string: 3, table: 4, checksum: 5, done: 6, failed: 7 } as const
type Stage = (typeof Stage)[keyof typeof Stage]

const SIGNATURE_BYTES = 9
const FIRST_WITH_CHECKSUM = 5
const NO_EXPIRY = -1
/** Records, or units of a value, between two looks at the clock. */
const RECORDS_PER_LOOK = 64
/** Of the keys without elements so many are logged. */
const EMPTY_KEYS_LOGGED = 10
/** Of a long string, copied in one go. */
const PIECE_BYTES = 1 << 16
/** Chunks of a key table that are made ready in one go. */
const CHUNKS_A_STEP = 4
/** No key takes less of a file: its type, and its and its value's length. */
const KEY_BYTES_MIN = 3
const MB = 1024 * 1024
const UNKNOWN = -1

export class RdbLoader {
  error: RdbError | undefined
  version: number
  loaded: number
  expired: number
  emptyKeys: number
  /** Facts about the file, by name; names in lower case. */
  readonly facts: Map<string, string>
  readonly source: ByteSource
  private readonly keyspace: Keyspace
  private readonly options: RdbLoadOptions
  private readonly databases: readonly Database[]
  private readonly context: DecodeContext
  private readonly decoder: ValueDecoder
  private readonly key: RdbString
  private readonly text: RdbString
  private readonly content: RdbString
  private readonly integer: Int64
  private readonly afterKey: (() => void) | undefined
  private stage: Stage
  private database: Database
  /** Of the key to come. */
  private expiryMs: number
  private idleSeconds: number
  private frequency: number
  /** The key whose value is being read: the window moves on meanwhile. */
  private heldKey: Uint8Array
  private heldLength: number
  /** Of a long string: where it is being put, how long it is, and how much of it is there. */
  private block: Pointer
  private blockLength: number
  private blockFilled: number
  /** Keys that the database is to be made ready for. */
  private keysToCome: number

  constructor(keyspace: Keyspace, source: ByteSource, options: RdbLoadOptions) {
    this.error = undefined
    this.version = 0
    this.loaded = 0
    this.expired = 0
    this.emptyKeys = 0
    this.facts = new Map()
    this.source = source
    this.keyspace = keyspace
    this.options = options
    this.databases = options.databases ?? keyspace.databases
    this.context = new DecodeContext(keyspace, source)
    this.context.sanitizes = options.sanitizes
    this.decoder = new ValueDecoder(this.context)
    this.key = new RdbString()
    this.text = new RdbString()
    this.content = new RdbString()
    this.content.leavesLarge = true
    this.integer = new Int64()
    this.afterKey = options.afterKey
    this.stage = Stage.header
    this.database = this.databases[0]!
    this.expiryMs = NO_EXPIRY
    this.idleSeconds = UNKNOWN
    this.frequency = UNKNOWN
    this.heldKey = new Uint8Array(64)
    this.heldLength = 0
    this.block = 0
    this.blockLength = 0
    this.blockFilled = 0
    this.keysToCome = 0
    source.checksums = options.checksChecksum
  }

  /** Values that were looked through for duplicates. */
  get sanitized(): number {
    return this.context.sanitized
  }

  /**
   * Goes on until the time is over or the file is.
   *
   * @param deadlineUs  on the monotonic clock; Infinity for no end
   * @returns more, starved, done, or failed, when `error` says why
   */
  step(deadlineUs: number): Status {
    const { clock } = this.options
    do {
      for (let i = 0; i < RECORDS_PER_LOOK; i++) {
        const status = this.advance()
        if (status === Status.more) continue
        if (status === Status.starved && this.source.refill()) continue
        if (status === Status.starved && this.source.fault === Fault.none) return status
        return status === Status.done ? status : this.fail(status)
      }
    } while (deadlineUs === Infinity || clock.monotonicUs() < deadlineUs)
    return Status.more
  }

  /** Gives up on a file that is half loaded. */
  abandon(): void {
    if (this.stage === Stage.value) this.decoder.abandon()
    if (this.stage === Stage.string) this.keyspace.arena.free(this.block)
    this.stage = Stage.failed
  }

  private advance(): Status {
    if (this.stage === Stage.record) return this.readRecord()
    if (this.stage === Stage.value) return this.readValue()
    if (this.stage === Stage.string) return this.readLongString()
    if (this.stage === Stage.table) return this.makeTableReady()
    if (this.stage === Stage.header) return this.readHeader()
    if (this.stage === Stage.checksum) return this.readChecksum()
    return this.stage === Stage.done ? Status.done : Status.failed
  }

  private readHeader(): Status {
    const { source } = this
    source.setMark()
    if (!source.has(SIGNATURE_BYTES)) return this.trouble()
    const { at, bytes } = source
    if (latin1(bytes, at, at + 5) !== 'REDIS') return this.refuse('signature', WRONG_SIGNATURE)
    this.version = leadingInteger(latin1(bytes, at + 5, at + SIGNATURE_BYTES))
    if (this.version < 1 || this.version > RDB_VERSION_READ_MAX) {
      return this.refuse('version', `Can't handle RDB format version ${this.version}`)
    }
    source.at = at + SIGNATURE_BYTES
    this.stage = Stage.record
    return Status.more
  }

  private readRecord(): Status {
    const { content, key, source } = this
    source.setMark()
    const typeByte = source.byte()
    if (typeByte >= Opcode.slotInfo) return this.readOpcode(typeByte)
    if (source.fault !== Fault.none) return this.trouble()
    key.read(source)
    if (typeByte === ValueType.string) {
      content.read(source)
      if (source.fault !== Fault.none) return this.trouble()
      return content.largeLength === 0 ? this.addString() : this.beginLongString()
    }
    if (source.fault !== Fault.none) return this.trouble()
    if (typeByte === ValueType.module2) return this.refuseModule('module data', 'module type')
    if (!this.decoder.begin(typeByte)) return this.trouble()
    this.holdKey()
    this.stage = Stage.value
    return Status.more
  }

  private readValue(): Status {
    const status = this.decoder.step(RECORDS_PER_LOOK)
    if (status === Status.more || status === Status.starved) return status
    this.stage = Stage.record
    if (status === Status.empty) return this.skipEmpty()
    if (status !== Status.done) return status
    const { encoding, type, value } = this.decoder
    return this.addCollection(type, encoding, value)
  }

  // Keys.

  private addString(): Status {
    const { content: text, database, key } = this
    const status = this.claim(key.bytes, key.start, key.end)
    if (status !== Status.more) return status === Status.empty ? this.nextKey() : status
    let entry: Pointer
    if (text.isInteger) {
      fromNumber(text.value, this.integer)
      entry = setInteger(database, 0, key.bytes, key.start, key.end, this.integer, this.expiryMs)
    } else {
      entry = setString(
        database, 0, key.bytes, key.start, key.end, text.bytes, text.start, text.end, this.expiryMs,
      ) // prettier-ignore
    }
    return this.added(entry)
  }

  private beginLongString(): Status {
    const { content, keyspace } = this
    const block = keyspace.arena.allocate(content.largeLength)
    if (block === 0) return Status.noMemory
    this.holdKey()
    this.block = block
    this.blockLength = content.largeLength
    this.blockFilled = 0
    this.stage = Stage.string
    content.largeLength = 0 // reading a short string leaves it as it is
    return content.compressedLength === 0 ? Status.more : this.expandLongString(content.compressedLength)
  }

  private readLongString(): Status {
    const { block, source } = this
    source.setMark()
    const length = Math.min(this.blockLength - this.blockFilled, source.end - source.at, PIECE_BYTES)
    if (length === 0) {
      source.has(1)
      return this.trouble()
    }
    const start = ((block & OFFSET_MASK) << 3) + this.blockFilled
    copy(source.bytes, source.at, source.at + length, this.keyspace.arena.u8[block >>> SEGMENT_SHIFT]!, start)
    source.at += length
    this.blockFilled += length
    return this.blockFilled === this.blockLength ? this.addLongString() : Status.more
  }

  private expandLongString(compressed: number): Status {
    const { block, blockLength, source } = this
    const target = this.keyspace.arena.u8[block >>> SEGMENT_SHIFT]!
    const start = (block & OFFSET_MASK) << 3
    const end = lzfDecompress(source.bytes, source.at, source.at + compressed, target, start, start + blockLength)
    if (end !== start + blockLength) {
      source.corrupt('Invalid LZF compressed string')
      return this.trouble()
    }
    source.at += compressed
    return this.addLongString()
  }

  private addLongString(): Status {
    const { block, blockLength, database, heldKey, heldLength, keyspace } = this
    this.stage = Stage.record
    const status = this.claim(heldKey, 0, heldLength)
    if (status !== Status.more) {
      keyspace.arena.free(block)
      return status === Status.empty ? this.nextKey() : status
    }
    const entry = setBlock(database, 0, heldKey, 0, heldLength, block, blockLength, this.expiryMs)
    if (entry === 0) keyspace.arena.free(block)
    return this.added(entry)
  }

  private addCollection(type: Type, encoding: Encoding, value: Pointer): Status {
    const { database, heldKey, heldLength } = this
    const status = this.claim(heldKey, 0, heldLength)
    if (status !== Status.more) {
      this.decoder.abandon()
      return status === Status.empty ? this.nextKey() : status
    }
    const entry = putCollection(database, heldKey, 0, heldLength, type, encoding, value, this.expiryMs)
    if (entry === 0) this.decoder.abandon()
    return this.added(entry)
  }

  /** Makes sure of a key's place: more, empty when the key is past its time, or failed. The database has looked for it then. */
  private claim(key: Uint8Array, start: number, end: number): Status {
    const { database, options } = this
    if (this.expiryMs !== NO_EXPIRY) {
      if (!options.keepsExpired && this.expiryMs < this.keyspace.nowMs) {
        this.expired++
        return Status.empty
      }
      // A moment before 1970 cannot be kept, and need not be.
      if (this.expiryMs < 0) this.expiryMs = 0
    }
    const entry = database.find(key, start, end)
    if (entry === 0) return Status.more
    if (!options.replacesKeys) {
      const name = latin1(key, start, end)
      return this.refuse('duplicate', `RDB has duplicated key '${name}' in DB ${database.index}`)
    }
    database.remove(entry, false)
    database.find(key, start, end)
    return Status.more
  }

  private added(entry: Pointer): Status {
    if (entry === 0) return Status.noMemory
    this.loaded++
    if (this.idleSeconds !== UNKNOWN || this.frequency !== UNKNOWN) this.noteUse(entry)
    return this.nextKey()
  }

  private noteUse(entry: Pointer): void {
    const { arena, isLfu, nowMs } = this.keyspace
    const word = clockWordOf(arena, entry)
    let clock = word & CLOCK_MASK
    if (isLfu && this.frequency !== UNKNOWN) {
      clock = lfuWith(this.frequency, nowMs)
    } else if (!isLfu && this.idleSeconds !== UNKNOWN) clock = lruBefore(nowMs, this.idleSeconds)
    setClockWord(arena, entry, (word & ~CLOCK_MASK) | clock)
  }

  /** What was said about this key does not go for the next. */
  private nextKey(): Status {
    if (this.afterKey !== undefined) this.afterKey()
    this.expiryMs = NO_EXPIRY
    this.idleSeconds = UNKNOWN
    this.frequency = UNKNOWN
    return Status.more
  }

  private skipEmpty(): Status {
    if (this.emptyKeys++ < EMPTY_KEYS_LOGGED) {
      this.log('notice', `rdbLoadObject skipping empty key: ${latin1(this.heldKey, 0, this.heldLength)}`)
    }
    return this.nextKey()
  }

  private holdKey(): void {
    const { bytes, end, start } = this.key
    const length = end - start
    if (this.heldKey.length < length) this.heldKey = new Uint8Array(length * 2)
    this.heldKey.set(bytes.subarray(start, end))
    this.heldLength = length
  }

  // Opcodes.

  private readOpcode(opcode: number): Status {
    const { source } = this
    if (opcode === Opcode.expiryMs) {
      const expiryMs = source.integer64LE()
      if (source.fault === Fault.none) this.expiryMs = expiryMs
    } else if (opcode === Opcode.expirySeconds) {
      const expirySeconds = source.int32LE()
      if (source.fault === Fault.none) this.expiryMs = expirySeconds * 1000
    } else if (opcode === Opcode.idle) {
      const idleSeconds = readLength(source)
      if (source.fault === Fault.none) this.idleSeconds = idleSeconds
    } else if (opcode === Opcode.frequency) {
      const frequency = source.byte()
      if (source.fault === Fault.none) this.frequency = frequency
    } else return this.readFileOpcode(opcode)
    return source.fault === Fault.none ? Status.more : this.trouble()
  }

  private readFileOpcode(opcode: number): Status {
    switch (opcode) {
      case Opcode.selectDatabase:
        return this.selectDatabase()
      case Opcode.resizeDatabase:
        return this.readSizes()
      case Opcode.slotInfo:
        return this.skipLengths(3)
      case Opcode.aux:
        return this.readFact()
      case Opcode.function2:
        return this.readLibrary()
      case Opcode.functionPreGa:
        return this.refuse('corrupt', 'Pre-release function format not supported.')
      case Opcode.moduleAux:
        return this.refuseModule('AUX module data', 'module')
      case Opcode.endOfFile:
        return this.readEnd()
    }
    this.source.corrupt(`Unknown RDB opcode ${opcode}`)
    return this.trouble()
  }

  /** How many keys are to come: more than the rest of the file could hold are not believed. */
  private readSizes(): Status {
    const { source } = this
    const keys = readLength(source)
    readLength(source)
    if (source.fault !== Fault.none) return this.trouble()
    if (keys * KEY_BYTES_MIN > source.left || source.left === Infinity) return Status.more
    this.keysToCome = keys
    this.stage = Stage.table
    return Status.more
  }

  private makeTableReady(): Status {
    if (this.database.keys.makeReady(this.keysToCome, CHUNKS_A_STEP)) this.stage = Stage.record
    return Status.more
  }

  private skipLengths(count: number): Status {
    for (let i = 0; i < count; i++) readLength(this.source)
    return this.source.fault === Fault.none ? Status.more : this.trouble()
  }

  private selectDatabase(): Status {
    const index = readLength(this.source)
    if (this.source.fault !== Fault.none) return this.trouble()
    const database = this.databases[index]
    if (database === undefined) {
      const most = this.databases.length
      return this.refuse(
        'databases',
        `FATAL: Data file was created with a Redis server configured to handle more than ${most} databases. Exiting`,
      )
    }
    this.database = database
    return Status.more
  }

  private readFact(): Status {
    const { key, source, text } = this
    key.read(source)
    text.read(source)
    if (source.fault !== Fault.none) return this.trouble()
    const name = latin1(key.bytes, key.start, key.end)
    const value = latin1(text.bytes, text.start, text.end)
    this.facts.set(name.toLowerCase(), value)
    this.logFact(name, value)
    return Status.more
  }

  private logFact(name: string, value: string): void {
    const number = leadingInteger(value)
    if (name.startsWith('%')) return this.log('notice', `RDB '${name}': ${value}`)
    switch (name.toLowerCase()) {
      case 'redis-ver':
        return this.log('notice', `Loading RDB produced by version ${value}`)
      case 'ctime': {
        const age = Math.floor(this.options.clock.nowMs() / 1000) - number
        return this.log('notice', `RDB age ${Math.max(0, age)} seconds`)
      }
      case 'used-mem':
        return this.log('notice', `RDB memory usage when created ${(number / MB).toFixed(2)} Mb`)
      case 'aof-preamble':
        return number === 0 ? undefined : this.log('notice', 'RDB has an AOF tail')
      case 'aof-base':
        return number === 0 ? undefined : this.log('notice', 'RDB is base AOF')
    }
    if (!KNOWN_FACTS.has(name.toLowerCase())) this.log('debug', `Unrecognized RDB AUX field: '${name}'`)
  }

  private readLibrary(): Status {
    const { source, text } = this
    text.read(source)
    if (source.fault !== Fault.none) return this.trouble()
    const refusal = this.options.loadLibrary(text.bytes.slice(text.start, text.end))
    return refusal === undefined ? Status.more : this.refuse('library', `Failed loading library, ${refusal}`)
  }

  private refuseModule(what: string, whose: string): Status {
    readLength64(this.source, this.integer)
    if (this.source.fault !== Fault.none) return this.trouble()
    const { name } = moduleTypeOf(this.integer)
    return this.refuse('module', `The RDB file contains ${what} I can't load: no matching ${whose} '${name}'`)
  }

  // The end.

  private readEnd(): Status {
    this.source.sum()
    if (this.version < FIRST_WITH_CHECKSUM) return this.finish()
    this.stage = Stage.checksum
    return Status.more
  }

  private readChecksum(): Status {
    const { source } = this
    source.setMark()
    const { high, low } = source.checksum
    const expectedLow = source.uint32LE()
    const expectedHigh = source.int32LE()
    if (source.fault !== Fault.none) return this.trouble()
    if (!this.options.checksChecksum) return this.finish()
    if (expectedLow === 0 && expectedHigh === 0) {
      this.log('notice', 'RDB file was saved with checksum disabled: no check performed.')
    } else if (expectedLow !== low || expectedHigh !== high) {
      const stored = hex64(expectedHigh, expectedLow)
      return this.refuse(
        'checksum',
        `Wrong RDB checksum expected: (${hex64(high, low)}) but got (${stored}). Aborting now.`,
      )
    }
    return this.finish()
  }

  private finish(): Status {
    const { emptyKeys, expired, loaded } = this
    this.stage = Stage.done
    const skipped = emptyKeys === 0 ? '' : `, empty keys skipped: ${emptyKeys}`
    this.log('notice', `Done loading RDB, keys loaded: ${loaded}, keys expired: ${expired}${skipped}.`)
    return Status.done
  }

  // Trouble.

  /** What the fault of the source means for the file. */
  private trouble(): Status {
    return this.source.fault === Fault.starved ? Status.starved : Status.failed
  }

  private refuse(kind: RdbError['kind'], message: string): Status {
    this.error = { kind, message, offset: this.source.offset }
    return Status.failed
  }

  private fail(status: Status): Status {
    const { source } = this
    this.abandon()
    if (this.error !== undefined) return Status.failed
    if (status === Status.noMemory) {
      this.error = { kind: 'memory', message: 'Out of memory loading DB', offset: source.offset }
    } else if (source.fault === Fault.truncated) {
      this.error = { kind: 'truncated', message: 'Unexpected EOF reading RDB file', offset: source.problemOffset }
    } else this.error = { kind: 'corrupt', message: source.problem, offset: source.problemOffset }
    return Status.failed
  }

  private log(level: 'debug' | 'notice', message: string): void {
    this.options.log.write(level, message)
  }
}

const WRONG_SIGNATURE = 'Wrong signature trying to load DB from file'
const KNOWN_FACTS: ReadonlySet<string> = new Set(['repl-stream-db', 'repl-id', 'repl-offset', 'lua', 'redis-bits'])

/** The digits at the beginning of a text, as C reads numbers; 0 without any. */
function leadingInteger(text: string): number {
  return Number(/^\s*[-+]?\d+/.exec(text)?.[0] ?? 0)
}

function hex64(high: number, low: number): string {
  const digits = `${(high >>> 0).toString(16)}${low.toString(16).padStart(8, '0')}`
  return digits.replace(/^0+(?=.)/, '')
}
