/**
 * A set as commands work with it, in any encoding. Views are reused: one is opened on the value of an entry, or on a set that
 * is being built and belongs to no entry yet.
 *
 * The view tells the database of a change just before the first one, and notes in the entry where the value is afterwards. A
 * member is shown in `member`, which the next one overwrites.
 */

import { assert } from '../../base/assert.js'
import { Int64, parseInt64 } from '../../base/int64.js'
import { integerLength, parseInteger } from '../../base/integer.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import { freeElement, newElement, viewField } from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import {
  fromHalves,
  highHalf,
  insertIntoIntset,
  INTSET_ELEMENTS_MAX,
  intsetHigh,
  intsetLength,
  intsetLow,
  newIntset,
  removeFromIntset,
  searchIntset,
} from '../../structures/intset.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import { ListpackIndex } from '../../structures/listpack-index.js'
import type { Database } from '../database.js'
import { cellWord, Encoding, encodingOfMeta, makeMeta, Type } from '../entry.js'
import { setCollection } from './collection-entry.js'
import { replyAt } from './listpack-reply.js'
import type { SetType } from './set.js'

/** What became of an addition. */
export const Added = { noMemory: -1, present: 0, added: 1 } as const

/** Listpacks do not grow beyond this. */
const LISTPACK_BYTES_MAX = 1 << 30
/** What an integer takes in a listpack, at most. */
const INTEGER_ENTRY_BYTES_MAX = 11
/** So many look-ups in a listpack of so many members pay for an index. */
const LOOK_UPS_INDEXED = 6
const MEMBERS_INDEXED = 12
const NOTHING = new Uint8Array(0)

export class SetView {
  readonly member: listpack.ListpackElement
  encoding: Encoding
  value: Pointer
  /** Open on the value while the encoding is hashtable. */
  readonly dict: Dict
  private readonly type: SetType
  private readonly arena: Arena
  private readonly parsed: Int64
  private high: number
  private low: number
  private entry: Pointer
  /** The database need not be told of changes, or has been. */
  private isSilent: boolean
  private database: Database | undefined
  private key: Uint8Array
  private keyStart: number
  private keyEnd: number
  /** Where the member shown stands: an index, a place in the listpack, or an element. */
  private at: number
  /** Of a walk over a dict: the bucket that comes next, and how many of the elements taken from the last one are left. */
  private bucket: number
  private left: number
  /** See `rewindWithin`. */
  private partner: SetView | undefined
  /** For look-ups in the listpack, while `isIndexed`. */
  private readonly index: ListpackIndex
  private isIndexed: boolean

  constructor(type: SetType) {
    const { keyspace } = type
    this.member = new listpack.ListpackElement()
    this.encoding = Encoding.intset
    this.value = 0
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.type = type
    this.arena = keyspace.arena
    this.parsed = new Int64()
    this.high = 0
    this.low = 0
    this.entry = 0
    this.isSilent = true
    this.database = undefined
    this.key = NOTHING
    this.keyStart = 0
    this.keyEnd = 0
    this.at = -1
    this.bucket = 0
    this.left = 0
    this.partner = undefined
    this.index = new ListpackIndex()
    this.isIndexed = false
  }

  /** Opens this on the set of an entry, which must stay where it is; for reading. */
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
    if (this.database !== database) this.database = database
    if (this.key !== key) this.key = key
    this.keyStart = keyStart
    this.keyEnd = keyEnd
  }

  /** Opens this on an empty set of no entry; false without memory. */
  openNew(encoding: Encoding): boolean {
    this.isSilent = true
    this.entry = 0
    if (encoding === Encoding.hashtable) {
      if (!this.dict.create()) return false
      this.adopt(encoding, this.dict.root)
      return true
    }
    const value = encoding === Encoding.intset ? newIntset(this.arena) : edit.create(this.arena)
    if (value !== 0) this.adopt(encoding, value)
    return value !== 0
  }

  /** The same, in the encoding that a set of about `sizeHint` members begins with, the first of them given. */
  openFor(bytes: Uint8Array, start: number, end: number, sizeHint: number): boolean {
    const { intsetEntriesMax, listpackEntriesMax } = this.type
    if (sizeHint <= intsetEntriesMax && !Number.isNaN(parseInteger(bytes, start, end)))
      return this.openNew(Encoding.intset)
    return this.openNew(sizeHint <= listpackEntriesMax ? Encoding.listpack : Encoding.hashtable)
  }

  /** Frees a set of no entry. */
  discard(lazily: boolean): void {
    this.type.keyspace.freeValue(makeMeta(Type.set, this.encoding, 0, 0), this.value, lazily)
  }

  get size(): number {
    if (this.encoding === Encoding.hashtable) return this.dict.count
    if (this.encoding === Encoding.intset) return intsetLength(this.arena, this.value)
    return listpack.count(this.bytes, this.start)
  }

  /** Before so many look-ups, between which the set does not change. */
  prepareFor(lookUps: number): void {
    if (this.encoding !== Encoding.listpack || lookUps < LOOK_UPS_INDEXED || this.size < MEMBERS_INDEXED) return
    this.isIndexed = this.index.build(this.bytes, this.start)
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) return this.dict.find(bytes, start, end) !== 0
    if (this.encoding === Encoding.listpack) {
      return (this.isIndexed ? this.index.find(bytes, start, end) : this.findInListpack(bytes, start, end)) >= 0
    }
    return this.parse(bytes, start, end) && searchIntset(this.arena, this.value, this.high, this.low) >= 0
  }

  /** Whether the member that another view shows is in this set, too. */
  hasMemberOf(other: SetView): boolean {
    const { member } = other
    if (!member.isInteger) return this.has(member.bytes, member.start, member.end)
    if (this.encoding === Encoding.intset) {
      this.splitMember(member)
      return searchIntset(this.arena, this.value, this.high, this.low) >= 0
    }
    if (this.isIndexed && member.value - member.value === 0) return this.index.findInteger(member.value) >= 0
    member.spellInteger()
    return this.has(member.bytes, member.start, member.end)
  }

  /** Adds a member; see `Added`. */
  add(bytes: Uint8Array, start: number, end: number): number {
    if (this.encoding === Encoding.hashtable) return this.addToDict(bytes, start, end)
    if (this.encoding === Encoding.listpack) return this.addToListpack(bytes, start, end)
    if (this.parse(bytes, start, end)) return this.addInteger()
    return this.addTextToIntset(bytes, start, end)
  }

  /** Adds the member that another view shows. */
  addMemberOf(other: SetView): number {
    const { member } = other
    if (member.isInteger) {
      if (this.encoding === Encoding.intset) {
        this.splitMember(member)
        return this.addInteger()
      }
      member.spellInteger()
    }
    return this.add(member.bytes, member.start, member.end)
  }

  /** Takes a member out; false when there is no such. */
  remove(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) {
      const element = this.dict.find(bytes, start, end)
      if (element === 0) return false
      this.announce()
      this.dict.remove(this.dict.hash, element)
      freeElement(this.arena, element)
      return true
    }
    if (this.encoding === Encoding.listpack) this.at = this.findInListpack(bytes, start, end)
    else if (!this.parse(bytes, start, end)) return false
    else this.at = searchIntset(this.arena, this.value, this.high, this.low)
    if (this.at < 0) return false
    this.announce()
    this.removeAtPlace()
    return true
  }

  removeMemberOf(other: SetView): boolean {
    const { member } = other
    if (member.isInteger) member.spellInteger()
    return this.remove(member.bytes, member.start, member.end)
  }

  /** Takes out the member that `random` has just shown. */
  removeDrawn(): void {
    this.announce()
    if (this.encoding !== Encoding.hashtable) return this.removeAtPlace()
    this.dict.removeDrawn()
    freeElement(this.arena, this.at)
  }

  private removeAtPlace(): void {
    if (this.encoding === Encoding.intset) this.setValue(removeFromIntset(this.arena, this.value, this.at))
    else this.setValue(edit.remove(this.arena, this.value, this.at))
  }

  /** Begins a walk over all members; the set must not change under way. */
  rewind(): void {
    if (this.partner !== undefined) this.partner = undefined
    this.at = -1
    this.bucket = 0
    this.left = 0
  }

  /** The same, but only over what another set has, too, if that is to be had for less: `isWithin` tells. */
  rewindWithin(other: SetView): void {
    this.rewind()
    if (this.encoding === Encoding.hashtable && other.encoding === Encoding.hashtable) this.partner = other
  }

  get isWithin(): boolean {
    return this.partner !== undefined
  }

  /** Shows the next member; false when there is none. */
  next(): boolean {
    if (this.encoding === Encoding.hashtable) return this.nextElement()
    if (this.encoding === Encoding.intset) {
      if (++this.at >= intsetLength(this.arena, this.value)) return false
      this.showInteger(this.at)
      return true
    }
    const { bytes } = this
    this.at = this.at < 0 ? listpack.first(this.start) : listpack.next(bytes, this.at)
    if (bytes[this.at] === listpack.END) return false
    listpack.read(bytes, this.at, this.member)
    return true
  }

  /** Shows a random member of a set that has any, each as likely as the other. */
  random(): void {
    const { random } = this.type.keyspace
    if (this.encoding === Encoding.hashtable) return this.showElement(this.dict.random(random))
    const index = random.next32() % this.size
    if (this.encoding === Encoding.intset) {
      this.at = index
      return this.showInteger(index)
    }
    this.at = listpack.seek(this.bytes, this.start, index)
    listpack.read(this.bytes, this.at, this.member)
  }

  /** Identifies the member shown, as long as the set does not change. */
  get place(): number {
    return this.at
  }

  /** Writes the member shown. */
  reply(reply: ReplyWriter): void {
    const { member } = this
    if (!member.isInteger) return reply.bulk(member.bytes, member.start, member.end)
    if (member.value - member.value === 0) return reply.bulkInteger(member.value)
    reply.bulkInt64(member.int64.high, member.int64.low)
  }

  /** Writes the member of a place that `place` has told. */
  replyAt(reply: ReplyWriter, place: number): void {
    if (this.encoding === Encoding.listpack) return replyAt(reply, this.bytes, place)
    if (this.encoding === Encoding.intset) this.showInteger(place)
    else this.showElement(place)
    this.reply(reply)
  }

  /** A copy of the member shown, as effects need it. */
  copyMember(): Uint8Array {
    const { member } = this
    if (member.isInteger) member.spellInteger()
    return member.bytes.slice(member.start, member.end)
  }

  /** Turns to the hash table at once where so many additions would lead there anyway; false without memory. */
  expect(additions: number): boolean {
    const { intsetEntriesMax, listpackEntriesMax } = this.type
    const isExceeded =
      (this.encoding === Encoding.listpack && additions > listpackEntriesMax) ||
      (this.encoding === Encoding.intset && additions > intsetEntriesMax)
    return !isExceeded || this.convert(Encoding.hashtable)
  }

  /** Takes over the members of a set of no entry, in place of its own. */
  become(other: SetView, lazily: boolean): void {
    this.announce()
    const { encoding, value } = this
    this.adopt(other.encoding, other.value)
    if (this.entry !== 0) setCollection(this.arena, this.entry, other.encoding, other.value)
    this.type.keyspace.freeValue(makeMeta(Type.set, encoding, 0, 0), value, lazily)
  }

  /** Makes an intset of a set that is known to hold integers alone, where it may be one; false without memory. */
  narrow(): boolean {
    if (this.encoding === Encoding.intset || this.size > this.intsetMax) return true
    return this.convert(Encoding.intset)
  }

  /** Opens this on the same members in another encoding; false without memory, and then nothing has changed. */
  private convert(encoding: Encoding): boolean {
    const { encoding: oldEncoding, entry, value } = this
    const helper = this.type.helper
    if (!helper.openNew(encoding)) return false
    this.rewind()
    while (this.next()) {
      if (helper.putMemberOf(this)) continue
      helper.discard(false)
      return false
    }
    const converted = helper.value
    this.type.free(value, oldEncoding)
    this.adopt(encoding, converted)
    if (entry !== 0) setCollection(this.arena, entry, encoding, converted)
    return true
  }

  /** Adds a member that is known to be missing, whatever the limits say; false without memory. */
  private putMemberOf(other: SetView): boolean {
    const { member } = other
    if (this.encoding === Encoding.intset) {
      if (member.isInteger) this.splitMember(member)
      else assert(this.parse(member.bytes, member.start, member.end))
      const at = searchIntset(this.arena, this.value, this.high, this.low)
      return this.setValue(insertIntoIntset(this.arena, this.value, ~at, this.high, this.low))
    }
    if (member.isInteger) member.spellInteger()
    if (this.encoding === Encoding.listpack) {
      return this.setValue(edit.append(this.arena, this.value, member.bytes, member.start, member.end))
    }
    const hash = this.dict.hashOf(member.bytes, member.start, member.end)
    return this.insertIntoDict(hash, member.bytes, member.start, member.end)
  }

  private get bytes(): Uint8Array {
    return this.arena.u8[this.value >>> SEGMENT_SHIFT]!
  }

  private get start(): number {
    return (this.value & OFFSET_MASK) << 3
  }

  private get intsetMax(): number {
    return Math.min(this.type.intsetEntriesMax, INTSET_ELEMENTS_MAX)
  }

  private adopt(encoding: Encoding, value: Pointer): void {
    this.isIndexed = false
    this.encoding = encoding
    this.value = value
    if (encoding === Encoding.hashtable) this.dict.open(value)
  }

  /** Notes where the value is after a change; false, and nothing noted, when it is nowhere for want of memory. */
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
    this.database!.beforeWrite(this.key, this.keyStart, this.keyEnd)
  }

  /** Reads an integer into `high` and `low`. */
  private parse(bytes: Uint8Array, start: number, end: number): boolean {
    const value = parseInteger(bytes, start, end)
    if (value - value === 0) {
      this.high = highHalf(value)
      this.low = value | 0
      return true
    }
    if (!parseInt64(bytes, start, end, this.parsed)) return false
    this.high = this.parsed.high
    this.low = this.parsed.low | 0
    return true
  }

  private splitMember(member: listpack.ListpackElement): void {
    const { value } = member
    if (value - value === 0) {
      this.high = highHalf(value)
      this.low = value | 0
    } else {
      this.high = member.int64.high
      this.low = member.int64.low | 0
    }
  }

  private findInListpack(bytes: Uint8Array, start: number, end: number): number {
    return listpack.find(this.bytes, listpack.first(this.start), bytes, start, end, 0)
  }

  private addToDict(bytes: Uint8Array, start: number, end: number): number {
    if (this.dict.find(bytes, start, end) !== 0) return Added.present
    this.announce()
    return this.insertIntoDict(this.dict.hash, bytes, start, end) ? Added.added : Added.noMemory
  }

  private insertIntoDict(hash: number, bytes: Uint8Array, start: number, end: number): boolean {
    const element = newElement(this.arena, bytes, start, end, NOTHING, 0, 0, 0)
    if (element === 0) return false
    if (this.dict.insert(hash, element)) return true
    freeElement(this.arena, element)
    return false
  }

  private addToListpack(bytes: Uint8Array, start: number, end: number): number {
    if (this.findInListpack(bytes, start, end) >= 0) return Added.present
    const { listpackEntriesMax, listpackValueMax } = this.type
    const length = end - start
    this.announce()
    const fits =
      this.size < listpackEntriesMax &&
      length <= listpackValueMax &&
      listpack.totalBytes(this.bytes, this.start) + length <= LISTPACK_BYTES_MAX
    if (!fits) return this.convert(Encoding.hashtable) ? this.addToDict(bytes, start, end) : Added.noMemory
    return this.setValue(edit.append(this.arena, this.value, bytes, start, end)) ? Added.added : Added.noMemory
  }

  /** Adds `high` and `low` to an intset. */
  private addInteger(): number {
    const found = searchIntset(this.arena, this.value, this.high, this.low)
    if (found >= 0) return Added.present
    this.announce()
    if (!this.setValue(insertIntoIntset(this.arena, this.value, ~found, this.high, this.low))) return Added.noMemory
    // Without memory for the conversion the intset stays one, a member above its limit.
    if (intsetLength(this.arena, this.value) > this.intsetMax) this.convert(Encoding.hashtable)
    return Added.added
  }

  private addTextToIntset(bytes: Uint8Array, start: number, end: number): number {
    const { listpackEntriesMax, listpackValueMax } = this.type
    const size = intsetLength(this.arena, this.value)
    const length = end - start
    this.announce()
    const fits =
      size < listpackEntriesMax &&
      length <= listpackValueMax &&
      this.longestInteger(size) <= listpackValueMax &&
      size * INTEGER_ENTRY_BYTES_MAX + length <= LISTPACK_BYTES_MAX
    if (!this.convert(fits ? Encoding.listpack : Encoding.hashtable)) return Added.noMemory
    if (!fits) return this.addToDict(bytes, start, end)
    return this.setValue(edit.append(this.arena, this.value, bytes, start, end)) ? Added.added : Added.noMemory
  }

  /** Digits of the longest member of an intset: its first or its last. */
  private longestInteger(size: number): number {
    if (size === 0) return 0
    return Math.max(this.digitsAt(0), this.digitsAt(size - 1))
  }

  private digitsAt(index: number): number {
    this.showInteger(index)
    const { member } = this
    if (member.value - member.value === 0) return integerLength(member.value)
    member.spellInteger()
    return member.length
  }

  private showInteger(index: number): void {
    const { member } = this
    const high = intsetHigh(this.arena, this.value, index)
    const low = intsetLow(this.arena, this.value, index)
    const value = fromHalves(high, low)
    member.isInteger = true
    if (Number.isSafeInteger(value)) {
      member.value = value
      return
    }
    member.value = high < 0 ? -Infinity : Infinity
    member.int64.high = high
    member.int64.low = low >>> 0
  }

  private nextElement(): boolean {
    const { dict } = this
    while (this.left === 0) {
      if (this.bucket === dict.bucketCount) return false
      const index = this.bucket++
      this.left = this.partner === undefined ? dict.takeBucket(index) : dict.takeCommon(index, this.partner.dict)
    }
    this.showElement(dict.taken[--this.left]!)
    return true
  }

  private showElement(element: Pointer): void {
    this.at = element
    this.member.isInteger = false
    viewField(this.arena, element, this.member)
  }
}
