/**
 * All databases of a store over one arena, with what they share: the time as commands see it, the access clock, counters, the
 * hash key, and the freeing of values.
 */

import { assert } from '../base/assert.js'
import { copy } from '../base/bytes.js'
import type { Random } from '../base/environment.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { lfuFresh, lfuTouched, lruClock } from './access-clock.js'
import type { ValueGuard } from './change-guard.js'
import { Database } from './database.js'
import {
  cellWord,
  CLOCK_MASK,
  clockWordOf,
  EXTERNAL_KEY_LENGTH,
  HAS_CELL,
  KEY_LENGTH_SHIFT,
  keyBytes,
  keyLength,
  keyOffset,
  keyStart,
  metaOf,
  setClockWord,
  Type,
  TYPE_MASK,
  encodingOfMeta,
  Encoding,
} from './entry.js'
import { type KeyspaceEvents, silentEvents } from './events.js'
import { LookAhead } from './look-ahead.js'
import { Reclaimer } from './reclaimer.js'
import { KeyspaceStat } from './statistics.js'
import { HashType } from './types/hash.js'
import { SetType } from './types/set.js'
import { ListLimits } from './types/list-limits.js'
import { StreamType } from './types/stream.js'
import { ZsetType } from './types/zset.js'

/** What the keyspace asks of a type whose values lie outside the entry; `value` is the first word of the entry's cell. */
export interface ValueOwner {
  /** Elements to be freed, which decides whether freeing lazily is worth it. */
  effort(value: Pointer, encoding: Encoding): number
  free(value: Pointer, encoding: Encoding): void
  /** Frees about `elementsMax` elements of a value that no entry holds any more; returns what is left of it, 0 at the end. */
  freeSome(value: Pointer, encoding: Encoding, elementsMax: number): Pointer
  /** Copies a value; 0 when memory could not be had. The second word of the cell goes for the copy as well. */
  duplicate(value: Pointer, encoding: Encoding): Pointer
  /** Bytes of all its blocks, estimated from so many elements; MEMORY USAGE. */
  memoryBytes?(value: Pointer, samples: number, encoding: Encoding): number
}

/** Values of more elements than this are freed in the background when the command allows it. */
const LAZY_FREE_EFFORT = 64

export class Keyspace {
  readonly arena: Arena
  readonly random: Random
  readonly hashKey0: number
  readonly hashKey1: number
  readonly databases: Database[]
  readonly statistics: Float64Array
  readonly reclaimer: Reclaimer
  readonly lookAhead: LookAhead
  readonly lists: ListLimits
  events: KeyspaceEvents
  /** The time of the running command, in ms since 1970. */
  nowMs: number
  /** The access field a new key gets, and under LRU every touched key. */
  freshClock: number
  isLfu: boolean
  lfuDecayMinutes: number
  lfuLogFactor: number
  /** Some client watches some key, or tracks keys: changes are announced. */
  hasWatchers: boolean
  /** Keys past their time are deleted on sight (a primary), or only hidden (a replica, a pause). */
  deletesExpired: boolean
  /** The background search for expired keys runs (DEBUG SET-ACTIVE-EXPIRE). */
  expiresActively: boolean
  isLoading: boolean
  lazyFreesExpired: boolean
  /** DEL frees large values in slices, as UNLINK does (lazyfree-lazy-user-del). */
  lazyFreesDeleted: boolean
  /** Values that a write replaces are freed in slices when large (lazyfree-lazy-server-del). */
  lazyFreesOverwritten: boolean
  /** Announced changes; the executor checks that a reading command made none. */
  writes: number
  /** Asked before values that are saved in parts are freed or overwritten, while somebody saves the data set as it was. */
  guard: ValueGuard | undefined
  readonly hashes: HashType
  readonly sets: SetType
  readonly streams: StreamType
  readonly zsets: ZsetType
  private readonly owners: (ValueOwner | undefined)[]

  constructor(arena: Arena, random: Random, databaseCount: number) {
    this.arena = arena
    this.random = random
    this.hashKey0 = random.next32() | 0
    this.hashKey1 = random.next32() | 0
    this.statistics = new Float64Array(KeyspaceStat.count)
    this.reclaimer = new Reclaimer(this)
    this.lookAhead = new LookAhead(this.hashKey0, this.hashKey1)
    this.lists = new ListLimits()
    this.events = silentEvents
    this.nowMs = 0
    this.freshClock = 0
    this.isLfu = false
    this.lfuDecayMinutes = 1
    this.lfuLogFactor = 10
    this.hasWatchers = false
    this.deletesExpired = true
    this.expiresActively = true
    this.isLoading = false
    this.lazyFreesExpired = false
    this.lazyFreesDeleted = false
    this.lazyFreesOverwritten = false
    this.writes = 0
    this.guard = undefined
    this.hashes = new HashType(this)
    this.sets = new SetType(this)
    this.streams = new StreamType(arena)
    this.zsets = new ZsetType(this)
    this.owners = []
    this.registerOwner(Type.hash, this.hashes)
    this.registerOwner(Type.set, this.sets)
    this.registerOwner(Type.stream, this.streams)
    this.registerOwner(Type.zset, this.zsets)
    this.databases = []
    for (let index = 0; index < databaseCount; index++) this.databases.push(new Database(this, index))
  }

  /** Sets the time that commands see from now on. */
  setTime(nowMs: number): void {
    if (nowMs === this.nowMs) return
    this.nowMs = nowMs
    this.freshClock = this.isLfu ? lfuFresh(nowMs) : lruClock(nowMs)
  }

  setLfu(isLfu: boolean): void {
    this.isLfu = isLfu
    this.freshClock = isLfu ? lfuFresh(this.nowMs) : lruClock(this.nowMs)
  }

  /** Notes an access. */
  touch(entry: Pointer): void {
    const word = clockWordOf(this.arena, entry)
    const clock = this.isLfu
      ? lfuTouched(word & CLOCK_MASK, this.nowMs, this.lfuDecayMinutes, this.lfuLogFactor, this.random)
      : this.freshClock
    if ((word & CLOCK_MASK) !== clock) setClockWord(this.arena, entry, (word & ~CLOCK_MASK) | clock)
  }

  registerOwner(type: Type, owner: ValueOwner): void {
    assert(this.owners[type] === undefined)
    this.owners[type] = owner
  }

  get keyCount(): number {
    let count = 0
    for (const database of this.databases) count += database.size
    return count
  }

  /** A copy of an entry's key, fit to be kept. */
  copyKey(entry: Pointer): Uint8Array {
    const start = keyStart(this.arena, entry)
    return keyBytes(this.arena, entry).slice(start, start + keyLength(this.arena, entry))
  }

  /** First word of the entry's cell when that refers to a value outside the entry, otherwise 0. */
  valuePointer(entry: Pointer, meta: number): Pointer {
    if ((meta & HAS_CELL) === 0 || encodingOfMeta(meta) === Encoding.int) return 0
    return this.arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!
  }

  /** Frees an unlinked entry with its value; see `freeValue`. */
  freeEntry(entry: Pointer, lazily: boolean, isCounted = lazily): void {
    const meta = metaOf(this.arena, entry)
    const value = this.valuePointer(entry, meta)
    if (value !== 0) this.freeValue(meta, value, lazily, isCounted)
    this.freeBlock(entry)
  }

  /**
   * Frees a value that no entry holds any more.
   *
   * @param meta       of the entry that held it
   * @param lazily     in slices afterwards, if it is large
   * @param isCounted  as lazily freed in the statistics
   */
  freeValue(meta: number, value: Pointer, lazily: boolean, isCounted = lazily): void {
    const type = (meta & TYPE_MASK) as Type
    const encoding = encodingOfMeta(meta)
    if (this.guard !== undefined && this.guard.keeps(type, encoding, value)) return
    if (type === Type.string) return this.arena.free(value)
    const owner = this.ownerOf(type)
    if (lazily && owner.effort(value, encoding) > LAZY_FREE_EFFORT) {
      this.reclaimer.addValue(owner, value, encoding, isCounted)
    } else owner.free(value, encoding)
  }

  /** A copy of the value to which an entry's cell refers; 0 when memory could not be had. */
  duplicateValue(entry: Pointer, meta: number, value: Pointer): Pointer {
    const type = (meta & TYPE_MASK) as Type
    if (type !== Type.string) return this.ownerOf(type).duplicate(value, encodingOfMeta(meta))
    const { arena } = this
    const length = arena.u32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta) + 1]!
    const duplicate = arena.allocate(length)
    if (duplicate === 0) return 0
    const from = (value & OFFSET_MASK) << 3
    const to = (duplicate & OFFSET_MASK) << 3
    copy(arena.u8[value >>> SEGMENT_SHIFT]!, from, from + length, arena.u8[duplicate >>> SEGMENT_SHIFT]!, to)
    return duplicate
  }

  /** Bytes of a value's blocks; 0 for a value that lies in the entry. */
  valueMemory(meta: number, value: Pointer, samples: number): number {
    if (value === 0) return 0
    const type = (meta & TYPE_MASK) as Type
    if (type === Type.string) return this.arena.usableBytes(value)
    return this.ownerOf(type).memoryBytes?.(value, samples, encodingOfMeta(meta)) ?? this.arena.usableBytes(value)
  }

  /** Frees an entry's block and its external key, not its value. */
  freeBlock(entry: Pointer): void {
    const meta = metaOf(this.arena, entry)
    if (meta >>> KEY_LENGTH_SHIFT === EXTERNAL_KEY_LENGTH) {
      const word = (((entry & OFFSET_MASK) << 3) + keyOffset(meta)) >>> 2
      this.arena.free(this.arena.i32[entry >>> SEGMENT_SHIFT]![word]!)
    }
    this.arena.free(entry)
  }

  /**
   * Empties one database (or all, with -1).
   *
   * Lazily, its tables are handed to the reclaimer; at once otherwise, which for all databases is a reset of the arena. What
   * somebody still saves as it was is freed when that is done.
   *
   * @returns how many keys there were
   */
  flush(index: number, lazily: boolean): number {
    let removed = 0
    for (const database of this.databases) {
      if (index >= 0 && database.index !== index) continue
      this.events.flushed(database, undefined)
      database.averageTtlMs = 0
      database.expiryCursor = 0
      if (database.size === 0) continue
      database.timed.forget()
      removed += database.size
      this.writes++
      this.reclaimer.addDatabase(database, lazily)
    }
    if (removed !== 0 && !lazily) this.reclaimNow()
    return removed
  }

  /** Joins up to `joinsMax` pairs of buckets in tables that have become too large; false when there is none (any more). */
  shrinkTables(joinsMax: number): boolean {
    if (this.isLoading) return false // tables are large because of what is to come
    for (const { keys, volatile } of this.databases) {
      if (keys.isSparse && keys.shrink(joinsMax)) return true
      if (volatile.isSparse && volatile.shrink(joinsMax)) return true
    }
    return false
  }

  /** Exchanges the contents of two databases. */
  swap(first: Database, second: Database): void {
    if (first === second) return
    this.writes++
    this.events.flushed(first, second)
    this.events.flushed(second, first)
    first.keys.swap(second.keys)
    first.volatile.swap(second.volatile)
    first.timed.swap(second.timed)
    const { averageTtlMs, expiryCursor } = first
    first.averageTtlMs = second.averageTtlMs
    first.expiryCursor = second.expiryCursor
    second.averageTtlMs = averageTtlMs
    second.expiryCursor = expiryCursor
  }

  private ownerOf(type: Type): ValueOwner {
    const owner = this.owners[type]
    assert(owner !== undefined)
    return owner
  }

  private reclaimNow(): void {
    if (this.keyCount !== 0 || this.guard !== undefined) return this.reclaimer.runAll()
    this.reclaimer.forgetAll()
    this.arena.reset()
    for (const database of this.databases) {
      database.keys.reset()
      database.volatile.reset()
      database.timed.heap = 0
    }
  }
}
