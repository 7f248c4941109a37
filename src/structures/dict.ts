/**
 * The dict: the hash table in the arena that serves sets, hashes and the member index of sorted sets.
 *
 * Linear hashing over buckets of one cache line, as in keyspace/key-table.ts, whose header explains it. Here all state lies in
 * the arena, since a data set may hold millions of these: a value is known by its root block, and one `Dict` object is opened
 * on a root after the other. (The bucket code is not shared with KeyTable: that keeps its state in fields, refers to entries
 * of another layout and looks ahead in the pipeline, and a call through an indirection for each of these, in the hottest loop
 * of either, would cost more than the lines save.)
 *
 *     root, 24 bytes:                                        bucket, 64 bytes:
 *        0  elements                                            0  12 tag bytes (top byte of the hash, 0 marks a free slot)
 *        4  buckets                                            12  pointer to an overflow bucket, or 0
 *        8  overflow buckets                                   16  12 element pointers
 *       12  buckets of the longest chain, at least
 *       16  the buckets, when they are CHUNK_BUCKETS or less; otherwise a directory of pointers to chunks of so many
 *       20  a mark: somebody is saving the dict as it was, and must see a bucket before it changes (memory/unit-guard.ts)
 *
 * The number of buckets tells level and split of the scheme: its highest bit is the size of the round, what is below that has
 * been divided. Up to a chunk the buckets stand in one block, which grows by a quarter. An element is a block whose layout
 * dict-element.ts describes; of that, the table knows how to find and compare the field.
 *
 * Scanning walks the buckets in the order of the bit-reversed hash: an element that is there from the first call to the last
 * is seen, however the table grows or shrinks.
 */

import { assert } from '../base/assert.js'
import type { Random } from '../base/environment.js'
import { halfSipHash } from '../base/half-siphash.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import {
  copyElement,
  elementBytes,
  elementFieldBytes,
  elementFieldLength,
  elementFieldStart,
  fieldEquals,
  freeElement,
} from './dict-element.js'

const SLOTS = 12
const TAG_WORDS = 3
const OVERFLOW_WORD = 3
const FIRST_SLOT_WORD = 4
const BUCKET_BYTES = 64
const BUCKET_WORDS = BUCKET_BYTES >>> 2
const BUCKET_UNITS = BUCKET_BYTES >>> 3
const CHUNK_SHIFT = 8
const CHUNK_BUCKETS = 1 << CHUNK_SHIFT
const CHUNK_MASK = CHUNK_BUCKETS - 1
const DIRECTORY_BYTES_MIN = 16
/** Average elements a bucket above which one bucket is divided. */
const LOAD_MAX = 7
/** Average elements a bucket below which two buckets are joined. */
const LOAD_MIN = 3
const BUCKETS_MAX = 1 << 28

const ROOT_BYTES = 24
const COUNT = 0
const BUCKETS = 1
const OVERFLOWS = 2
const CHAIN_MAX = 3
const TABLE = 4
const MARK = 5

export class Dict {
  /** The root this object is open on. */
  root: Pointer
  count: number
  /** Hash of the last field looked for. */
  hash: number
  private readonly arena: Arena
  private readonly key0: number
  private readonly key1: number
  private buckets: number
  /** Buckets at the start of the round, less 1. */
  private mask: number
  private table: Pointer
  /** What `takeBucket` has copied; of other methods, room to work in. */
  taken: Int32Array
  private locatedBucket: Pointer
  /** Where `random` found its element: number of the bucket, and slot in `locatedBucket`. */
  private drawnIndex: number
  private drawnSlot: number
  /** What `fetch` read; kept so that the reading is not optimised away. */
  fetched: number

  constructor(arena: Arena, key0: number, key1: number) {
    this.root = 0
    this.count = 0
    this.hash = 0
    this.arena = arena
    this.key0 = key0
    this.key1 = key1
    this.buckets = 0
    this.mask = 0
    this.table = 0
    this.taken = new Int32Array(SLOTS * 4)
    this.locatedBucket = 0
    this.drawnIndex = 0
    this.drawnSlot = 0
    this.fetched = 0
  }

  /** Opens this on a new dict without elements; false without memory. */
  create(): boolean {
    const root = this.arena.allocate(ROOT_BYTES)
    if (root === 0) return false
    const table = this.newBuckets(1)
    if (table === 0) {
      this.arena.free(root)
      return false
    }
    const words = this.arena.i32[root >>> SEGMENT_SHIFT]
    const base = (root & OFFSET_MASK) << 1
    words[base + COUNT] = 0
    words[base + BUCKETS] = 1
    words[base + OVERFLOWS] = 0
    words[base + CHAIN_MAX] = 1
    words[base + TABLE] = table
    words[base + MARK] = 0
    this.open(root)
    return true
  }

  /** Turns to another dict. What another object changes is seen after opening again. */
  open(root: Pointer): void {
    const words = this.arena.i32[root >>> SEGMENT_SHIFT]
    const base = (root & OFFSET_MASK) << 1
    const buckets = words[base + BUCKETS]
    this.root = root
    this.count = words[base + COUNT]
    this.buckets = buckets
    this.mask = (0x80000000 >>> Math.clz32(buckets)) - 1
    this.table = words[base + TABLE]
  }

  get bucketCount(): number {
    return this.buckets
  }

  hashOf(bytes: Uint8Array, start: number, end: number): number {
    return halfSipHash(bytes, start, end, this.key0, this.key1)
  }

  hashOfElement(element: Pointer): number {
    const start = elementFieldStart(this.arena, element)
    const bytes = elementFieldBytes(this.arena, element)
    return this.hashOf(bytes, start, start + elementFieldLength(this.arena, element))
  }

  /** The element of a field, or 0. Leaves the field's hash in `hash`. */
  find(bytes: Uint8Array, start: number, end: number): Pointer {
    const hash = halfSipHash(bytes, start, end, this.key0, this.key1)
    this.hash = hash
    return this.findHashed(hash, bytes, start, end)
  }

  findHashed(hash: number, bytes: Uint8Array, start: number, end: number): Pointer {
    return this.findTagged(this.bucketAt(this.bucketIndexOf(hash)), tagOf(hash), bytes, start, end)
  }

  private findTagged(first: Pointer, tag: number, bytes: Uint8Array, start: number, end: number): Pointer {
    const arena = this.arena
    const pattern = Math.imul(tag, 0x01010101)
    let bucket = first
    do {
      const words = arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = (bucket & OFFSET_MASK) << 1
      for (let group = 0; group < TAG_WORDS; group++) {
        const difference = words[base + group] ^ pattern
        let matches = (difference - 0x01010101) & ~difference & 0x80808080
        while (matches !== 0) {
          const element = words[base + FIRST_SLOT_WORD + (group << 2) + ((31 - Math.clz32(matches & -matches)) >>> 3)]
          if (element !== 0 && fieldEquals(arena, element, bytes, start, end)) return element
          matches &= matches - 1
        }
      }
      bucket = words[base + OVERFLOW_WORD]
    } while (bucket !== 0)
    return 0
  }

  /** Adds an element whose field is known to be absent; false without memory, and then nothing has changed. */
  insert(hash: number, element: Pointer): boolean {
    assert(element !== 0)
    const index = this.bucketIndexOf(hash)
    this.announce(index)
    if (!this.place(this.bucketAt(index), tagOf(hash), element)) return false
    this.setCount(this.count + 1)
    if (this.count > this.buckets * LOAD_MAX) this.divide()
    return true
  }

  /** Puts another block in the place of `from`, which must be present. */
  replace(hash: number, from: Pointer, to: Pointer): void {
    this.changing(hash)
    const slot = this.locate(hash, from)
    assert(slot >= 0)
    const bucket = this.locatedBucket
    this.arena.i32[bucket >>> SEGMENT_SHIFT][((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD + slot] = to
  }

  /** Takes an element out that must be present; its block stays the caller's. */
  remove(hash: number, element: Pointer): void {
    const slot = this.locate(hash, element)
    assert(slot >= 0)
    this.removeAt(this.bucketIndexOf(hash), slot)
  }

  /** Takes out the element that `random` has just found, which saves looking for it. */
  removeDrawn(): void {
    this.removeAt(this.drawnIndex, this.drawnSlot)
  }

  /** To be called before an element of that hash is changed in place. */
  changing(hash: number): void {
    if (this.isMarked) this.announce(this.bucketIndexOf(hash))
  }

  /** The same, by the element. */
  elementChanging(element: Pointer): void {
    if (this.isMarked) this.announce(this.bucketIndexOf(this.hashOfElement(element)))
  }

  get isMarked(): boolean {
    return this.rootWord(MARK) !== 0
  }

  setMarked(isMarked: boolean): void {
    this.setRootWord(MARK, isMarked ? 1 : 0)
  }

  private announce(index: number): void {
    if (this.rootWord(MARK) !== 0) this.arena.unitGuard?.changing(this.root, index)
  }

  private removeAt(index: number, slot: number): void {
    this.announce(index)
    this.clear(this.bucketAt(index), this.locatedBucket, slot)
    this.setCount(this.count - 1)
    if (this.buckets > 1 && this.count < (this.buckets - 1) * LOAD_MIN) this.join()
  }

  /**
   * Frees about `elementsMax` elements, from the last bucket on, and at the end the dict itself. In between the dict is good
   * for nothing but this.
   *
   * @param ownsElements  false when the elements themselves are freed by somebody else
   * @returns true when the dict is gone
   */
  freeSome(elementsMax: number, ownsElements: boolean): boolean {
    for (let freed = 0; freed < elementsMax; freed++) {
      const bucket = this.bucketAt(this.buckets - 1)
      const count = this.collect(bucket)
      if (ownsElements) for (let i = 0; i < count; i++) freeElement(this.arena, this.taken[i])
      this.freeChain(this.overflowOf(bucket))
      freed += count
      this.setCount(this.count - count)
      if (this.buckets === 1) {
        assert(this.count === 0)
        this.arena.free(this.table)
        this.arena.free(this.root)
        this.root = 0
        return true
      }
      this.dropLastBucket()
    }
    return false
  }

  free(ownsElements: boolean): void {
    const isGone = this.freeSome(Infinity, ownsElements)
    assert(isGone)
  }

  /** Opens this on a copy of the dict it is open on, elements included; false without memory, and then nothing has changed. */
  duplicate(): boolean {
    const source = this.root
    const buckets = this.buckets
    const elements: Pointer[] = []
    if (!this.create()) return false
    const target = this.root
    for (let index = 0; index < buckets; index++) {
      this.open(source)
      elements.length = 0
      this.collectBucket(index, elements)
      this.open(target)
      if (this.insertCopies(elements)) continue
      this.free(true)
      this.open(source)
      return false
    }
    return true
  }

  /**
   * Appends the elements of the bucket at a scan position to `into`.
   *
   * @param cursor  position in bit-reversed hash order; 0 starts
   * @returns the next position, or 0 at the end
   */
  scan(cursor: number, into: Pointer[]): number {
    const index = this.bucketIndexOf(reverseBits(cursor))
    this.collectBucket(index, into)
    return this.cursorAfter(index)
  }

  /** Appends the elements of one bucket, of `bucketCount`, to `into`. */
  collectBucket(index: number, into: Pointer[]): void {
    const { i32 } = this.arena
    let bucket = this.bucketAt(index)
    do {
      const words = i32[bucket >>> SEGMENT_SHIFT]
      const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
      for (let slot = 0; slot < SLOTS; slot++) {
        const element = words[base + slot]
        if (element !== 0) into.push(element)
      }
      bucket = words[base - 1]
    } while (bucket !== 0)
  }

  /** Copies the elements of one bucket, of `bucketCount`, to the start of `taken`; returns how many. */
  takeBucket(index: number): number {
    return this.collect(this.bucketAt(index))
  }

  /**
   * As `takeBucket`, but only those elements whose fields `other` has, too. Dicts with the same keys hash alike: the bucket of an
   * element here and its tag mostly tell its place there, without its hash being computed.
   */
  takeCommon(index: number, other: Dict): number {
    const { arena } = this
    const known = other.bucketOfAll(index, this.modulusOf(index))
    let count = 0
    let bucket = this.bucketAt(index)
    do {
      const words = arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = (bucket & OFFSET_MASK) << 1
      if (count + SLOTS > this.taken.length) this.growTaken()
      for (let slot = 0; slot < SLOTS; slot++) {
        const element = words[base + FIRST_SLOT_WORD + slot]
        if (element === 0) continue
        const tag = (words[base + (slot >>> 2)] >>> ((slot & 3) << 3)) & 255
        if (other.hasFieldOf(element, known, tag)) this.taken[count++] = element
      }
      bucket = words[base + OVERFLOW_WORD]
    } while (bucket !== 0)
    return count
  }

  /** Whether there is an element of the same field as one of another dict; `bucket` is -1 where only its hash tells which. */
  private hasFieldOf(element: Pointer, bucket: number, tag: number): boolean {
    const { arena } = this
    const start = elementFieldStart(arena, element)
    const bytes = elementFieldBytes(arena, element)
    const end = start + elementFieldLength(arena, element)
    const index = bucket >= 0 ? bucket : this.bucketIndexOf(this.hashOf(bytes, start, end))
    return this.findTagged(this.bucketAt(index), tag, bytes, start, end) !== 0
  }

  /** What all hashes of a bucket have in common: the rest when they are divided by this, a power of 2, is the bucket's number. */
  private modulusOf(index: number): number {
    const size = this.mask + 1
    return index >= size || index + size < this.buckets ? size * 2 : size
  }

  /** The bucket of all hashes with a rest when divided by a power of 2; -1 when they are spread over several. */
  private bucketOfAll(rest: number, modulus: number): number {
    const size = this.mask + 1
    if (modulus < size) return -1
    const index = rest & this.mask
    if (index + size >= this.buckets) return index
    if (modulus < size * 2) return -1
    return (rest & size) !== 0 ? index + size : index
  }

  /** A random element, each as likely as the other; 0 when there is none. */
  random(random: Random): Pointer {
    if (this.count === 0) return 0
    const { i32 } = this.arena
    const slots = SLOTS * this.rootWord(CHAIN_MAX)
    // Any slot that a chain of the greatest length could have is drawn, until one is in use.
    for (;;) {
      const index = random.next32() % this.buckets
      let bucket = this.bucketAt(index)
      const pick = random.next32() % slots
      for (let skip = (pick / SLOTS) | 0; skip > 0 && bucket !== 0; skip--) bucket = this.overflowOf(bucket)
      if (bucket === 0) continue
      const element = i32[bucket >>> SEGMENT_SHIFT][((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD + (pick % SLOTS)]
      if (element === 0) continue
      this.locatedBucket = bucket
      this.drawnIndex = index
      this.drawnSlot = pick % SLOTS
      return element
    }
  }

  /** Bytes of the table, without the elements. */
  get tableBytes(): number {
    const { arena } = this
    const overflowBytes = this.rootWord(OVERFLOWS) * BUCKET_BYTES
    if (this.buckets <= CHUNK_BUCKETS) return ROOT_BYTES + arena.usableBytes(this.table) + overflowBytes
    const chunks = (this.buckets + CHUNK_MASK) >>> CHUNK_SHIFT
    return ROOT_BYTES + arena.usableBytes(this.table) + chunks * CHUNK_BUCKETS * BUCKET_BYTES + overflowBytes
  }

  /** Bytes of table and elements, the latter estimated from so many. */
  memoryBytes(samples: number): number {
    const seen: Pointer[] = []
    for (let index = 0; index < this.buckets && seen.length < samples; index++) this.collectBucket(index, seen)
    if (seen.length === 0) return this.tableBytes
    const sampled = Math.min(seen.length, samples)
    let bytes = 0
    for (let i = 0; i < sampled; i++) bytes += elementBytes(this.arena, seen[i])
    return this.tableBytes + Math.round((bytes / sampled) * this.count)
  }

  /** Buckets by number of elements, for DEBUG HTSTATS-KEY: index 0 counts buckets without any. */
  fillHistogram(lengthsMax: number): number[] {
    const histogram = new Array<number>(lengthsMax).fill(0)
    for (let index = 0; index < this.buckets; index++) {
      histogram[Math.min(this.collect(this.bucketAt(index)), lengthsMax - 1)]++
    }
    return histogram
  }

  /** Asserts every invariant: elements in their buckets, tags right, chains without gaps, counts right. */
  validate(): void {
    let seen = 0
    let overflow = 0
    for (let index = 0; index < this.buckets; index++) {
      let bucket = this.bucketAt(index)
      for (let depth = 1; bucket !== 0; depth++) {
        const inBucket = this.validateBucket(bucket, index)
        if (depth > 1) {
          overflow++
          assert(inBucket > 0)
          assert(depth <= this.rootWord(CHAIN_MAX))
        }
        seen += inBucket
        bucket = this.overflowOf(bucket)
        if (bucket !== 0) assert(inBucket === SLOTS)
      }
    }
    assert(seen === this.count)
    assert(this.count === this.rootWord(COUNT))
    assert(overflow === this.rootWord(OVERFLOWS))
  }

  private validateBucket(bucket: Pointer, index: number): number {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
    const base = (bucket & OFFSET_MASK) << 1
    let seen = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      const element = words[base + FIRST_SLOT_WORD + slot]
      const tag = (words[base + (slot >>> 2)] >>> ((slot & 3) << 3)) & 255
      assert((element === 0) === (tag === 0))
      if (element === 0) continue
      const hash = this.hashOfElement(element)
      assert(tag === tagOf(hash))
      assert(this.bucketIndexOf(hash) === index)
      seen++
    }
    return seen
  }

  private bucketIndexOf(hash: number): number {
    const index = hash & this.mask
    const divided = index + this.mask + 1
    // Where the bucket has been divided, one bit more decides.
    return divided < this.buckets && (hash & (this.mask + 1)) !== 0 ? divided : index
  }

  private bucketAt(index: number): Pointer {
    if (this.buckets <= CHUNK_BUCKETS) return this.table + index * BUCKET_UNITS
    return this.chunkAt(index >>> CHUNK_SHIFT) + (index & CHUNK_MASK) * BUCKET_UNITS
  }

  private chunkAt(chunk: number): Pointer {
    return this.arena.i32[this.table >>> SEGMENT_SHIFT][((this.table & OFFSET_MASK) << 1) + chunk]
  }

  private setChunk(chunk: number, pointer: Pointer): void {
    this.arena.i32[this.table >>> SEGMENT_SHIFT][((this.table & OFFSET_MASK) << 1) + chunk] = pointer
  }

  private rootWord(word: number): number {
    return this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + word]
  }

  private setRootWord(word: number, value: number): void {
    this.arena.i32[this.root >>> SEGMENT_SHIFT][((this.root & OFFSET_MASK) << 1) + word] = value
  }

  private setCount(count: number): void {
    this.count = count
    this.setRootWord(COUNT, count)
  }

  private setBuckets(buckets: number): void {
    this.buckets = buckets
    this.mask = (0x80000000 >>> Math.clz32(buckets)) - 1
    this.setRootWord(BUCKETS, buckets)
  }

  private setTable(table: Pointer): void {
    this.table = table
    this.setRootWord(TABLE, table)
  }

  private overflowOf(bucket: Pointer): Pointer {
    return this.arena.i32[bucket >>> SEGMENT_SHIFT][((bucket & OFFSET_MASK) << 1) + OVERFLOW_WORD]
  }

  private setOverflow(bucket: Pointer, overflow: Pointer): void {
    this.arena.i32[bucket >>> SEGMENT_SHIFT][((bucket & OFFSET_MASK) << 1) + OVERFLOW_WORD] = overflow
  }

  /** The scan position just behind a bucket's range, or 0 behind the last. */
  private cursorAfter(index: number): number {
    const size = this.mask + 1
    const level = 31 - Math.clz32(size)
    const bits = index >= size || index + size < this.buckets ? level + 1 : level
    if (bits === 0) return 0
    const next = (reverseBits(index) >>> (32 - bits)) + 1
    return next === 2 ** bits ? 0 : (next << (32 - bits)) >>> 0
  }

  /** The slot of an element, in the bucket left in `locatedBucket`; -1 when it is not in the table. */
  private locate(hash: number, element: Pointer): number {
    let bucket = this.bucketAt(this.bucketIndexOf(hash))
    do {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
      for (let slot = 0; slot < SLOTS; slot++) {
        if (words[base + slot] !== element) continue
        this.locatedBucket = bucket
        return slot
      }
      bucket = words[base - 1]
    } while (bucket !== 0)
    return -1
  }

  private place(first: Pointer, tag: number, element: Pointer): boolean {
    let bucket = first
    for (let depth = 1; ; depth++) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = (bucket & OFFSET_MASK) << 1
      for (let group = 0; group < TAG_WORDS; group++) {
        const tags = words[base + group]
        const free = (tags - 0x01010101) & ~tags & 0x80808080
        if (free === 0) continue
        const byte = (31 - Math.clz32(free & -free)) >>> 3
        words[base + group] = tags | (tag << (byte << 3))
        words[base + FIRST_SLOT_WORD + (group << 2) + byte] = element
        return true
      }
      const next = words[base + OVERFLOW_WORD]
      bucket = next !== 0 ? next : this.addOverflow(bucket, depth)
      if (bucket === 0) return false
    }
  }

  /** Lengthens a chain of `depth` buckets, of which `bucket` is the last; 0 without memory. */
  private addOverflow(bucket: Pointer, depth: number): Pointer {
    const overflow = this.newBuckets(1)
    if (overflow === 0) return 0
    this.setOverflow(bucket, overflow)
    this.setRootWord(OVERFLOWS, this.rootWord(OVERFLOWS) + 1)
    if (depth >= this.rootWord(CHAIN_MAX)) this.setRootWord(CHAIN_MAX, depth + 1)
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
    const words = this.arena.i32[last >>> SEGMENT_SHIFT]
    const base = (last & OFFSET_MASK) << 1
    const element = words[base + FIRST_SLOT_WORD + filler]
    const tag = (words[base + (filler >>> 2)] >>> ((filler & 3) << 3)) & 255
    this.setSlot(bucket, slot, tag, element)
    this.setSlot(last, filler, 0, 0)
    if (this.lastUsedSlot(last) >= 0) return
    this.setOverflow(beforeLast, 0)
    this.freeChain(last)
  }

  private setSlot(bucket: Pointer, slot: number, tag: number, element: Pointer): void {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
    const base = (bucket & OFFSET_MASK) << 1
    const shift = (slot & 3) << 3
    const word = base + (slot >>> 2)
    words[word] = (words[word] & ~(255 << shift)) | (tag << shift)
    words[base + FIRST_SLOT_WORD + slot] = element
  }

  private lastUsedSlot(bucket: Pointer): number {
    const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
    const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
    for (let slot = SLOTS - 1; slot >= 0; slot--) if (words[base + slot] !== 0) return slot
    return -1
  }

  /** Divides the next bucket between itself and a new one at the end. Without memory for that, chains grow longer instead. */
  private divide(): void {
    if (this.buckets === BUCKETS_MAX || !this.makeRoom()) return
    const index = this.buckets - this.mask - 1
    this.announce(index)
    this.setBuckets(this.buckets + 1)
    const first = this.bucketAt(index)
    const overflow = this.overflowOf(first)
    const count = this.collect(first)
    this.zeroBuckets(first, 1)
    this.freeChain(overflow)
    this.fetch(count)
    for (let i = 0; i < count; i++) {
      const element = this.taken[i]
      const hash = this.hashOfElement(element) // its top byte, the tag, is in the bucket, but not the bit that decides here
      const isPlaced = this.place(this.bucketAt(this.bucketIndexOf(hash)), tagOf(hash), element)
      assert(isPlaced) // two chains never need more overflow buckets than the one had that has just been freed
    }
  }

  /** Joins the last bucket with the one it was divided from. */
  private join(): void {
    // One overflow bucket more may be needed; without memory for it, the table stays as large as it is.
    const probe = this.arena.allocate(BUCKET_BYTES)
    if (probe === 0) return
    this.arena.free(probe)
    const gone = this.buckets - 1
    const size = 0x80000000 >>> Math.clz32(gone)
    this.announce(gone)
    this.announce(gone - size)
    const bucket = this.bucketAt(gone)
    const target = this.bucketAt(gone - size)
    const overflow = this.overflowOf(bucket)
    const count = this.collectWithTags(bucket)
    this.freeChain(overflow)
    for (let i = 0; i < count; i++) {
      const isPlaced = this.place(target, this.taken[count + i], this.taken[i])
      assert(isPlaced)
    }
    this.dropLastBucket()
  }

  /**
   * Looks at all taken elements once, so that they come into the processor's cache together: hashing them one by one would
   * wait for each in turn.
   */
  private fetch(count: number): void {
    const { i32 } = this.arena
    let sum = 0
    for (let i = 0; i < count; i++) {
      const element = this.taken[i]
      sum ^= i32[element >>> SEGMENT_SHIFT][(element & OFFSET_MASK) << 1]
    }
    this.fetched = sum
  }

  /** Copies a chain's elements into `taken`; returns how many. */
  private collect(first: Pointer): number {
    let count = 0
    for (let bucket = first; bucket !== 0; bucket = this.overflowOf(bucket)) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = ((bucket & OFFSET_MASK) << 1) + FIRST_SLOT_WORD
      if ((count + SLOTS) * 2 > this.taken.length) this.growTaken()
      for (let slot = 0; slot < SLOTS; slot++) {
        const element = words[base + slot]
        if (element !== 0) this.taken[count++] = element
      }
    }
    return count
  }

  /** The same, with the tags behind all elements. */
  private collectWithTags(first: Pointer): number {
    const count = this.collect(first)
    let at = count
    for (let bucket = first; bucket !== 0; bucket = this.overflowOf(bucket)) {
      const words = this.arena.i32[bucket >>> SEGMENT_SHIFT]
      const base = (bucket & OFFSET_MASK) << 1
      for (let slot = 0; slot < SLOTS; slot++) {
        const tag = (words[base + (slot >>> 2)] >>> ((slot & 3) << 3)) & 255
        if (tag !== 0) this.taken[at++] = tag
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
    if (first === 0) return
    let overflows = this.rootWord(OVERFLOWS)
    for (let bucket = first; bucket !== 0;) {
      const next = this.overflowOf(bucket)
      this.arena.free(bucket)
      overflows--
      bucket = next
    }
    this.setRootWord(OVERFLOWS, overflows)
    if (overflows === 0) this.setRootWord(CHAIN_MAX, 1)
  }

  /** Reads elements once, so that they come into the processor's cache together. */
  fetchAll(elements: readonly Pointer[]): void {
    const { i32 } = this.arena
    let sum = 0
    for (let i = 0; i < elements.length; i++) {
      sum ^= i32[elements[i] >>> SEGMENT_SHIFT][(elements[i] & OFFSET_MASK) << 1]
    }
    this.fetched = sum
  }

  private insertCopies(elements: readonly Pointer[]): boolean {
    for (let i = 0; i < elements.length; i++) {
      const copied = copyElement(this.arena, elements[i])
      if (copied === 0) return false
      if (this.insert(this.hashOfElement(copied), copied)) continue
      freeElement(this.arena, copied)
      return false
    }
    return true
  }

  /** Buckets side by side, all empty; 0 without memory. */
  private newBuckets(count: number): Pointer {
    const chunk = this.arena.allocate(count * BUCKET_BYTES)
    if (chunk !== 0) this.zeroBuckets(chunk, count)
    return chunk
  }

  private zeroBuckets(pointer: Pointer, count: number): void {
    const base = (pointer & OFFSET_MASK) << 1
    const words = this.arena.i32[pointer >>> SEGMENT_SHIFT]
    if (count === 1) for (let i = base; i < base + BUCKET_WORDS; i++) words[i] = 0
    else words.fill(0, base, base + count * BUCKET_WORDS)
  }

  /** Makes room for one bucket more; false without memory. */
  private makeRoom(): boolean {
    const buckets = this.buckets
    if (buckets < CHUNK_BUCKETS) return this.growSingleChunk(buckets)
    if ((buckets & CHUNK_MASK) !== 0) return true
    if (buckets === CHUNK_BUCKETS && !this.openDirectory()) return false
    const chunk = buckets >>> CHUNK_SHIFT
    const usable = this.arena.usableBytes(this.table)
    if (chunk << 2 >= usable) {
      const larger = this.arena.reallocate(this.table, usable * 2)
      if (larger === 0) return false
      this.setTable(larger)
    }
    const added = this.newBuckets(CHUNK_BUCKETS)
    if (added !== 0) this.setChunk(chunk, added)
    else if (buckets === CHUNK_BUCKETS) this.closeDirectory()
    return added !== 0
  }

  private growSingleChunk(buckets: number): boolean {
    const room = (this.arena.usableBytes(this.table) / BUCKET_BYTES) | 0
    if (buckets === room) {
      const larger = this.arena.reallocate(this.table, Math.min(room + (room >>> 2) + 1, CHUNK_BUCKETS) * BUCKET_BYTES)
      if (larger === 0) return false
      this.setTable(larger)
    }
    this.zeroBuckets(this.table + buckets * BUCKET_UNITS, 1)
    return true
  }

  private openDirectory(): boolean {
    const directory = this.arena.allocate(DIRECTORY_BYTES_MIN)
    if (directory === 0) return false
    const chunk = this.table
    this.setTable(directory)
    this.setChunk(0, chunk)
    return true
  }

  private closeDirectory(): void {
    const directory = this.table
    this.setTable(this.chunkAt(0))
    this.arena.free(directory)
  }

  /** Takes the last bucket away, whose elements have gone, and gives back what is empty now. */
  private dropLastBucket(): void {
    const gone = this.buckets - 1
    if (gone >= CHUNK_BUCKETS) {
      const bucket = this.bucketAt(gone)
      this.setBuckets(gone)
      if ((gone & CHUNK_MASK) !== 0) return this.zeroBuckets(bucket, 1)
      this.arena.free(bucket)
      if (gone === CHUNK_BUCKETS) this.closeDirectory()
      else this.trim(Math.max(gone >>> CHUNK_SHIFT, DIRECTORY_BYTES_MIN >>> 2) << 2)
      return
    }
    this.setBuckets(gone)
    this.trim(gone * BUCKET_BYTES)
  }

  /** Moves the table, or its directory, to a smaller block when it fills half of its own. */
  private trim(bytes: number): void {
    if (bytes * 2 > this.arena.usableBytes(this.table)) return
    this.setTable(this.arena.reallocate(this.table, bytes))
  }
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
