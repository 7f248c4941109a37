/**
 * One numbered database: the table of its keys, the table of those that expire, and the only ways to change an entry.
 *
 * Looking up is `find` (no side effects), `lookupRead` (expiry, hit and miss counts, access clock) or `lookupWrite` (expiry and
 * clock). Every change of an entry goes through a method here or a type module, and these call `beforeWrite` first: the one
 * place that marks watched keys and that a running snapshot listens to. Entries move when their shape changes, so methods
 * that may move one return where it is now.
 */

import { assert } from '../base/assert.js'
import { copy } from '../base/bytes.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import {
  cellWord,
  CLOCK_MASK,
  clockWordOf,
  Encoding,
  encodingOfMeta,
  EXTERNAL_KEY_LENGTH,
  expiryOf,
  HAS_CELL,
  HAS_EXPIRY,
  HEADER_BYTES,
  inlineLengthOf,
  keyAreaBytes,
  keyBytes,
  keyLength,
  keyOffset,
  KEY_LENGTH_SHIFT,
  keyStart,
  makeClockWord,
  makeMeta,
  metaOf,
  overwriteExpiry,
  setClockWord,
  setMeta,
  TYPE_MASK,
  withEncoding,
} from './entry.js'
import { KeyTable } from './key-table.js'
import type { Keyspace } from './keyspace.js'
import { KeyspaceStat } from './statistics.js'
import { TimedHashes } from './timed-hashes.js'

/** Passed as an expiry time: whatever the key has now stays. */
export const KEEP_EXPIRY = -2
export const NO_EXPIRY = -1

export class Database {
  readonly index: number
  readonly keyspace: Keyspace
  readonly keys: KeyTable
  /** Entries with an expiry time; refers to the same blocks as `keys`. */
  readonly volatile: KeyTable
  /** Hashes with fields that have expiry times. */
  readonly timed: TimedHashes
  /** Running average of the time to live that the active cycle sees, in ms; INFO's avg_ttl. */
  averageTtlMs: number
  /** Where the active expiry cycle goes on, in the order of `volatile.scan`. */
  expiryCursor: number

  constructor(keyspace: Keyspace, index: number) {
    this.index = index
    this.keyspace = keyspace
    this.keys = new KeyTable(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.keys.ahead = keyspace.lookAhead
    this.volatile = new KeyTable(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.timed = new TimedHashes(keyspace.arena)
    this.averageTtlMs = 0
    this.expiryCursor = 0
  }

  get size(): number {
    return this.keys.count
  }

  /** The entry of a key, or 0, expired or not; changes nothing. */
  find(bytes: Uint8Array, start: number, end: number): Pointer {
    return this.keys.find(bytes, start, end)
  }

  /** For commands that read: counts a hit or a miss. A key past its time is gone. */
  lookupRead(bytes: Uint8Array, start: number, end: number, touches: boolean): Pointer {
    const keyspace = this.keyspace
    const entry = this.keys.find(bytes, start, end)
    if (entry === 0 || this.dropIfExpired(entry)) {
      keyspace.statistics[KeyspaceStat.misses]!++
      keyspace.events.missed(this, bytes, start, end)
      return 0
    }
    keyspace.statistics[KeyspaceStat.hits]!++
    if (touches) keyspace.touch(entry)
    return entry
  }

  /** For commands that look at how a value is kept: hits and misses are counted, but no miss is announced. */
  lookupQuietly(bytes: Uint8Array, start: number, end: number): Pointer {
    const { statistics } = this.keyspace
    const entry = this.keys.find(bytes, start, end)
    if (entry === 0 || this.dropIfExpired(entry)) {
      statistics[KeyspaceStat.misses]!++
      return 0
    }
    statistics[KeyspaceStat.hits]!++
    return entry
  }

  /** For commands that write, without hit counts. A key past its time is deleted even where reading only hides it. */
  lookupWrite(bytes: Uint8Array, start: number, end: number, touches: boolean): Pointer {
    const entry = this.keys.find(bytes, start, end)
    if (entry === 0) return 0
    if ((metaOf(this.keyspace.arena, entry) & HAS_EXPIRY) !== 0 && this.isExpired(entry)) {
      this.expire(entry)
      return 0
    }
    if (touches) this.keyspace.touch(entry)
    return entry
  }

  /** Without clock, counts or events; a key past its time is not shown, and not deleted either. */
  peek(bytes: Uint8Array, start: number, end: number): Pointer {
    const entry = this.keys.find(bytes, start, end)
    return entry === 0 || this.isExpired(entry) ? 0 : entry
  }

  isExpired(entry: Pointer): boolean {
    const expiryMs = expiryOf(this.keyspace.arena, entry)
    return expiryMs >= 0 && expiryMs < this.keyspace.nowMs && !this.keyspace.isLoading
  }

  /** True when the entry's time has passed: it is deleted, or only hidden where deleting is not this store's business. */
  dropIfExpired(entry: Pointer): boolean {
    if ((metaOf(this.keyspace.arena, entry) & HAS_EXPIRY) === 0) return false
    if (!this.isExpired(entry)) return false
    if (this.keyspace.deletesExpired) this.expire(entry)
    return true
  }

  /**
   * Deletes an entry whose time has passed and tells the feed and the listeners. A large value is freed in slices whatever the
   * configuration says, for nobody asked for the deletion now; lazyfree-lazy-expire decides what is counted and propagated.
   */
  expire(entry: Pointer): void {
    const { arena, events, statistics } = this.keyspace
    const start = keyStart(arena, entry)
    const bytes = keyBytes(arena, entry)
    const end = start + keyLength(arena, entry)
    this.beforeWrite(bytes, start, end)
    this.unlink(entry)
    statistics[KeyspaceStat.expired]!++
    events.removed(this, bytes, start, end)
    events.expired(this, bytes, start, end)
    this.keyspace.freeEntry(entry, true, this.keyspace.lazyFreesExpired)
  }

  /** What must happen before any entry changes, and is told once a change. */
  beforeWrite(bytes: Uint8Array, start: number, end: number): void {
    this.beforeQuietWrite(bytes, start, end)
    this.markModified(bytes, start, end)
  }

  /** The same for changes that do not concern those who watch the key (what consumer groups of a stream note). */
  beforeQuietWrite(bytes: Uint8Array, start: number, end: number): void {
    this.keyspace.writes++
    if (this.keys.guard !== undefined) this.keys.announce(bytes, start, end)
  }

  /** Tells those who watch the key of a change that was announced quietly, once it is known to be one for them. */
  markModified(bytes: Uint8Array, start: number, end: number): void {
    const { keyspace } = this
    if (keyspace.hasWatchers) keyspace.events.modified(this, bytes, start, end)
  }

  /**
   * Adds a key that `find` has just reported missing; the value area is the caller's to fill.
   *
   * @param flags        HAS_CELL or 0; HAS_EXPIRY follows from `expiryMs`
   * @param inlineBytes  length of the inline value, 0 with a cell
   * @returns the entry, or 0 when memory could not be had (nothing has changed then)
   */
  add(
    hash: number, bytes: Uint8Array, start: number, end: number,
    type: number, encoding: number, flags: number, inlineBytes: number, expiryMs: number,
  ): Pointer {
    const entry = this.newBlock(bytes, start, end, type, encoding, flags, inlineBytes, expiryMs)
    if (entry === 0) return 0
    this.beforeWrite(bytes, start, end)
    this.keys.insert(hash, entry)
    if (expiryMs >= 0) this.volatile.insert(hash, entry)
    this.keyspace.events.added(this, bytes, start, end)
    return entry
  } // prettier-ignore

  /**
   * Gives an entry another shape, keeping key, clock and type: another encoding, cell or inline value, expiry or none. The
   * value area of the new block is the caller's to fill; a value block that the old cell pointed to is the caller's, too.
   *
   * @returns the entry, which may have moved, or 0 when memory could not be had (nothing has changed then)
   */
  reshape(entry: Pointer, encoding: number, flags: number, inlineBytes: number, expiryMs: number): Pointer {
    const arena = this.keyspace.arena
    const meta = metaOf(arena, entry)
    const expiryFlag = expiryMs >= 0 ? HAS_EXPIRY : 0
    const shaped =
      withEncoding(meta & (TYPE_MASK | (EXTERNAL_KEY_LENGTH << KEY_LENGTH_SHIFT)), encoding) | flags | expiryFlag
    const bytes = keyOffset(shaped) + keyAreaBytes(meta) + inlineBytes
    const usable = arena.usableBytes(entry)
    const clock = clockWordOf(arena, entry) & CLOCK_MASK
    let target = entry
    const sameKeyPlace = keyOffset(shaped) === keyOffset(meta)
    if (!sameKeyPlace || bytes > usable || bytes * 2 < usable) {
      target = arena.allocate(bytes)
      if (target === 0) return 0
    }
    if (encodingOfMeta(meta) === Encoding.timedHashtable) this.timed.remove(this.keyspace.valuePointer(entry, meta))
    const hash = target !== entry || expiryFlag !== (meta & HAS_EXPIRY) ? this.keys.hashOfEntry(entry) : 0
    if (target !== entry) {
      const from = arena.u8[entry >>> SEGMENT_SHIFT]!
      const keyAt = ((entry & OFFSET_MASK) << 3) + keyOffset(meta)
      const to = arena.u8[target >>> SEGMENT_SHIFT]!
      copy(from, keyAt, keyAt + keyAreaBytes(meta), to, ((target & OFFSET_MASK) << 3) + keyOffset(shaped))
    }
    setMeta(arena, target, shaped)
    setClockWord(arena, target, makeClockWord(clock, inlineBytes))
    if (expiryFlag !== 0) overwriteExpiry(arena, target, expiryMs)
    this.updateTables(hash, entry, target, (meta & HAS_EXPIRY) !== 0, expiryFlag !== 0)
    if (target !== entry) arena.free(entry)
    return target
  }

  /**
   * Sets or clears the expiry time; the value stays.
   *
   * @returns the entry, which may have moved, or 0 when memory could not be had (nothing has changed then)
   */
  setExpiry(entry: Pointer, expiryMs: number): Pointer {
    const arena = this.keyspace.arena
    const meta = metaOf(arena, entry)
    const had = (meta & HAS_EXPIRY) !== 0
    if (expiryMs < 0 && !had) return entry
    const isInPlace = expiryMs >= 0 && had
    const valueBytes = (meta & HAS_CELL) !== 0 ? 0 : inlineLengthOf(arena, entry)
    const target = isInPlace ? entry : this.newShapeOf(entry, meta, valueBytes, expiryMs)
    if (target === 0) return 0
    const start = keyStart(arena, entry)
    this.beforeWrite(keyBytes(arena, entry), start, start + keyLength(arena, entry))
    if (isInPlace) {
      overwriteExpiry(arena, entry, expiryMs)
      return entry
    }
    this.updateTables(this.keys.hashOfEntry(entry), entry, target, had, expiryMs >= 0)
    if (encodingOfMeta(meta) === Encoding.timedHashtable)
      this.timed.moved(this.keyspace.valuePointer(target, metaOf(arena, target)), target)
    arena.free(entry)
    return target
  }

  /** Takes a key out and frees its value, in slices later when `lazily` and it is large. */
  remove(entry: Pointer, lazily: boolean): void {
    const arena = this.keyspace.arena
    const start = keyStart(arena, entry)
    const bytes = keyBytes(arena, entry)
    const end = start + keyLength(arena, entry)
    this.beforeWrite(bytes, start, end)
    this.unlink(entry)
    this.keyspace.events.removed(this, bytes, start, end)
    this.keyspace.freeEntry(entry, lazily)
  }

  /** Takes an entry out of the tables; block and value are the caller's now. */
  unlink(entry: Pointer): void {
    const hash = this.keys.hashOfEntry(entry)
    const meta = metaOf(this.keyspace.arena, entry)
    if ((meta & HAS_EXPIRY) !== 0) this.volatile.remove(hash, entry)
    if (encodingOfMeta(meta) === Encoding.timedHashtable) this.timed.remove(this.keyspace.valuePointer(entry, meta))
    const removed = this.keys.remove(hash, entry)
    assert(removed)
  }

  /**
   * Moves a value to another key, of this database or another, where `find` has just reported it missing; the expiry time
   * goes with it.
   *
   * @returns the new entry, or 0 when memory could not be had (nothing has changed then)
   */
  move(entry: Pointer, target: Database, bytes: Uint8Array, start: number, end: number): Pointer {
    const { arena, events } = this.keyspace
    const isTimed = encodingOfMeta(metaOf(arena, entry)) === Encoding.timedHashtable
    if (isTimed && !target.timed.reserve()) return 0
    const moved = this.addLike(entry, target, bytes, start, end)
    if (moved === 0) return 0
    const oldStart = keyStart(arena, entry)
    const oldBytes = keyBytes(arena, entry)
    const oldEnd = oldStart + keyLength(arena, entry)
    this.beforeWrite(oldBytes, oldStart, oldEnd)
    this.unlink(entry)
    if (isTimed) target.timed.add(this.keyspace.valuePointer(moved, metaOf(arena, moved)), moved)
    events.removed(this, oldBytes, oldStart, oldEnd)
    this.keyspace.freeBlock(entry)
    return moved
  }

  /** Copies a value to another key; otherwise as `move`. */
  copy(entry: Pointer, target: Database, bytes: Uint8Array, start: number, end: number): Pointer {
    const { arena } = this.keyspace
    const meta = metaOf(arena, entry)
    const isTimed = encodingOfMeta(meta) === Encoding.timedHashtable
    if (isTimed && !target.timed.reserve()) return 0
    const value = this.keyspace.valuePointer(entry, meta)
    const duplicate = value === 0 ? 0 : this.keyspace.duplicateValue(entry, meta, value)
    if (value !== 0 && duplicate === 0) return 0
    const copied = this.addLike(entry, target, bytes, start, end)
    if (duplicate === 0) return copied
    if (copied === 0) this.keyspace.freeValue(meta, duplicate, false)
    else arena.i32[copied >>> SEGMENT_SHIFT]![cellWord(copied, metaOf(arena, copied))] = duplicate
    if (isTimed && copied !== 0) target.timed.add(duplicate, copied)
    return copied
  }

  /** Adds an entry to `target` with another key, but type, encoding, expiry time and what stands in the value area as in `entry`. */
  private addLike(entry: Pointer, target: Database, bytes: Uint8Array, start: number, end: number): Pointer {
    const { arena } = this.keyspace
    const meta = metaOf(arena, entry)
    const inlineBytes = (meta & HAS_CELL) !== 0 ? 0 : inlineLengthOf(arena, entry)
    const hash = target.keys.hashOf(bytes, start, end)
    const added = target.add(
      hash, bytes, start, end,
      meta & TYPE_MASK, encodingOfMeta(meta), meta & HAS_CELL, inlineBytes, expiryOf(arena, entry),
    ) // prettier-ignore
    if (added !== 0) this.copyValueArea(entry, meta, added, metaOf(arena, added), inlineBytes)
    return added
  }

  private newShapeOf(entry: Pointer, meta: number, inlineBytes: number, expiryMs: number): Pointer {
    const arena = this.keyspace.arena
    const shaped = (meta & ~HAS_EXPIRY) | (expiryMs >= 0 ? HAS_EXPIRY : 0)
    const target = arena.allocate(keyOffset(shaped) + keyAreaBytes(meta) + inlineBytes)
    if (target === 0) return 0
    const from = arena.u8[entry >>> SEGMENT_SHIFT]!
    const fromAt = ((entry & OFFSET_MASK) << 3) + HEADER_BYTES + (meta & HAS_EXPIRY)
    const length = ((meta & HAS_CELL) >>> 1) + keyAreaBytes(meta) + inlineBytes
    const to = arena.u8[target >>> SEGMENT_SHIFT]!
    copy(from, fromAt, fromAt + length, to, ((target & OFFSET_MASK) << 3) + HEADER_BYTES + (shaped & HAS_EXPIRY))
    setMeta(arena, target, shaped)
    setClockWord(arena, target, clockWordOf(arena, entry))
    if (expiryMs >= 0) overwriteExpiry(arena, target, expiryMs)
    return target
  }

  private copyValueArea(from: Pointer, fromMeta: number, to: Pointer, toMeta: number, inlineBytes: number): void {
    const arena = this.keyspace.arena
    const source = arena.u8[from >>> SEGMENT_SHIFT]!
    const target = arena.u8[to >>> SEGMENT_SHIFT]!
    const fromBase = (from & OFFSET_MASK) << 3
    const toBase = (to & OFFSET_MASK) << 3
    if ((fromMeta & HAS_CELL) !== 0) {
      const cell = fromBase + HEADER_BYTES + (fromMeta & HAS_EXPIRY)
      copy(source, cell, cell + 8, target, toBase + HEADER_BYTES + (toMeta & HAS_EXPIRY))
      return
    }
    const value = fromBase + keyOffset(fromMeta) + keyAreaBytes(fromMeta)
    copy(source, value, value + inlineBytes, target, toBase + keyOffset(toMeta) + keyAreaBytes(toMeta))
  }

  private updateTables(hash: number, from: Pointer, to: Pointer, hadExpiry: boolean, hasExpiry: boolean): void {
    if (from !== to) this.keys.replace(hash, from, to)
    if (hadExpiry && hasExpiry) {
      if (from !== to) this.volatile.replace(hash, from, to)
    } else if (hadExpiry) this.volatile.remove(hash, from)
    else if (hasExpiry) this.volatile.insert(hash, to)
  }

  private newBlock(
    bytes: Uint8Array, start: number, end: number,
    type: number, encoding: number, flags: number, inlineBytes: number, expiryMs: number,
  ): Pointer {
    const arena = this.keyspace.arena
    const length = end - start
    const meta = makeMeta(type, encoding, flags | (expiryMs >= 0 ? HAS_EXPIRY : 0), length)
    const entry = arena.allocate(keyOffset(meta) + keyAreaBytes(meta) + inlineBytes)
    if (entry === 0) return 0
    const segment = entry >>> SEGMENT_SHIFT
    const base = (entry & OFFSET_MASK) << 3
    const words = arena.i32[segment]!
    words[base >>> 2] = meta
    words[(base >>> 2) + 1] = makeClockWord(this.keyspace.freshClock, inlineBytes)
    if (expiryMs >= 0) arena.f64[segment]![(base >>> 3) + 1] = expiryMs
    if (length < EXTERNAL_KEY_LENGTH) copy(bytes, start, end, arena.u8[segment]!, base + keyOffset(meta))
    else if (!this.writeExternalKey(entry, meta, bytes, start, end)) return 0
    return entry
  } // prettier-ignore

  private writeExternalKey(entry: Pointer, meta: number, bytes: Uint8Array, start: number, end: number): boolean {
    const arena = this.keyspace.arena
    const key = arena.allocate(end - start)
    if (key === 0) {
      arena.free(entry)
      return false
    }
    copy(bytes, start, end, arena.u8[key >>> SEGMENT_SHIFT]!, (key & OFFSET_MASK) << 3)
    const word = (((entry & OFFSET_MASK) << 3) + keyOffset(meta)) >>> 2
    arena.i32[entry >>> SEGMENT_SHIFT]![word] = key
    arena.u32[entry >>> SEGMENT_SHIFT]![word + 1] = end - start
    return true
  }
}
