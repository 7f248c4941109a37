/**
 * Walks over the entries of a stream between two ids, deleted ones left out, in either direction.
 *
 * `next` shows the id of an entry and stands on its first field. Its fields and values are then read one after the other, as many
 * of them as wanted: `fieldAt` and `valueAt` are places in `bytes`, a listpack, and `nextField` moves on. A change of the stream makes
 * a cursor stale.
 */

import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { END, integerAt, next, totalBytes } from './listpack.js'
import type { Stream } from './stream.js'
import { assignId, compareIds, incrementId, StreamId } from './stream-id.js'
import { IndexCursor } from './stream-index.js'
import { DELETED, entryBefore, firstEntry, masterFieldsAt, readEntryId, SAME_FIELDS, seekEntry } from './stream-node.js'

const NOTHING = new Uint8Array(0)

export class StreamCursor {
  /** The entry's id. */
  readonly id: StreamId
  /** Its number of fields. */
  fields: number
  bytes: Uint8Array
  /** Where the current field and its value stand, after `nextField`. */
  fieldAt: number
  valueAt: number
  /** The node that it stands in. */
  node: Pointer
  private readonly arena: Arena
  private readonly place: IndexCursor
  private readonly master: StreamId
  /** Where to stop: the greatest id shown, backwards the least. */
  private readonly limit: StreamId
  private readonly bound: StreamId
  private start: number
  /** Flags of the entry shown. */
  private entryAt: number
  private masterFields: number
  private masterFirst: number
  /** What comes next: a field, a value, or the element that ends the entry. */
  private at: number
  /** Elements before that end. */
  private left: number
  private isSame: boolean
  private isBackward: boolean

  constructor(arena: Arena) {
    this.id = new StreamId()
    this.fields = 0
    this.bytes = NOTHING
    this.fieldAt = 0
    this.valueAt = 0
    this.node = 0
    this.arena = arena
    this.place = new IndexCursor()
    this.master = new StreamId()
    this.limit = new StreamId()
    this.bound = new StreamId()
    this.start = 0
    this.entryAt = 0
    this.masterFields = 0
    this.masterFirst = 0
    this.at = 0
    this.left = 0
    this.isSame = false
    this.isBackward = false
  }

  /**
   * Begins a walk from the first entry not below `start` to the last not above `end`.
   *
   * @param hint  where in its node that first entry is, in bytes from the node's start; 0 to look for it
   * @param hintNode  the node for which the hint was noted
   */
  forward(stream: Stream, start: StreamId, end: StreamId, hint: number, hintNode: Pointer): void {
    const { arena, place } = this
    this.isBackward = false
    this.left = -1
    assignId(end, this.limit)
    if (!place.toFloor(arena, stream.root, start)) {
      this.at = this.enter(place.toFirst(arena, stream.root)) ? firstEntry(this.bytes, this.start) : 0
      return
    }
    this.enter(true)
    if (hint !== 0 && hintNode === this.node) this.at = this.start + hint
    else this.at = seekEntry(this.bytes, this.start, this.master, start)
  }

  /** Begins a walk from the last entry not above `end` back to the first not below `start`. */
  backward(stream: Stream, start: StreamId, end: StreamId): void {
    const { arena, bound, place } = this
    this.isBackward = true
    assignId(start, this.limit)
    if (!this.enter(place.toFloor(arena, stream.root, end))) return
    assignId(end, bound)
    // What the walk stands behind: the first entry that is above `end`.
    if (incrementId(bound)) this.entryAt = seekEntry(this.bytes, this.start, this.master, bound)
    else this.entryAt = this.start + totalBytes(this.bytes, this.start) - 1
  }

  /** Goes to the next entry; false at the end. */
  next(): boolean {
    return this.isBackward ? this.nextBackward() : this.nextForward()
  }

  /** Goes to the entry's next field; as often as it has fields. */
  nextField(): void {
    const { bytes } = this
    if (this.isSame) {
      this.fieldAt = this.fieldAt === 0 ? this.masterFirst : next(bytes, this.fieldAt)
      this.valueAt = this.at
      this.left--
    } else {
      this.fieldAt = this.at
      this.valueAt = next(bytes, this.at)
      this.left -= 2
    }
    this.at = next(bytes, this.valueAt)
  }

  /** Where the entry behind this one begins or will begin, in bytes from the start of its node; once all its fields were read. */
  get hintBehind(): number {
    return this.left === 0 ? next(this.bytes, this.at) - this.start : 0
  }

  private nextForward(): boolean {
    for (;;) {
      if (this.node === 0) return false
      if (this.left >= 0) this.finishEntry()
      if (this.bytes[this.at] === END) {
        if (!this.enter(this.place.next(this.arena))) return false
        this.at = firstEntry(this.bytes, this.start)
        this.left = -1
        continue
      }
      this.readEntry(this.at)
      if (compareIds(this.id, this.limit) > 0) return this.end()
      if (!this.isDeleted()) return true
    }
  }

  private nextBackward(): boolean {
    for (;;) {
      if (this.node === 0) return false
      const at = entryBefore(this.bytes, this.start, this.entryAt)
      if (at < 0) {
        if (!this.enter(this.place.previous(this.arena))) return false
        this.entryAt = this.start + totalBytes(this.bytes, this.start) - 1
        continue
      }
      this.readEntry(at)
      if (compareIds(this.id, this.limit) < 0) return this.end()
      if (!this.isDeleted()) return true
    }
  }

  private finishEntry(): void {
    const { bytes } = this
    let at = this.at
    for (let left = this.left; left >= 0; left--) at = next(bytes, at)
    this.at = at
    this.left = -1
  }

  private isDeleted(): boolean {
    return (integerAt(this.bytes, this.entryAt) & DELETED) !== 0
  }

  private readEntry(at: number): void {
    const { bytes } = this
    this.entryAt = at
    readEntryId(bytes, at, this.master, this.id)
    this.isSame = (integerAt(bytes, at) & SAME_FIELDS) !== 0
    this.fieldAt = 0
    const place = next(bytes, next(bytes, next(bytes, at)))
    if (this.isSame) {
      this.fields = this.masterFields
      this.left = this.fields
      this.at = place
    } else {
      this.fields = integerAt(bytes, place)
      this.left = this.fields * 2
      this.at = next(bytes, place)
    }
  }

  /** Turns to the node on which `place` stands. */
  private enter(isThere: boolean): boolean {
    if (!isThere) return this.end()
    const { arena } = this
    const node = this.place.value(arena)
    this.node = node
    this.bytes = arena.u8[node >>> SEGMENT_SHIFT]
    this.start = (node & OFFSET_MASK) << 3
    this.place.readId(arena, this.master)
    const fields = masterFieldsAt(this.bytes, this.start)
    this.masterFields = integerAt(this.bytes, fields)
    this.masterFirst = next(this.bytes, fields)
    return true
  }

  private end(): boolean {
    this.node = 0
    return false
  }
}
