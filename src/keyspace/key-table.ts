/**
 * The key table: a linear hash over entries in the arena, which grows and shrinks one bucket at a time.
 *
 * Litwin's linear hashing (VLDB 1980) gives what extendible hashing promises (no second table, no rehash state, no stall)
 * without its saw-tooth of half-empty pages: with `N = 2^level` buckets at the start of a round, bucket `split` is the next to
 * be divided, so a hash belongs to bucket `hash mod N`, or `hash mod 2N` where that bucket has been divided already. An
 * insertion that brings the load over LOAD_MAX divides one bucket, a removal that brings it below LOAD_MIN joins two.
 *
 *     bucket, 64 bytes, one cache line:
 *        0  12 tag bytes (top byte of the hash, never 0; 0 marks a free slot), searched four at a time in 32-bit words
 *       12  pointer to an overflow bucket of the same shape, or 0
 *       16  12 entry pointers
 *
 * Buckets stand in chunks of 256, which a directory of pointers lists; the first chunk grows by doubling, so that a small
 * database is small. Scanning walks the buckets in the order of the bit-reversed hash: dividing a bucket divides its range of
 * that order in two adjacent halves, so a position in it stays meaningful however the table grows or shrinks, and what was
 * there from the first call to the last is seen.
 */

import { assert } from '../base/assert.js'
import { halfSipHash } from '../base/half-siphash.js'
import type { Random } from '../base/environment.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import type { TableGuard } from './change-guard.js'
import type { LookAhead } from './look-ahead.js'
import { keyBytes, keyEquals, keyLength, keyStart } from './entry.js'

const SLOTS = 12
const TAG_WORDS = 3
const OVERFLOW_WORD = 3
const FIRST_SLOT_WORD = 4
const BUCKET_BYTES = 64
const BUCKET_UNITS = BUCKET_BYTES >>> 3
const CHUNK_SHIFT = 8
const CHUNK_BUCKETS = 1 << CHUNK_SHIFT
const CHUNK_MASK = CHUNK_BUCKETS - 1
const DIRECTORY_CHUNKS_MIN = 4
/** Average entries a bucket above which one bucket is divided. At 6 a look-up is 2 % faster, and a key takes 1.5 bytes more. */
const LOAD_MAX = 7
/** Average entries a bucket below which two buckets are joined. */
const LOAD_MIN = 3
/**
 * Entries in two buckets above which they are not joined, nor others before them. With keys removed at random that hardly
 * occurs. Removed in the order of a scan (SCAN and DEL, mass expiry), those left are ever more alike in the lower bits of their
 * hashes and crowd into few buckets, which then must not become fewer.
 */
const JOINED_MAX = 2 * SLOTS
/** Joins at most that a removal makes up for. */
const JOINS_PER_REMOVAL = 2
/** An empty table of more buckets than this shrinks step by step like any other. */
const BUCKETS_FREED_AT_ONCE = 64 * CHUNK_BUCKETS
/** Draws after which a random entry is looked for by walking, in a table that is nearly empty. */
const DRAWS_MAX = 1000
const LEVEL_MAX = 28

/** What a table is besides its blocks in the arena; see the fields of KeyTable. */
export interface KeyTableShape {
  readonly count: number
  readonly directory: Int32Array
  readonly firstChunkBuckets: number
  readonly level: number
  readonly split: number
  readonly overflowBuckets: number
  readonly chainBucketsMax: number
}

export class KeyTable {
  count: number
  /** Hash of the last key looked for. */
  hash: number
  private readonly arena: Arena
  private readonly key0: number
  private readonly key1: number
  private directory: Int32Array
  private firstChunkBuckets: number
  private level: number
  private split: number
  private overflowBuckets: number
  private locatedSegment: number
  private locatedBucket: Pointer
  /** Buckets in the longest chain since the table was last without chains, or more. */
  private chainBucketsMax: number
  private taken: Int32Array
  /** What `fetch` and its like read; kept so that the reading is not optimised away. */
  fetched: number
  /** Remembers hashes of keys in the pipeline; set for the tables of keys. */
  ahead: LookAhead | undefined
  /** Told before buckets change, while somebody saves the table as it was. */
  guard: TableGuard | undefined

  constructor(arena: Arena, key0: number, key1: number) {
    this.count = 0
    this.hash = 0
    this.arena = arena
    this.key0 = key0
    this.key1 = key1
    this.directory = new Int32Array(DIRECTORY_CHUNKS_MIN)
    this.firstChunkBuckets = 0
    this.level = 0
    this.split = 0
    this.overflowBuckets = 0
    this.locatedSegment = 0
    this.locatedBucket = 0
    this.chainBucketsMax = 1
    this.taken = new Int32Array(SLOTS * 4)
    this.fetched = 0
    this.ahead = undefined
    this.guard = undefined
  }

  get bucketCount(): number {
    return this.firstChunkBuckets === 0 ? 0 : (1 << this.level) + this.split
  }

  /** Bytes of the table itself, without the entries. */
  get tableBytes(): number {
    const buckets = this.bucketCount
    const chunks = buckets <= this.firstChunkBuckets ? 0 : ((buckets + CHUNK_MASK) >>> CHUNK_SHIFT) - 1
    return (
      (this.firstChunkBuckets + chunks * CHUNK_BUCKETS + this.overflowBuckets) * BUCKET_BYTES +
      this.directory.byteLength
    )
  }

  hashOf(bytes: Uint8Array, start: number, end: number): number {
    return halfSipHash(bytes, start, end, this.key0, this.key1)
  }

  hashOfEntry(entry: Pointer): number {
    const start = keyStart(this.arena, entry)
    return this.hashOf(keyBytes(this.arena, entry), start, start + keyLength(this.arena, entry))
  }

  /** The entry of a key, or 0. Leaves the key's hash in `hash`. */
  find(bytes: Uint8Array, start: number, end: number): Pointer {
    const { ahead } = this
    const hash =
      ahead === undefined || ahead.count === 0
        ? halfSipHash(bytes, start, end, this.key0, this.key1)
        : ahead.hash(bytes, start, end)
    this.hash = hash
    return this.findHashed(hash, bytes, start, end)
  }

  /** Reads the buckets of many hashes, so that they are near when they are needed. */
  fetchBuckets(hashes: Int32Array, count: number): void {
    let sum = 0
    for (let i = 0; i < count; i++) {
      const bucket = this.bucketOf(hashes[i]!)
      sum ^= this.arena.i32[bucket >>> SEGMENT_SHIFT]![(bucket & OFFSET_MASK) << 1]!
    }
    this.fetched = sum
  }

  /**
   * Reads the entries that many hashes probably mean: in each bucket, the first with the hash's tag.
   *
   * They are first gathered and then read: the processor overlaps only waits that stand close together in the instructions.
   *
   * @param entries  room for `count` pointers; what is left in it is of no use
   */
  fetchEntries(hashes: Int32Array, entries: Int32Array, count: number): void {
    const { i32 } = this.arena
    for (let i = 0; i < count; i++) entries[i] = this.probableEntry(hashes[i]!)
    let sum = 0
    for (let i = 0; i < count; i++) {
      const entry = entries[i]!
      sum ^= i32[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) << 1]!
    }
    this.fetched = sum
  }

  /** The first entry of a hash's bucket with its tag; without one the bucket, which may be read as well. */
  private probableEntry(hash: number): Pointer {
    const bucket = this.bucketOf(hash)
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
    const base = (bucket & OFFSET_MASK) << 1
    const slots = slotsWithTag(words, base, tagOf(hash))
    return slots === 0 ? bucket : words[base + FIRST_SLOT_WORD + 31 - Math.clz32(slots & -slots)]!
  }

  findHashed(hash: number, bytes: Uint8Array, start: number, end: number): Pointer {
    if (this.count === 0) return 0
    const arena = this.arena
    const tag = tagOf(hash)
    let bucket = this.bucketOf(hash)
    do {
      const words = arena.i32[bucket >>> SEGMENT_SHIFT]!
      const base = (bucket & OFFSET_MASK) << 1
      for (let slots = slotsWithTag(words, base, tag); slots !== 0; slots &= slots - 1) {
        const entry = words[base + FIRST_SLOT_WORD + 31 - Math.clz32(slots & -slots)]!
        if (entry !== 0 && keyEquals(arena, entry, bytes, start, end)) return entry
      }
      bucket = words[base + OVERFLOW_WORD]!
    } while (bucket !== 0)
    return 0
  }

  /** Tells the guard, which there is, that the key's entry or its value is about to change, come or go. */
  announce(bytes: Uint8Array, start: number, end: number): void {
    this.guard!.changing(this.bucketIndexOf(this.hashOf(bytes, start, end)))
  }

  /** Adds an entry whose key is known to be absent. */
  insert(hash: number, entry: Pointer): void {
    assert(entry !== 0)
    if (this.firstChunkBuckets === 0) this.openFirstChunk()
    this.place(this.bucketOf(hash), tagOf(hash), entry)
    this.count++
    if (this.count > this.bucketCount * LOAD_MAX) this.divide()
  }

  /**
   * Makes an empty table ready for so many entries, a few chunks a call: the buckets need not be divided then as the entries come.
   *
   * @returns true when it is, or there is no memory for more; call again otherwise
   */
  makeReady(entries: number, chunksMax: number): boolean {
    if (this.count !== 0 || this.guard !== undefined) return true
    if (this.firstChunkBuckets === 0) this.openFirstChunk()
    const buckets = Math.min(Math.ceil(entries / LOAD_MAX), 1 << LEVEL_MAX)
    for (let left = chunksMax * CHUNK_BUCKETS; left > 0 && this.bucketCount < buckets; left--) {
      const index = this.bucketCount
      if (!this.ensureBucket(index)) return true
      this.split++
      if (this.split !== 1 << this.level) continue
      this.level++
      this.split = 0
    }
    return this.bucketCount >= buckets
  }

  /** Puts another block in the place of `from`, which must be present. */
  replace(hash: number, from: Pointer, to: Pointer): void {
    const word = this.locate(hash, from)
    assert(word >= 0)
    this.arena.i32[this.locatedSegment]![word] = to
  }

  has(hash: number, entry: Pointer): boolean {
    return this.count !== 0 && this.locate(hash, entry) >= 0
  }

  /** Takes an entry out; its block stays the caller's. False when it was not there. */
  remove(hash: number, entry: Pointer): boolean {
    if (this.count === 0) return false
    const word = this.locate(hash, entry)
    if (word < 0) return false
    this.clear(
      this.bucketOf(hash),
      this.locatedBucket,
      word - ((this.locatedBucket & OFFSET_MASK) << 1) - FIRST_SLOT_WORD,
    )
    this.count--
    if (this.isSparse) this.shrink(JOINS_PER_REMOVAL)
    return true
  }

  /** More buckets than the load asks for; an empty table needs none. */
  get isSparse(): boolean {
    const buckets = this.bucketCount
    return this.count < (buckets - 1) * LOAD_MIN || (this.count === 0 && buckets !== 0)
  }

  /**
   * Joins up to `joinsMax` pairs of buckets. Removals do that as they come, but may leave some of it behind.
   *
   * @returns false when there is nothing to be joined (any more), or for now nothing that can be
   */
  shrink(joinsMax: number): boolean {
    for (let joins = 0; joins < joinsMax; joins++) {
      if (!this.isSparse) return false
      if (this.count === 0 && this.bucketCount <= BUCKETS_FREED_AT_ONCE) {
        this.guard?.emptied()
        this.freeBuckets()
        return false
      }
      if (!this.join()) return false
    }
    return true
  }

  /** Forgets all entries and frees the table's own blocks. */
  clearAll(): void {
    for (let index = 0; index < this.bucketCount; index++) this.drainBucket(index, null)
    this.freeBuckets()
  }

  /** Takes all entries out of one bucket, by number; for emptying a table bucket by bucket before `freeBuckets`. */
  drainBucket(index: number, into: Pointer[] | null): void {
    const first = this.bucketAt(index)
    const overflow = this.overflowOf(first)
    const count = this.collect(first)
    if (into !== null) for (let i = 0; i < count; i++) into.push(this.taken[i]!)
    this.zeroBuckets(first, 1)
    this.freeChain(overflow)
    this.count -= count
  }

  /** Frees the chunks of a table whose buckets have been drained. */
  freeBuckets(): void {
    assert(this.count === 0)
    assert(this.overflowBuckets === 0)
    if (this.firstChunkBuckets !== 0) {
      const chunks = Math.max(1, (this.bucketCount + CHUNK_MASK) >>> CHUNK_SHIFT)
      for (let chunk = 0; chunk < chunks; chunk++) this.arena.free(this.directory[chunk]!)
    }
    this.reset()
  }

  /** Forgets everything without touching the arena (which has been reset, or handed to someone who frees it later). */
  reset(): void {
    this.count = 0
    if (this.directory.length > DIRECTORY_CHUNKS_MIN) this.directory = new Int32Array(DIRECTORY_CHUNKS_MIN)
    this.firstChunkBuckets = 0
    this.level = 0
    this.split = 0
    this.overflowBuckets = 0
    this.chainBucketsMax = 1
  }

  /** For copies of the data set. */
  shape(): KeyTableShape {
    const { count, firstChunkBuckets, level, split, overflowBuckets, chainBucketsMax } = this
    return {
      count,
      directory: this.directory.slice(),
      firstChunkBuckets,
      level,
      split,
      overflowBuckets,
      chainBucketsMax,
    }
  }

  /** Becomes the table of that shape, whose blocks have been put back into the arena. */
  assume(shape: KeyTableShape): void {
    this.count = shape.count
    this.directory = shape.directory.slice()
    this.firstChunkBuckets = shape.firstChunkBuckets
    this.level = shape.level
    this.split = shape.split
    this.overflowBuckets = shape.overflowBuckets
    this.chainBucketsMax = shape.chainBucketsMax
  }

  /** Exchanges the contents of two tables (SWAPDB, FLUSHDB ASYNC); both must share arena and hash key. */
  swap(other: KeyTable): void {
    assert(this.arena === other.arena)
    assert(this.key0 === other.key0)
    const { count, directory, firstChunkBuckets, level, split, overflowBuckets, chainBucketsMax } = this
    this.count = other.count
    this.directory = other.directory
    this.firstChunkBuckets = other.firstChunkBuckets
    this.level = other.level
    this.split = other.split
    this.overflowBuckets = other.overflowBuckets
    this.chainBucketsMax = other.chainBucketsMax
    const { guard } = this
    this.guard = other.guard
    if (this.guard !== undefined) this.guard.table = this
    other.guard = guard
    if (guard !== undefined) guard.table = other
    other.count = count
    other.directory = directory
    other.firstChunkBuckets = firstChunkBuckets
    other.level = level
    other.split = split
    other.overflowBuckets = overflowBuckets
    other.chainBucketsMax = chainBucketsMax
  }

  /**
   * Appends the entries of the bucket at a scan position to `into`.
   *
   * @param cursor  position in bit-reversed hash order; 0 starts
   * @returns the next position, or 0 at the end
   */
  scan(cursor: number, into: Pointer[]): number {
    if (this.count === 0) return 0
    const index = this.bucketIndexOf(reverseBits(cursor))
    let bucket = this.bucketAt(index)
    do {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
      const base = (bucket & OFFSET_MASK) << 1
      for (let slot = 0; slot < SLOTS; slot++) {
        const entry = words[base + FIRST_SLOT_WORD + slot]!
        if (entry !== 0) into.push(entry)
      }
      bucket = words[base + OVERFLOW_WORD]!
    } while (bucket !== 0)
    return this.cursorAfter(index)
  }

  /** A random entry, each as likely as the other; 0 when the table is empty. */
  random(random: Random): Pointer {
    if (this.count === 0) return 0
    // Any slot that a chain of the greatest length could have is drawn, until one is in use.
    for (let draws = 0; draws < DRAWS_MAX; draws++) {
      let bucket = this.bucketAt(random.next32() % this.bucketCount)
      const pick = random.next32() % (SLOTS * this.chainBucketsMax)
      for (let skip = (pick / SLOTS) | 0; skip > 0 && bucket !== 0; skip--) bucket = this.overflowOf(bucket)
      if (bucket === 0) continue
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
      const entry = words[((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD + (pick % SLOTS)]!
      if (entry !== 0) return entry
    }
    return this.nextEntry(random.next32() % this.bucketCount, random)
  }

  /** One of the entries in the first bucket from `index` on that has any. */
  private nextEntry(index: number, random: Random): Pointer {
    for (let at = index; ; at = at + 1 < this.bucketCount ? at + 1 : 0) {
      const count = this.collect(this.bucketAt(at))
      if (count > 0) return this.taken[random.next32() % count]!
    }
  }

  /** Throws when an invariant is broken: every entry in its bucket, tags right, chains without gaps, counts right. */
  validate(): void {
    let seen = 0
    let overflow = 0
    for (let index = 0; index < this.bucketCount; index++) {
      let bucket = this.bucketAt(index)
      for (let depth = 1; bucket !== 0; depth++) {
        const inBucket = this.validateBucket(bucket, index)
        if (depth > 1) {
          overflow++
          assert(inBucket > 0)
          assert(depth <= this.chainBucketsMax)
        }
        seen += inBucket
        bucket = this.overflowOf(bucket)
        if (bucket !== 0) assert(inBucket === SLOTS)
      }
    }
    assert(seen === this.count)
    assert(overflow === this.overflowBuckets)
  }

  /** Buckets by chain length, for DEBUG HTSTATS: index 0 counts buckets without entries. */
  fillHistogram(lengthsMax: number): number[] {
    const histogram = new Array<number>(lengthsMax).fill(0)
    const entries: Pointer[] = []
    for (let index = 0; index < this.bucketCount; index++) {
      entries.length = 0
      this.collectBucket(index, entries)
      const length = Math.min(entries.length, lengthsMax - 1)
      histogram[length] = histogram[length]! + 1
    }
    return histogram
  }

  /** Appends the entries of one bucket, of `bucketCount`, to `into`. */
  collectBucket(index: number, into: Pointer[]): void {
    this.scan(reverseBits(index), into)
  }

  private validateBucket(bucket: Pointer, index: number): number {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
    const base = (bucket & OFFSET_MASK) << 1
    let seen = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      const entry = words[base + FIRST_SLOT_WORD + slot]!
      const tag = (words[base + (slot >>> 2)]! >>> ((slot & 3) << 3)) & 255
      assert((entry === 0) === (tag === 0))
      if (entry === 0) continue
      const hash = this.hashOfEntry(entry)
      assert(tag === tagOf(hash))
      assert(this.bucketIndexOf(hash) === index)
      seen++
    }
    return seen
  }

  private bucketIndexOf(hash: number): number {
    const size = 1 << this.level
    const index = hash & (size - 1)
    return index < this.split ? hash & ((size << 1) - 1) : index
  }

  private bucketOf(hash: number): Pointer {
    const size = 1 << this.level
    let index = hash & (size - 1)
    if (index < this.split) index = hash & ((size << 1) - 1)
    return this.directory[index >>> CHUNK_SHIFT]! + (index & CHUNK_MASK) * BUCKET_UNITS
  }

  private bucketAt(index: number): Pointer {
    return this.directory[index >>> CHUNK_SHIFT]! + (index & CHUNK_MASK) * BUCKET_UNITS
  }

  private overflowOf(bucket: Pointer): Pointer {
    return this.arena.i32[bucket >>> SEGMENT_SHIFT]![((bucket & OFFSET_MASK) << 1) + OVERFLOW_WORD]!
  }

  private setOverflow(bucket: Pointer, overflow: Pointer): void {
    this.arena.i32[bucket >>> SEGMENT_SHIFT]![((bucket & OFFSET_MASK) << 1) + OVERFLOW_WORD] = overflow
  }

  /** The scan position just behind a bucket's range, or 0 behind the last. */
  private cursorAfter(index: number): number {
    const size = 1 << this.level
    const bits = index < this.split || index >= size ? this.level + 1 : this.level
    if (bits === 0) return 0
    const next = (reverseBits(index) >>> (32 - bits)) + 1
    return next === 2 ** bits ? 0 : (next << (32 - bits)) >>> 0
  }

  /** Index of the word that holds `entry`, within the segment left in `locatedSegment`; -1 when it is not in the table. */
  private locate(hash: number, entry: Pointer): number {
    let bucket = this.bucketOf(hash)
    do {
      const segment = bucket >>> SEGMENT_SHIFT
      const words = this.arena.i32[segment]!
      const base = (bucket & OFFSET_MASK) << 1
      for (let slot = FIRST_SLOT_WORD; slot < FIRST_SLOT_WORD + SLOTS; slot++) {
        if (words[base + slot] !== entry) continue
        this.locatedSegment = segment
        this.locatedBucket = bucket
        return base + slot
      }
      bucket = words[base + OVERFLOW_WORD]!
    } while (bucket !== 0)
    return -1
  }

  private place(first: Pointer, tag: number, entry: Pointer): void {
    let bucket = first
    for (let depth = 1; ; depth++) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
      const base = (bucket & OFFSET_MASK) << 1
      for (let group = 0; group < TAG_WORDS; group++) {
        const tags = words[base + group]!
        const free = (tags - 0x01010101) & ~tags & 0x80808080
        if (free === 0) continue
        const byte = (31 - Math.clz32(free & -free)) >>> 3
        words[base + group] = tags | (tag << (byte << 3))
        words[base + FIRST_SLOT_WORD + (group << 2) + byte] = entry
        return
      }
      const next = words[base + OVERFLOW_WORD]!
      bucket = next !== 0 ? next : this.addOverflow(bucket, depth)
    }
  }

  /** Lengthens a chain of `depth` buckets, of which `bucket` is the last. */
  private addOverflow(bucket: Pointer, depth: number): Pointer {
    const overflow = this.newBuckets(1)
    assert(overflow !== 0)
    this.setOverflow(bucket, overflow)
    this.countOverflow(1)
    if (depth >= this.chainBucketsMax) this.chainBucketsMax = depth + 1
    return overflow
  }

  /** Frees a slot; the last slot of the chain fills the hole, so that overflow buckets empty from the end. */
  private clear(first: Pointer, bucket: Pointer, slot: number): void {
    let last = first
    let beforeLast: Pointer = 0
    for (let next = this.overflowOf(last); next !== 0; next = this.overflowOf(last)) {
      beforeLast = last
      last = next
    }
    if (beforeLast === 0) return this.setSlot(bucket, slot, 0, 0)
    const filler = this.lastUsedSlot(last)
    const words = this.arena.i32[last >>> SEGMENT_SHIFT]!
    const base = (last & OFFSET_MASK) << 1
    const entry = words[base + FIRST_SLOT_WORD + filler]!
    const tag = (words[base + (filler >>> 2)]! >>> ((filler & 3) << 3)) & 255
    this.setSlot(bucket, slot, tag, entry)
    if (last !== bucket || filler !== slot) this.setSlot(last, filler, 0, 0)
    else this.setSlot(bucket, slot, 0, 0)
    if (this.lastUsedSlot(last) >= 0) return
    this.setOverflow(beforeLast, 0)
    this.arena.free(last)
    this.countOverflow(-1)
  }

  private countOverflow(change: number): void {
    this.overflowBuckets += change
    if (this.overflowBuckets === 0) this.chainBucketsMax = 1
  }

  private setSlot(bucket: Pointer, slot: number, tag: number, entry: Pointer): void {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
    const base = (bucket & OFFSET_MASK) << 1
    const shift = (slot & 3) << 3
    const word = base + (slot >>> 2)
    words[word] = (words[word]! & ~(255 << shift)) | (tag << shift)
    words[base + FIRST_SLOT_WORD + slot] = entry
  }

  private lastUsedSlot(bucket: Pointer): number {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
    const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
    for (let slot = SLOTS - 1; slot >= 0; slot--) if (words[base + slot] !== 0) return slot
    return -1
  }

  /** Divides bucket `split` between itself and a new bucket at the end. Without memory for that, chains grow longer instead. */
  private divide(): void {
    if (this.level === LEVEL_MAX) return
    const size = 1 << this.level
    const index = this.split
    if (!this.ensureBucket(size + index)) return
    if (this.guard !== undefined) this.guard.changing(index)
    this.split++
    if (this.split === size) {
      this.level++
      this.split = 0
    }
    this.redistribute(this.bucketAt(index))
  }

  /** Joins the last bucket with the one it was divided from; false when too many entries would come together. */
  private join(): boolean {
    const level = this.split === 0 ? this.level - 1 : this.level
    const split = (this.split === 0 ? 1 << level : this.split) - 1
    const gone = (1 << level) + split
    const bucket = this.bucketAt(gone)
    const target = this.bucketAt(split)
    if (this.chainLength(bucket) + this.chainLength(target) > JOINED_MAX) return false
    if (this.guard !== undefined) {
      this.guard.changing(gone)
      this.guard.changing(split)
    }
    this.level = level
    this.split = split
    this.moveAll(bucket, target)
    this.freeChain(this.overflowOf(bucket))
    this.zeroBuckets(bucket, 1)
    this.releaseBucket(gone)
    return true
  }

  /** Entries in a chain: all of its buckets are full but the last. */
  private chainLength(first: Pointer): number {
    let length = 0
    let bucket = first
    for (let next = this.overflowOf(bucket); next !== 0; next = this.overflowOf(bucket)) {
      length += SLOTS
      bucket = next
    }
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
    const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
    for (let slot = 0; slot < SLOTS; slot++) if (words[base + slot] !== 0) length++
    return length
  }

  /** Puts every entry of a chain where its hash now says. */
  private redistribute(first: Pointer): void {
    const overflow = this.overflowOf(first)
    const count = this.collect(first)
    this.zeroBuckets(first, 1)
    this.freeChain(overflow)
    this.fetch(count)
    for (let i = 0; i < count; i++) {
      const entry = this.taken[i]!
      const hash = this.hashOfEntry(entry) // its top byte, the tag, is in the bucket, but not the bit that decides here
      this.place(this.bucketOf(hash), tagOf(hash), entry)
    }
  }

  /**
   * Looks at all taken entries once, so that they come into the processor's cache together: hashing them one by one would wait
   * for each in turn.
   */
  private fetch(count: number): void {
    const { arena, taken } = this
    let sum = 0
    for (let i = 0; i < count; i++) {
      const entry = taken[i]!
      sum ^= arena.i32[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) << 1]!
    }
    this.fetched = sum
  }

  /** Reads entries once, so that they come into the processor's cache together. */
  fetchAll(entries: readonly Pointer[]): void {
    const { i32 } = this.arena
    let sum = 0
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      sum ^= i32[entry >>> SEGMENT_SHIFT]![(entry & OFFSET_MASK) << 1]!
    }
    this.fetched = sum
  }

  private moveAll(from: Pointer, to: Pointer): void {
    for (let bucket = from; bucket !== 0; bucket = this.overflowOf(bucket)) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
      const base = (bucket & OFFSET_MASK) << 1
      for (let slot = 0; slot < SLOTS; slot++) {
        const entry = words[base + FIRST_SLOT_WORD + slot]!
        if (entry !== 0) this.place(to, (words[base + (slot >>> 2)]! >>> ((slot & 3) << 3)) & 255, entry)
      }
    }
  }

  /** Copies a chain's entries into `taken`; returns how many. */
  private collect(first: Pointer): number {
    let count = 0
    for (let bucket = first; bucket !== 0; bucket = this.overflowOf(bucket)) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]!
      const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
      if (count + SLOTS > this.taken.length) this.growTaken()
      for (let slot = 0; slot < SLOTS; slot++) {
        const entry = words[base + slot]!
        if (entry !== 0) this.taken[count++] = entry
      }
    }
    return count
  }

  private growTaken(): void {
    const larger = new Int32Array(this.taken.length * 2)
    larger.set(this.taken)
    this.taken = larger
  }

  private freeChain(first: Pointer): void {
    for (let bucket = first; bucket !== 0;) {
      const next = this.overflowOf(bucket)
      this.arena.free(bucket)
      this.countOverflow(-1)
      bucket = next
    }
  }

  private openFirstChunk(): void {
    const chunk = this.newBuckets(1)
    assert(chunk !== 0)
    this.directory[0] = chunk
    this.firstChunkBuckets = 1
  }

  /** Buckets side by side, all empty; 0 without memory. */
  private newBuckets(count: number): Pointer {
    const chunk = this.arena.allocate(count * BUCKET_BYTES)
    if (chunk !== 0) this.zeroBuckets(chunk, count)
    return chunk
  }

  private zeroBuckets(pointer: Pointer, count: number): void {
    const base = (pointer & OFFSET_MASK) << 1
    this.arena.i32[pointer >>> SEGMENT_SHIFT]!.fill(0, base, base + count * (BUCKET_BYTES >>> 2))
  }

  /** Makes room for one bucket more, the one at `index`; false without memory. */
  private ensureBucket(index: number): boolean {
    if (index < CHUNK_BUCKETS) return index < this.firstChunkBuckets || this.growFirstChunk()
    if ((index & CHUNK_MASK) !== 0) return true
    const chunk = index >>> CHUNK_SHIFT
    if (chunk >= this.directory.length) {
      const larger = new Int32Array(this.directory.length * 2)
      larger.set(this.directory)
      this.directory = larger
    }
    this.directory[chunk] = this.newBuckets(CHUNK_BUCKETS)
    return this.directory[chunk] !== 0
  }

  private growFirstChunk(): boolean {
    const buckets = this.firstChunkBuckets
    const from = this.directory[0]!
    const to = this.newBuckets(buckets * 2)
    if (to === 0) return false
    const base = (from & OFFSET_MASK) << 1
    const words = this.arena.i32[from >>> SEGMENT_SHIFT]!
    const target = this.arena.i32[to >>> SEGMENT_SHIFT]!
    const targetBase = (to & OFFSET_MASK) << 1
    for (let i = 0; i < buckets * (BUCKET_BYTES >>> 2); i++) target[targetBase + i] = words[base + i]!
    this.arena.free(from)
    this.directory[0] = to
    this.firstChunkBuckets = buckets * 2
    return true
  }

  /** Gives a chunk back when its first bucket, the last of the table, has gone. */
  private releaseBucket(index: number): void {
    if (index < CHUNK_BUCKETS || (index & CHUNK_MASK) !== 0) return
    const chunk = index >>> CHUNK_SHIFT
    this.arena.free(this.directory[chunk]!)
    this.directory[chunk] = 0
  }
}

/**
 * The slots of a bucket that have a tag, one bit each; a few others may be among them, behind the first.
 *
 * There is no branch on the way: which slot it is cannot be predicted, and a guess that fails costs more than the three words.
 */
function slotsWithTag(words: Int32Array, base: number, tag: number): number {
  const pattern = Math.imul(tag, 0x01010101)
  const first = words[base]! ^ pattern
  const second = words[base + 1]! ^ pattern
  const third = words[base + 2]! ^ pattern
  return (
    gathered((first - 0x01010101) & ~first) |
    (gathered((second - 0x01010101) & ~second) << 4) |
    (gathered((third - 0x01010101) & ~third) << 8)
  )
}

/** The highest bits of four bytes, side by side. */
function gathered(word: number): number {
  const bits = (word >>> 7) & 0x01010101
  return (bits | (bits >>> 7) | (bits >>> 14) | (bits >>> 21)) & 15
}

function tagOf(hash: number): number {
  const tag = hash >>> 24
  return tag === 0 ? 1 : tag
}

function reverseBits(value: number): number {
  let v = value
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1)
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2)
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4)
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8)
  return ((v >>> 16) | (v << 16)) >>> 0
}
