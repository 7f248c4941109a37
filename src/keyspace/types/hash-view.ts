/**
 * A hash as commands work with it, in either encoding. The view is reused: it is opened on the value of an entry, or on a hash
 * that is being built and belongs to no entry yet.
 *
 * The view tells the database of a change just before the first one, and notes in the entry where the value is afterwards. A
 * field and its value are shown in `field` and `content`, which the next ones overwrite.
 */

import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import { freeElement, newElement, setElementValue, viewField, viewValue } from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import type { Database } from '../database.js'
import { Encoding, encodingOf, makeMeta, Type } from '../entry.js'
import { cellPointer } from './cell.js'
import { setCollection } from './collection-entry.js'
import type { HashType } from './hash.js'

/** What became of a field that was set. */
export const FieldSet = { noMemory: -1, updated: 0, added: 1 } as const

/** Listpacks do not grow beyond this. */
const LISTPACK_BYTES_MAX = 1 << 30
const NOTHING = new Uint8Array(0)

export class HashView {
  readonly field: listpack.ListpackElement
  readonly content: listpack.ListpackElement
  encoding: Encoding
  value: Pointer
  /** Open on the value while the encoding is hashtable. */
  readonly dict: Dict
  private readonly type: HashType
  private readonly arena: Arena
  private entry: Pointer
  private database: Database | undefined
  private key: Uint8Array
  private keyStart: number
  private keyEnd: number
  /** Where the field shown stands: a place in the listpack, or an element. */
  private at: number
  private bucket: number
  private readonly batch: Pointer[]

  constructor(type: HashType) {
    const { keyspace } = type
    this.field = new listpack.ListpackElement()
    this.content = new listpack.ListpackElement()
    this.encoding = Encoding.listpack
    this.value = 0
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.type = type
    this.arena = keyspace.arena
    this.entry = 0
    this.database = undefined
    this.key = NOTHING
    this.keyStart = 0
    this.keyEnd = 0
    this.at = -1
    this.bucket = 0
    this.batch = []
  }

  /** Opens this on the hash of an entry, which must stay where it is; for reading. */
  open(entry: Pointer): void {
    this.database = undefined
    this.entry = entry
    this.adopt(encodingOf(this.arena, entry), cellPointer(this.arena, entry))
  }

  /** The same, for changes: the database will be told. */
  openToChange(entry: Pointer, database: Database, key: Uint8Array, keyStart: number, keyEnd: number): void {
    this.open(entry)
    this.database = database
    this.key = key
    this.keyStart = keyStart
    this.keyEnd = keyEnd
  }

  /** Opens this on an empty hash of no entry; false without memory. */
  openNew(): boolean {
    this.database = undefined
    this.entry = 0
    const value = edit.create(this.arena)
    if (value !== 0) this.adopt(Encoding.listpack, value)
    return value !== 0
  }

  /** Frees a hash of no entry. */
  discard(): void {
    this.type.keyspace.freeValue(makeMeta(Type.hash, this.encoding, 0, 0), this.value, false)
  }

  get size(): number {
    if (this.encoding === Encoding.hashtable) return this.dict.count
    return listpack.count(this.bytes, this.start) >>> 1
  }

  /** Shows the value of a field in `content`; false when there is no such. */
  find(field: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) {
      const element = this.dict.find(field, start, end)
      if (element === 0) return false
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
    if (this.encoding === Encoding.hashtable) return this.dict.find(field, start, end) !== 0
    return this.findInListpack(field, start, end) >= 0
  }

  /** Sets a field, which is there afterwards; see `FieldSet`. */
  set(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    this.announce()
    const { listpackEntriesMax, listpackValueMax } = this.type
    if (this.encoding === Encoding.listpack) {
      if (fieldEnd - fieldStart <= listpackValueMax && valueEnd - valueStart <= listpackValueMax) {
        const outcome = this.setInListpack(field, fieldStart, fieldEnd, value, valueStart, valueEnd)
        // Without memory for the conversion the hash stays a listpack beyond its limit.
        if (this.size > listpackEntriesMax) this.convert()
        return outcome
      }
      if (!this.convert()) return FieldSet.noMemory
    }
    return this.setInDict(field, fieldStart, fieldEnd, value, valueStart, valueEnd)
  } // prettier-ignore

  /** Takes a field out; false when there is no such. */
  remove(field: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.hashtable) {
      const element = this.dict.find(field, start, end)
      if (element === 0) return false
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
    this.batch.length = 0
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

  /** Shows a random field, and its value, of a hash that has any, each as likely as the other. */
  random(): void {
    const { random } = this.type.keyspace
    if (this.encoding === Encoding.hashtable) return this.showElement(this.dict.random(random))
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
    if (encoding === Encoding.hashtable) this.dict.open(value)
  }

  private setValue(value: Pointer): boolean {
    if (value === this.value) return true
    if (value === 0) return false
    this.value = value
    if (this.entry !== 0) setCollection(this.arena, this.entry, this.encoding, value)
    return true
  }

  private announce(): void {
    if (this.database === undefined) return
    this.database.beforeWrite(this.key, this.keyStart, this.keyEnd)
    this.database = undefined
  }

  private findInListpack(bytes: Uint8Array, start: number, end: number): number {
    return listpack.find(this.bytes, listpack.first(this.start), bytes, start, end, 1)
  }

  private setInListpack(
    field: Uint8Array, fieldStart: number, fieldEnd: number, value: Uint8Array, valueStart: number, valueEnd: number,
  ): number {
    const { arena } = this
    const at = this.findInListpack(field, fieldStart, fieldEnd)
    if (at >= 0) {
      const changed = edit.replace(arena, this.value, listpack.next(this.bytes, at), value, valueStart, valueEnd)
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
    const changed = setElementValue(this.arena, element, value, valueStart, valueEnd)
    if (changed === 0) return FieldSet.noMemory
    if (changed !== element) dict.replace(dict.hash, element, changed)
    return FieldSet.updated
  } // prettier-ignore

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
    const { batch, dict } = this
    while (batch.length === 0) {
      if (this.bucket === dict.bucketCount) return false
      dict.collectBucket(this.bucket++, batch)
    }
    this.showElement(batch.pop()!)
    return true
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
