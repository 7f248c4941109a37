/**
 * A hash as commands work with it, in either encoding. The view is reused: it is opened on the value of an entry, or on a hash
 * that is being built and belongs to no entry yet.
 *
 * The view tells the database of a change just before the first one, and notes in the entry where the value is afterwards. A
 * field and its value are shown in `field` and `content`, which the next ones overwrite.
 *
 * Fields whose time has passed are there until active expiry or a change comes across them, but are not shown.
 */

import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import {
  elementFieldBytes,
  elementFieldLength,
  elementFieldStart,
  elementValueBytes,
  elementValueLength,
  elementValueStart,
  freeElement,
  newElement,
  setElementValue,
  viewField,
  viewValue,
} from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import {
  addDue,
  countDueBefore,
  DUE_WORDS,
  dueMoved,
  dueOf,
  firstDue,
  newDueHeap,
  removeDue,
  setDue,
  settleDue,
} from '../../structures/due-heap.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import type { Database } from '../database.js'
import { replyDict } from './dict-reply.js'
import { replyRun } from './listpack-reply.js'
import { cellWord, Encoding, encodingOfMeta, makeMeta, Type } from '../entry.js'
import { KeyspaceStat } from '../statistics.js'
import { setCollection } from './collection-entry.js'
import type { HashType } from './hash.js'
import { elementDue, NEVER, newTimedHash, setTimedFields, timedFields, timedRoot } from './timed-hash.js'

/** What became of a field that was set. */
export const FieldSet = { noMemory: -1, updated: 0, added: 1 } as const

/** What became of a field's expiry time. */
export const DueSet = { noMemory: -1, missing: 0, changed: 1, unchanged: 2 } as const

/** Listpacks do not grow beyond this. */
const LISTPACK_BYTES_MAX = 1 << 30
const NOTHING = new Uint8Array(0)
/** Picks at random before fields that are shown are looked for one by one. */
const RANDOM_TRIES = 100

export class HashView {
  readonly field: listpack.ListpackElement
  readonly content: listpack.ListpackElement
  encoding: Encoding
  value: Pointer
  /** Open on the value while the encoding is hashtable. */
  readonly dict: Dict
  /** The block of a hash with timed fields (see timed-hash.ts), which is its value; 0 for any other. */
  private timed: Pointer
  private readonly type: HashType
  private readonly arena: Arena
  private entry: Pointer
  /** The database need not be told of changes, or has been. */
  private isSilent: boolean
  /** Where the hash is, when it was opened to be changed. */
  private home: Database | undefined
  /** What is set keeps its expiry time. */
  private keepsDue: boolean
  private key: Uint8Array
  private keyStart: number
  private keyEnd: number
  /** Where the field shown stands: a place in the listpack, or an element. */
  private at: number
  /** Of a walk over a dict: the bucket that comes next, and how many of the elements taken from the last one are left. */
  private bucket: number
  private left: number

  constructor(type: HashType) {
    const { keyspace } = type
    this.field = new listpack.ListpackElement()
    this.content = new listpack.ListpackElement()
    this.encoding = Encoding.listpack
    this.value = 0
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.timed = 0
    this.type = type
    this.arena = keyspace.arena
    this.entry = 0
    this.isSilent = true
    this.home = undefined
    this.keepsDue = false
    this.key = NOTHING
    this.keyStart = 0
    this.keyEnd = 0
    this.at = -1
    this.bucket = 0
    this.left = 0
  }

  /** Opens this on the hash of an entry, which must stay where it is; for reading. */
  open(entry: Pointer): void {
    const words = this.arena.i32[entry >>> SEGMENT_SHIFT]!
    const meta = words[(entry & OFFSET_MASK) << 1]!
    this.isSilent = true
    this.entry = entry
    this.adopt(encodingOfMeta(meta), words[cellWord(entry, meta)]!)
  }

  /** The same, for changes: the database will be told. */
  openToChange(entry: Pointer, database: Database, key: Uint8Array, keyStart: number, keyEnd: number): void {
    this.open(entry)
    this.isSilent = false
    // Comparing costs less than the write barrier of a store that changes nothing.
    if (this.home !== database) this.home = database
    if (this.key !== key) this.key = key
    this.keyStart = keyStart
    this.keyEnd = keyEnd
  }

  /** Opens this on an empty hash of no entry; false without memory. */
  openNew(): boolean {
    this.isSilent = true
    this.home = undefined
    this.entry = 0
    this.value = 0 // without memory there is nothing to discard
    const value = edit.create(this.arena)
    if (value !== 0) this.adopt(Encoding.listpack, value)
    return value !== 0
  }

  /** Frees a hash of no entry. */
  discard(): void {
    this.type.keyspace.freeValue(makeMeta(Type.hash, this.storedEncoding, 0, 0), this.value, false)
  }

  /** What the entry is to say. */
  get storedEncoding(): Encoding {
    return this.timed === 0 ? this.encoding : Encoding.timedHashtable
  }

  /** Some fields have an expiry time. */
  get isTimed(): boolean {
    return this.timed !== 0
  }

  /** Number of fields that are shown. */
  get size(): number {
    if (this.encoding === Encoding.hashtable) return this.timed === 0 ? this.dict.count : this.shownCount()
    return listpack.count(this.bytes, this.start) >>> 1
  }

  /** Shows the value of a field in `content`; false when there is no such. */
  find(field: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) {
      const element = this.dict.find(field, start, end)
      if (element === 0 || (this.timed !== 0 && this.hides(element))) return false
      this.showContent(element)
      return true
    }
    const { bytes } = this
    const at = this.findInListpack(field, start, end)
    if (at < 0) return false
    listpack.read(bytes, listpack.next(bytes, at), this.content)
    return true
  }

  has(field: Uint8Array, start: number, end: number): boolean {
    if (this.encoding !== Encoding.hashtable) return this.findInListpack(field, start, end) >= 0
    const element = this.dict.find(field, start, end)
    return element !== 0 && (this.timed === 0 || !this.hides(element))
  }

  /** No field is left, not even one whose time has passed. */
  get isEmpty(): boolean {
    return this.encoding === Encoding.hashtable ? this.dict.count === 0 : this.size === 0
  }

  /** Whether an element's time has passed. */
  hides(element: Pointer): boolean {
    const { keyspace } = this.type
    const due = elementDue(this.arena, element)
    return due >= 0 && due < keyspace.nowMs && !keyspace.isLoading
  }

  /** Expiry time of the field shown, of a walk, in ms since 1970; NEVER without. */
  get dueMs(): number {
    return this.timed === 0 ? NEVER : elementDue(this.arena, this.at)
  }

  /** Expiry time of a field, NEVER without; NaN when there is no such field. */
  findDue(field: Uint8Array, start: number, end: number): number {
    if (this.timed === 0) return this.has(field, start, end) ? NEVER : NaN
    const element = this.dict.find(field, start, end)
    return element === 0 || this.hides(element) ? NaN : elementDue(this.arena, element)
  }

  /** Sets a field, which is there afterwards, without expiry time; see `FieldSet`. */
  set(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    this.announce()
    const { listpackEntriesMax, listpackValueMax } = this.type
    if (this.encoding === Encoding.listpack) {
      if (fieldEnd - fieldStart <= listpackValueMax && valueEnd - valueStart <= listpackValueMax) {
        const outcome = this.setInListpack(field, fieldStart, fieldEnd, value, valueStart, valueEnd)
        // Without memory for the conversion the hash stays a listpack beyond its limit.
        if (listpack.count(this.bytes, this.start) >>> 1 > listpackEntriesMax) this.convert()
        return outcome
      }
      if (!this.convert()) return FieldSet.noMemory
    }
    return this.setInDict(field, fieldStart, fieldEnd, value, valueStart, valueEnd)
  } // prettier-ignore

  /** The same, but a field that is there keeps its expiry time. */
  update(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    this.keepsDue = true
    const outcome = this.set(field, fieldStart, fieldEnd, value, valueStart, valueEnd)
    this.keepsDue = false
    return outcome
  } // prettier-ignore

  /** Takes a field out; false when there is no such. */
  remove(field: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) {
      const element = this.dict.find(field, start, end)
      if (element === 0) return false
      if (this.timed !== 0) return this.removeTimed(element)
      this.announce()
      this.dict.remove(this.dict.hash, element)
      freeElement(this.arena, element)
      return true
    }
    const at = this.findInListpack(field, start, end)
    if (at < 0) return false
    this.announce()
    this.setValue(edit.removeRun(this.arena, this.value, at, 2))
    return true
  }

  /** Begins a walk over all fields; the hash must not change under way. */
  rewind(): void {
    this.at = -1
    this.bucket = 0
    this.left = 0
  }

  /** Shows the next field with its value; false when there is none. */
  next(): boolean {
    if (this.encoding === Encoding.hashtable) return this.nextElement()
    const { bytes } = this
    this.at = this.at < 0 ? listpack.first(this.start) : listpack.next(bytes, listpack.next(bytes, this.at))
    if (bytes[this.at] === listpack.END) return false
    this.showPair()
    return true
  }

  /** Replies with fields, values or both of all that is shown: `size` (twice for both) bulk strings. */
  replyAll(reply: ReplyWriter, withFields: boolean, withContents: boolean): void {
    if (this.encoding === Encoding.listpack && withFields && withContents) {
      return replyRun(reply, this.bytes, listpack.first(this.start), this.size * 2)
    }
    if (this.encoding === Encoding.hashtable && this.timed === 0) {
      return replyDict(reply, this.arena, this.dict, withFields, withContents)
    }
    this.rewind()
    while (this.next()) {
      if (withFields) this.replyField(reply)
      if (withContents) this.replyContent(reply)
    }
  }

  /** Shows a random field, and its value, of a hash that has any, each as likely as the other. */
  random(): void {
    const { random } = this.type.keyspace
    if (this.encoding === Encoding.hashtable) return this.showElement(this.randomElement())
    this.at = listpack.seek(this.bytes, this.start, (random.next32() % this.size) * 2)
    this.showPair()
  }

  /** Identifies the field shown, as long as the hash does not change. */
  get place(): number {
    return this.at
  }

  replyField(reply: ReplyWriter): void {
    replyElement(this.field, reply)
  }

  replyContent(reply: ReplyWriter): void {
    replyElement(this.content, reply)
  }

  /**
   * Turns to the hash table at once where what is about to be set would lead there: the words from argument `first` up to
   * `last`. False without memory.
   */
  expect(starts: Int32Array, ends: Int32Array, first: number, last: number): boolean {
    if (this.encoding !== Encoding.listpack) return true
    const { listpackEntriesMax, listpackValueMax } = this.type
    if ((last - first + 1) >>> 1 > listpackEntriesMax) return this.convert()
    // Whether a single field is too long is seen as it is set.
    if (last - first === 1 && listpack.totalBytes(this.bytes, this.start) < LISTPACK_BYTES_MAX >>> 1) {
      if (listpackValueMax < LISTPACK_BYTES_MAX >>> 2) return true
    }
    let total = 0
    for (let i = first; i <= last; i++) {
      const length = ends[i]! - starts[i]!
      if (length > listpackValueMax) return this.convert()
      total += length
    }
    return listpack.totalBytes(this.bytes, this.start) + total <= LISTPACK_BYTES_MAX || this.convert()
  }

  /** Makes a dict of the listpack; false without memory, and then nothing has changed. */
  private convert(): boolean {
    const { arena, dict, value } = this
    if (!dict.create()) return false
    this.rewind()
    while (this.next()) {
      if (this.putShown()) continue
      dict.free(true)
      return false
    }
    arena.free(value)
    this.adopt(Encoding.hashtable, dict.root)
    if (this.entry !== 0) setCollection(arena, this.entry, Encoding.hashtable, dict.root)
    return true
  }

  /** Adds what is shown to the dict. */
  private putShown(): boolean {
    const { content, field } = this
    if (field.isInteger) field.spellInteger()
    if (content.isInteger) content.spellInteger()
    const hash = this.dict.hashOf(field.bytes, field.start, field.end)
    return this.insertIntoDict(
      hash, field.bytes, field.start, field.end, content.bytes, content.start, content.end,
    )
  } // prettier-ignore

  private get bytes(): Uint8Array {
    return this.arena.u8[this.value >>> SEGMENT_SHIFT]!
  }

  private get start(): number {
    return (this.value & OFFSET_MASK) << 3
  }

  private adopt(encoding: Encoding, value: Pointer): void {
    this.encoding = encoding
    this.value = value
    this.timed = 0
    if (encoding === Encoding.hashtable) this.dict.open(value)
    else if (encoding === Encoding.timedHashtable) this.adoptTimed(value)
  }

  private adoptTimed(block: Pointer): void {
    this.encoding = Encoding.hashtable
    this.timed = block
    this.dict.open(timedRoot(this.arena, block))
  }

  private setValue(value: Pointer): boolean {
    if (value === this.value) return true
    if (value === 0) return false
    this.value = value
    if (this.entry !== 0) setCollection(this.arena, this.entry, this.encoding, value)
    return true
  }

  private announce(): void {
    if (this.isSilent) return
    this.isSilent = true
    this.home!.beforeWrite(this.key, this.keyStart, this.keyEnd)
  }

  private findInListpack(bytes: Uint8Array, start: number, end: number): number {
    return listpack.find(this.bytes, listpack.first(this.start), bytes, start, end, 1)
  }

  private setInListpack(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    const { arena } = this
    const { bytes } = this
    const at = listpack.find(bytes, listpack.first(this.start), field, fieldStart, fieldEnd, 1)
    if (at >= 0) {
      const changed = edit.replace(arena, this.value, listpack.next(bytes, at), value, valueStart, valueEnd)
      return this.setValue(changed) ? FieldSet.updated : FieldSet.noMemory
    }
    if (!this.setValue(edit.append(arena, this.value, field, fieldStart, fieldEnd))) return FieldSet.noMemory
    if (this.setValue(edit.append(arena, this.value, value, valueStart, valueEnd))) return FieldSet.added
    this.setValue(edit.remove(arena, this.value, listpack.last(this.bytes, this.start)))
    return FieldSet.noMemory
  } // prettier-ignore

  private setInDict(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    const { dict } = this
    const element = dict.find(field, fieldStart, fieldEnd)
    if (element === 0) {
      const isAdded = this.insertIntoDict(dict.hash, field, fieldStart, fieldEnd, value, valueStart, valueEnd)
      return isAdded ? FieldSet.added : FieldSet.noMemory
    }
    if (this.timed !== 0) return this.setTimed(element, field, fieldStart, fieldEnd, value, valueStart, valueEnd)
    dict.changing(dict.hash)
    const changed = setElementValue(this.arena, element, value, valueStart, valueEnd)
    if (changed === 0) return FieldSet.noMemory
    if (changed !== element) dict.replace(dict.hash, element, changed)
    return FieldSet.updated
  } // prettier-ignore

  private shownCount(): number {
    const { keyspace } = this.type
    if (keyspace.isLoading) return this.dict.count
    return this.dict.count - countDueBefore(this.arena, timedFields(this.arena, this.timed), keyspace.nowMs)
  }

  /**
   * Gives a field an expiry time, or with NEVER takes it away; see `DueSet`. A listpack becomes a dict.
   *
   * @param dueMs  whole ms since 1970
   */
  setDue(field: Uint8Array, start: number, end: number, dueMs: number): number {
    if (!this.has(field, start, end)) return DueSet.missing
    if (this.encoding !== Encoding.hashtable) {
      if (dueMs === NEVER) return DueSet.unchanged
      this.announce()
      if (!this.convert()) return DueSet.noMemory
    }
    const element = this.dict.find(field, start, end)
    const current = elementDue(this.arena, element)
    if (current === NEVER && dueMs === NEVER) return DueSet.unchanged
    this.announce()
    if (current !== NEVER && dueMs !== NEVER) return this.moveDue(element, dueMs)
    return dueMs === NEVER ? this.clearDue(element) : this.addDue(element, dueMs)
  }

  /** Drops fields whose time has passed, the earliest first, and appends copies of their names to `into`. */
  dropPast(fieldsMax: number, into: Uint8Array[]): void {
    const { arena } = this
    while (this.timed !== 0 && into.length < fieldsMax) {
      const element = firstDue(arena, timedFields(arena, this.timed))
      if (!this.hides(element)) return
      into.push(this.dropElement(element))
    }
  }

  private moveDue(element: Pointer, dueMs: number): number {
    this.dict.changing(this.dict.hash)
    setDue(this.arena, element, dueMs)
    settleDue(this.arena, timedFields(this.arena, this.timed), element)
    this.noteDue()
    return DueSet.changed
  }

  private clearDue(element: Pointer): number {
    const changed = this.reshaped(element, 0)
    if (changed === 0) return DueSet.noMemory
    this.dict.replace(this.dict.hash, element, changed)
    this.forgetDue(element)
    freeElement(this.arena, element)
    this.noteDue()
    return DueSet.changed
  }

  private addDue(element: Pointer, dueMs: number): number {
    const { arena, dict } = this
    const changed = this.reshaped(element, DUE_WORDS)
    if (changed === 0) return DueSet.noMemory
    setDue(arena, changed, dueMs)
    const heap = this.timed === 0 ? newDueHeap(arena) : timedFields(arena, this.timed)
    const grown = heap === 0 ? 0 : addDue(arena, heap, changed)
    if (grown === 0 || (this.timed === 0 && !this.makeTimed(grown, dueMs))) {
      if (this.timed === 0 && heap !== 0) arena.free(heap)
      freeElement(arena, changed)
      return DueSet.noMemory
    }
    setTimedFields(arena, this.timed, grown)
    dict.replace(dict.hash, element, changed)
    freeElement(arena, element)
    this.noteDue()
    return DueSet.changed
  }

  /** A copy of an element with another prefix; 0 without memory. */
  private reshaped(element: Pointer, prefixWords: number): Pointer {
    const { arena } = this
    const start = elementFieldStart(arena, element)
    const valueStart = elementValueStart(arena, element)
    return newElement(
      arena,
      elementFieldBytes(arena, element), start, start + elementFieldLength(arena, element),
      elementValueBytes(arena, element), valueStart, valueStart + elementValueLength(arena, element),
      prefixWords,
    ) // prettier-ignore
  }

  /** Turns a dict into a hash with timed fields; false without memory, and then nothing has changed. */
  private makeTimed(heap: Pointer, dueMs: number): boolean {
    const { arena, dict, entry, home } = this
    if (entry !== 0 && !home!.timed.reserve()) return false
    const block = newTimedHash(arena, dict.root, heap)
    if (block === 0) return false
    setDue(arena, block, dueMs)
    this.timed = block
    this.value = block
    if (entry === 0) return true
    setCollection(arena, entry, Encoding.timedHashtable, block)
    home!.timed.add(block, entry)
    return true
  }

  /** Brings the hash's own due time up to date; without timed fields the hash becomes an ordinary dict again. */
  private noteDue(): void {
    const { arena, entry, home, timed } = this
    const first = firstDue(arena, timedFields(arena, timed))
    if (first === 0) return this.makeUntimed()
    const due = dueOf(arena, first)
    if (due === dueOf(arena, timed)) return
    setDue(arena, timed, due)
    if (entry !== 0) home!.timed.settle(timed)
  }

  private makeUntimed(): void {
    const { arena, dict, entry, home, timed } = this
    if (entry !== 0) {
      home!.timed.remove(timed)
      setCollection(arena, entry, Encoding.hashtable, dict.root)
    }
    arena.free(timedFields(arena, timed))
    arena.free(timed)
    this.timed = 0
    this.value = dict.root
  }

  private forgetDue(element: Pointer): void {
    const { arena, timed } = this
    setTimedFields(arena, timed, removeDue(arena, timedFields(arena, timed), element))
  }

  /** `set` for a field that is there, in a hash with timed fields. */
  private setTimed(
    element: Pointer,
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    const { arena, dict } = this
    const { hash } = dict
    if (this.hides(element)) {
      this.expire(element)
      const isAdded = this.insertIntoDict(hash, field, fieldStart, fieldEnd, value, valueStart, valueEnd)
      return isAdded ? FieldSet.added : FieldSet.noMemory
    }
    if (elementDue(arena, element) !== NEVER && !this.keepsDue) {
      return this.replaceTimed(element, field, fieldStart, fieldEnd, value, valueStart, valueEnd)
    }
    dict.changing(hash)
    const changed = setElementValue(arena, element, value, valueStart, valueEnd)
    if (changed === 0) return FieldSet.noMemory
    if (changed === element) return FieldSet.updated
    dict.replace(hash, element, changed)
    if (elementDue(arena, changed) !== NEVER) dueMoved(arena, timedFields(arena, this.timed), changed)
    return FieldSet.updated
  } // prettier-ignore

  /** Puts a field without expiry time in the place of one that has it. */
  private replaceTimed(
    element: Pointer,
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    const { arena, dict } = this
    const fresh = newElement(arena, field, fieldStart, fieldEnd, value, valueStart, valueEnd, 0)
    if (fresh === 0) return FieldSet.noMemory
    dict.replace(dict.hash, element, fresh)
    this.forgetDue(element)
    freeElement(arena, element)
    this.noteDue()
    return FieldSet.updated
  } // prettier-ignore

  private removeTimed(element: Pointer): boolean {
    this.announce()
    if (this.hides(element)) {
      this.expire(element)
      return false
    }
    if (elementDue(this.arena, element) !== NEVER) this.forgetDue(element)
    this.dict.remove(this.dict.hash, element)
    freeElement(this.arena, element)
    this.noteDue()
    return true
  }

  /** Drops a field whose time has passed, and tells the listeners. */
  private expire(element: Pointer): void {
    const { home, key, keyEnd, keyStart } = this
    const field = this.dropElement(element)
    if (home === undefined) return
    const { keyspace } = this.type
    keyspace.events.fieldsExpired(home, key, keyStart, keyEnd, [field], false)
  }

  /** Takes out a field whose time has passed; returns a copy of its name. */
  private dropElement(element: Pointer): Uint8Array {
    const { arena, dict } = this
    this.announce()
    const start = elementFieldStart(arena, element)
    const field = elementFieldBytes(arena, element).slice(start, start + elementFieldLength(arena, element))
    this.forgetDue(element)
    dict.remove(dict.hashOfElement(element), element)
    freeElement(arena, element)
    this.type.keyspace.statistics[KeyspaceStat.expiredFields]!++
    this.noteDue()
    return field
  }

  private insertIntoDict(
    hash: number,
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): boolean {
    const element = newElement(this.arena, field, fieldStart, fieldEnd, value, valueStart, valueEnd, 0)
    if (element === 0) return false
    if (this.dict.insert(hash, element)) return true
    freeElement(this.arena, element)
    return false
  } // prettier-ignore

  private nextElement(): boolean {
    const { dict } = this
    for (;;) {
      while (this.left === 0) {
        if (this.bucket === dict.bucketCount) return false
        this.left = dict.takeBucket(this.bucket++)
      }
      const element = dict.taken[--this.left]!
      if (this.timed !== 0 && this.hides(element)) continue
      this.showElement(element)
      return true
    }
  }

  private randomElement(): Pointer {
    const { random } = this.type.keyspace
    if (this.timed === 0) return this.dict.random(random)
    for (let tries = 0; tries < RANDOM_TRIES; tries++) {
      const element = this.dict.random(random)
      if (!this.hides(element)) return element
    }
    // Nearly all fields wait to be dropped: the others are counted out.
    this.rewind()
    for (let skip = random.next32() % this.size; skip >= 0; skip--) this.next()
    return this.at
  }

  private showPair(): void {
    const { bytes } = this
    listpack.read(bytes, this.at, this.field)
    listpack.read(bytes, listpack.next(bytes, this.at), this.content)
  }

  private showElement(element: Pointer): void {
    this.at = element
    this.field.isInteger = false
    viewField(this.arena, element, this.field)
    this.showContent(element)
  }

  private showContent(element: Pointer): void {
    this.content.isInteger = false
    viewValue(this.arena, element, this.content)
  }
}

function replyElement(element: listpack.ListpackElement, reply: ReplyWriter): void {
  if (!element.isInteger) return reply.bulk(element.bytes, element.start, element.end)
  if (element.value - element.value === 0) return reply.bulkInteger(element.value)
  reply.bulkInt64(element.int64.high, element.int64.low)
}
