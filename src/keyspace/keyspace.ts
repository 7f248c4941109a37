/**
 * All databases of a store over one arena, with what they share: the time as commands see it, the access clock, counters, the
 * hash key, and the freeing of values.
 */

import { assert } from '../base/assert.js'
import type { Random } from '../base/environment.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { lfuFresh, lfuTouched, lruClock } from './access-clock.js'
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
import { Reclaimer } from './reclaimer.js'
import { KeyspaceStat } from './statistics.js'

/** How a type frees its value; `pointer` is the cell's first word. Types with large values free in slices. */
export interface ValueOwner {
  /** Elements to be freed, which decides whether freeing lazily is worth it. */
  effort(pointer: Pointer): number
  free(pointer: Pointer): void
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
  isLoading: boolean
  lazyFreesExpired: boolean
  /** Values that a write replaces are freed in slices when large (lazyfree-lazy-server-del). */
  lazyFreesOverwritten: boolean
  /** Announced changes; the executor checks that a reading command made none. */
  writes: number
  private readonly owners: (ValueOwner | undefined)[]

  constructor(arena: Arena, random: Random, databaseCount: number) {
    this.arena = arena
    this.random = random
    this.hashKey0 = random.next32() | 0
    this.hashKey1 = random.next32() | 0
    this.statistics = new Float64Array(KeyspaceStat.count)
    this.reclaimer = new Reclaimer(this)
    this.events = silentEvents
    this.nowMs = 0
    this.freshClock = 0
    this.isLfu = false
    this.lfuDecayMinutes = 1
    this.lfuLogFactor = 10
    this.hasWatchers = false
    this.deletesExpired = true
    this.isLoading = false
    this.lazyFreesExpired = false
    this.lazyFreesOverwritten = false
    this.writes = 0
    this.owners = []
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

  /** Frees an unlinked entry with its value. */
  freeEntry(entry: Pointer, lazily: boolean): void {
    const meta = metaOf(this.arena, entry)
    if ((meta & HAS_CELL) !== 0 && encodingOfMeta(meta) !== Encoding.int) {
      const value = this.arena.i32[entry >>> SEGMENT_SHIFT]![cellWord(entry, meta)]!
      this.freeValue((meta & TYPE_MASK) as Type, value, lazily)
    }
    this.freeBlock(entry)
  }

  freeValue(type: Type, value: Pointer, lazily: boolean): void {
    if (type === Type.string) return this.arena.free(value)
    const owner = this.owners[type]
    assert(owner !== undefined)
    if (lazily && owner!.effort(value) > LAZY_FREE_EFFORT) this.reclaimer.addValue(owner!, value)
    else owner!.free(value)
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
   * Lazily, its tables are handed to the reclaimer; at once otherwise, which for all databases is a reset of the arena.
   *
   * @returns how many keys there were
   */
  flush(index: number, lazily: boolean): number {
    let removed = 0
    for (const database of this.databases) {
      if (index >= 0 && database.index !== index) continue
      if (database.size === 0) continue
      removed += database.size
      this.writes++
      this.events.flushed(database, undefined)
      database.averageTtlMs = 0
      database.expiryCursor = 0
      this.reclaimer.addDatabase(database)
    }
    if (removed === 0) return 0
    if (!lazily) this.reclaimNow()
    return removed
  }

  /** Exchanges the contents of two databases. */
  swap(first: Database, second: Database): void {
    if (first === second) return
    this.writes++
    this.events.flushed(first, second)
    this.events.flushed(second, first)
    first.keys.swap(second.keys)
    first.volatile.swap(second.volatile)
    const { averageTtlMs, expiryCursor } = first
    first.averageTtlMs = second.averageTtlMs
    first.expiryCursor = second.expiryCursor
    second.averageTtlMs = averageTtlMs
    second.expiryCursor = expiryCursor
  }

  private reclaimNow(): void {
    if (this.keyCount !== 0) return this.reclaimer.runAll()
    this.reclaimer.forgetAll()
    this.arena.reset()
    for (const database of this.databases) {
      database.keys.reset()
      database.volatile.reset()
    }
  }
}
