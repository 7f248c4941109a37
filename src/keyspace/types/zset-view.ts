/**
 * A sorted set as commands work with it, in either encoding. Views are reused: one is opened on the value of an entry, or on a
 * sorted set that is being built and belongs to no entry yet.
 *
 * A view stands at a member: `find` and the functions that begin with `to` go to one, `next` and `previous` go on from there, and
 * `score`, `setScore` and `removeHere` are about it. A change of any other kind makes the place stale. All but `find` show the
 * member in `member`, which the next one overwrites.
 *
 * The view tells the database of a change just before the first one, and notes in the entry where the value is afterwards.
 */

import { compare } from '../../base/bytes.js'
import { DOUBLE_TEXT_BYTES_MAX } from '../../base/double.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'
import { viewField } from '../../structures/dict-element.js'
import * as edit from '../../structures/listpack-edit.js'
import { insertPair, movePair, PairValue } from '../../structures/listpack-pairs.js'
import * as listpack from '../../structures/listpack.js'
import { Skiplist } from '../../structures/skiplist.js'
import type { Database } from '../database.js'
import { Encoding, encodingOf, makeMeta, Type } from '../entry.js'
import { cellPointer } from './cell.js'
import { setCollection } from './collection-entry.js'
import { Bound, type LexRange, type ScoreRange } from './score-range.js'
import { readScore, writeScore } from './score-text.js'
import type { ZsetType } from './zset.js'

/** Listpacks do not grow beyond this. */
const LISTPACK_BYTES_MAX = 1 << 30
/** What a score of more than 32 bits, such as a geohash, takes in a listpack. */
const INTEGER_64_BYTES = 10
const NOTHING = new Uint8Array(0)

export class ZsetView {
  readonly member: listpack.ListpackElement
  encoding: Encoding
  value: Pointer
  /** Open on the value while the encoding is skiplist. */
  readonly skiplist: Skiplist
  private readonly type: ZsetType
  private readonly arena: Arena
  private entry: Pointer
  private database: Database | undefined
  private key: Uint8Array
  private keyStart: number
  private keyEnd: number
  /** Where the view stands: the place of a member in the listpack, or a node. */
  private at: number
  private readonly other: listpack.ListpackElement
  private readonly scoreValue: PairValue

  constructor(type: ZsetType) {
    const { keyspace } = type
    this.member = new listpack.ListpackElement()
    this.encoding = Encoding.listpack
    this.value = 0
    this.skiplist = new Skiplist(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.type = type
    this.arena = keyspace.arena
    this.entry = 0
    this.database = undefined
    this.key = NOTHING
    this.keyStart = 0
    this.keyEnd = 0
    this.at = -1
    this.other = new listpack.ListpackElement()
    this.scoreValue = new PairValue(DOUBLE_TEXT_BYTES_MAX)
  }

  // Opening.

  /** Opens this on the sorted set of an entry, which must stay where it is; for reading. */
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

  /** Opens this on an empty sorted set of no entry; false without memory. */
  openNew(encoding: Encoding): boolean {
    this.database = undefined
    this.entry = 0
    this.value = 0
    if (encoding === Encoding.skiplist) {
      if (!this.skiplist.create()) return false
      this.adopt(encoding, this.skiplist.root)
      return true
    }
    const value = edit.create(this.arena)
    if (value !== 0) this.adopt(encoding, value)
    return value !== 0
  }

  /** The same, in the encoding that a sorted set of about so many members, about so long, begins with. */
  openFor(sizeHint: number, lengthHint: number): boolean {
    const { listpackEntriesMax, listpackValueMax } = this.type
    const isSmall = sizeHint <= listpackEntriesMax && lengthHint <= listpackValueMax
    return this.openNew(isSmall ? Encoding.listpack : Encoding.skiplist)
  }

  /** Frees a sorted set of no entry. */
  discard(lazily: boolean): void {
    this.type.keyspace.freeValue(makeMeta(Type.zset, this.encoding, 0, 0), this.value, lazily)
    this.value = 0
  }

  // Reading.

  get size(): number {
    if (this.encoding === Encoding.skiplist) return this.skiplist.count
    return listpack.count(this.bytes, this.start) >>> 1
  }

  /** Goes to a member; false when there is no such. */
  find(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.encoding === Encoding.skiplist) {
      this.at = this.skiplist.find(bytes, start, end)
      return this.at !== 0
    }
    this.at = listpack.find(this.bytes, listpack.first(this.start), bytes, start, end, 1)
    return this.at >= 0
  }

  /** The score of the member at which the view stands. */
  get score(): number {
    if (this.encoding === Encoding.skiplist) return this.skiplist.score(this.at)
    const { bytes } = this
    return readScore(bytes, listpack.next(bytes, this.at))
  }

  /** In a listpack: where the score of that member is. */
  get scorePlace(): number {
    return listpack.next(this.bytes, this.at)
  }

  /** How many members are in front of the one at which the view stands. */
  get rank(): number {
    if (this.encoding === Encoding.skiplist) return this.skiplist.rankOf(this.at)
    const { bytes } = this
    let rank = 0
    for (let at = listpack.first(this.start); at !== this.at; rank++)
      at = listpack.next(bytes, listpack.next(bytes, at))
    return rank
  }

  /** Identifies the member at which the view stands, as long as the sorted set does not change. */
  get place(): number {
    return this.at
  }

  /** Goes back to a member that `place` identified. */
  toPlace(place: number): void {
    this.goTo(place)
  }

  toFirst(): boolean {
    return this.goTo(this.encoding === Encoding.skiplist ? this.skiplist.first : listpack.first(this.start))
  }

  toLast(): boolean {
    return this.goTo(this.encoding === Encoding.skiplist ? this.skiplist.last : this.lastInListpack())
  }

  /** Goes to the member with so many in front of it. */
  toRank(rank: number): boolean {
    if (rank === 0) return this.toFirst()
    if (this.encoding === Encoding.listpack) return this.goTo(listpack.seek(this.bytes, this.start, rank * 2))
    return this.goTo(rank === this.skiplist.count - 1 ? this.skiplist.last : this.skiplist.at(rank))
  }

  next(): boolean {
    if (this.encoding === Encoding.skiplist) return this.goTo(this.skiplist.next(this.at))
    const { bytes } = this
    return this.goTo(listpack.next(bytes, listpack.next(bytes, this.at)))
  }

  previous(): boolean {
    if (this.encoding === Encoding.skiplist) return this.goTo(this.skiplist.previous(this.at))
    return this.goTo(this.pairBefore(this.at))
  }

  /** As `toPlace`, but the member is not shown. */
  passTo(place: number): void {
    this.at = place
  }

  /** As `next`, but the member is not shown. */
  passForward(): boolean {
    if (this.encoding === Encoding.skiplist) {
      this.at = this.skiplist.next(this.at)
      return this.at !== 0
    }
    const { bytes } = this
    this.at = listpack.next(bytes, listpack.next(bytes, this.at))
    return bytes[this.at] !== listpack.END
  }

  passBackward(): boolean {
    if (this.encoding === Encoding.skiplist) {
      this.at = this.skiplist.previous(this.at)
      return this.at !== 0
    }
    this.at = this.pairBefore(this.at)
    return this.at >= 0
  }

  /** Lists the scores of a listpack, and the places of the members, in columns that are long enough; returns how many. */
  readScores(scores: Float64Array, places: Int32Array): number {
    const { bytes } = this
    let count = 0
    for (let at = listpack.first(this.start); bytes[at] !== listpack.END;) {
      const scoreAt = listpack.next(bytes, at)
      places[count] = at
      scores[count++] = readScore(bytes, scoreAt)
      at = bytes[scoreAt] === listpack.INTEGER_64 ? scoreAt + INTEGER_64_BYTES : listpack.next(bytes, scoreAt)
    }
    return count
  }

  /** Goes to a random member of a sorted set that has any, each as likely as the other. */
  toRandom(): void {
    const { random } = this.type.keyspace
    if (this.encoding === Encoding.skiplist) this.goTo(this.skiplist.random(random))
    else this.goTo(listpack.seek(this.bytes, this.start, (random.next32() % this.size) * 2))
  }

  /** Goes to the first member with a score of a range; false when there is none. */
  toFirstInScores(range: ScoreRange): boolean {
    if (range.isEmpty) return false
    if (this.encoding === Encoding.skiplist) {
      if (!this.goTo(this.skiplist.firstAbove(range.min, range.excludesMin))) return false
    } else {
      let isThere = this.passToFirst()
      while (isThere && !range.isAboveMin(this.score)) isThere = this.passForward()
      if (!isThere) return false
      this.goTo(this.at)
    }
    return range.isBelowMax(this.score)
  }

  toLastInScores(range: ScoreRange): boolean {
    if (range.isEmpty) return false
    if (this.encoding === Encoding.skiplist) {
      if (!this.goTo(this.skiplist.lastBelow(range.max, !range.excludesMax))) return false
    } else {
      let isThere = this.toLast()
      while (isThere && !range.isBelowMax(this.score)) isThere = this.previous()
      if (!isThere) return false
    }
    return range.isAboveMin(this.score)
  }

  countInScores(range: ScoreRange): number {
    if (range.isEmpty) return 0
    if (this.encoding === Encoding.skiplist) {
      const { skiplist } = this
      const end = skiplist.countBelow(range.max, !range.excludesMax)
      return end === 0 ? 0 : end - skiplist.countBelow(range.min, range.excludesMin)
    }
    let count = 0
    for (let isIn = this.toFirstInScores(range); isIn; isIn = this.next() && range.isBelowMax(this.score)) count++
    return count
  }

  /** Goes to the first member of a range; where scores differ, as far as the reference's answer is certain. */
  toFirstInLex(range: LexRange): boolean {
    if (this.isOutOfLex(range)) return false
    if (this.encoding === Encoding.skiplist) {
      const { bytes, excludesMin, minEnd, minKind, minStart } = range
      const { skiplist } = this
      const node =
        minKind === Bound.lowest ? skiplist.first : skiplist.firstAboveMember(bytes, minStart, minEnd, excludesMin)
      return this.goTo(node) && this.isBelowMaxOf(range)
    }
    let isThere = this.toFirst()
    while (isThere && !this.isAboveMinOf(range)) isThere = this.next()
    return isThere && this.isBelowMaxOf(range)
  }

  toLastInLex(range: LexRange): boolean {
    if (this.isOutOfLex(range)) return false
    if (this.encoding === Encoding.skiplist) {
      const { bytes, excludesMax, maxEnd, maxKind, maxStart } = range
      const { skiplist } = this
      const node =
        maxKind === Bound.highest ? skiplist.last : skiplist.lastBelowMember(bytes, maxStart, maxEnd, !excludesMax)
      return this.goTo(node) && this.isAboveMinOf(range)
    }
    let isThere = this.toLast()
    while (isThere && !this.isBelowMaxOf(range)) isThere = this.previous()
    return isThere && this.isAboveMinOf(range)
  }

  /** Whether the member shown is not behind the end of a range. */
  isBelowMaxOf(range: LexRange): boolean {
    const { member } = this
    if (member.isInteger) member.spellInteger()
    return range.isBelowMax(member.bytes, member.start, member.end)
  }

  isAboveMinOf(range: LexRange): boolean {
    const { member } = this
    if (member.isInteger) member.spellInteger()
    return range.isAboveMin(member.bytes, member.start, member.end)
  }

  countInLex(range: LexRange): number {
    if (this.encoding === Encoding.skiplist) {
      if (!this.toFirstInLex(range)) return 0
      const first = this.rank
      return this.toLastInLex(range) ? this.rank - first + 1 : this.size - first
    }
    let count = 0
    for (let isIn = this.toFirstInLex(range); isIn; isIn = this.next() && this.isBelowMaxOf(range)) count++
    return count
  }

  /** Writes the member at which the view stands, shown or not. */
  replyHere(reply: ReplyWriter): void {
    this.replyAt(reply, this.at)
  }

  /** Writes the member at a place. */
  replyAt(reply: ReplyWriter, place: number): void {
    if (this.encoding === Encoding.listpack) {
      const { bytes } = this
      const head = bytes[place]!
      if (head >= 0x80 && head < 0xc0) return reply.bulk(bytes, place + 1, place + 1 + (head & 63))
      listpack.read(bytes, place, this.member)
      return this.reply(reply)
    }
    const { member } = this
    viewField(this.arena, place, member)
    reply.bulk(member.bytes, member.start, member.end)
  }

  /** Writes the member shown. */
  reply(reply: ReplyWriter): void {
    const { member } = this
    if (!member.isInteger) return reply.bulk(member.bytes, member.start, member.end)
    if (member.value - member.value === 0) return reply.bulkInteger(member.value)
    reply.bulkInt64(member.int64.high, member.int64.low)
  }

  // Changes.

  /**
   * Adds a member that `find` has just reported missing. It turns to a skiplist where the limits ask for it.
   *
   * @returns false without memory, and then the members are as they were
   */
  add(bytes: Uint8Array, start: number, end: number, score: number): boolean {
    this.announce()
    if (this.encoding === Encoding.listpack) {
      if (this.fits(end - start))
        return this.insertPair(this.placeFor(score, bytes, start, end), bytes, start, end, score)
      if (!this.convert()) return false
      this.skiplist.dict.hash = this.skiplist.dict.hashOf(bytes, start, end)
    }
    return this.skiplist.insert(bytes, start, end, score) !== 0
  }

  /** Gives the member that `find` has just found another score; its bytes again. False without memory, and then it has the old one. */
  setScore(bytes: Uint8Array, start: number, end: number, score: number): boolean {
    this.announce()
    if (this.encoding === Encoding.listpack) return this.setScoreInListpack(bytes, start, end, score)
    this.skiplist.setScore(this.at, score)
    return true
  }

  /** Takes out up to `count` members, from the one at which the view stands. */
  removeHere(count: number): void {
    this.announce()
    if (this.encoding === Encoding.listpack) {
      this.setValue(edit.removeRun(this.arena, this.value, this.at, count * 2))
    } else if (count === 1) this.skiplist.remove(this.at)
    else this.skiplist.removeRun(this.at, count)
  }

  /** Turns to a skiplist at once where so many additions would lead there anyway; false without memory. */
  expect(additions: number): boolean {
    return this.encoding !== Encoding.listpack || additions <= this.type.listpackEntriesMax || this.convert()
  }

  /**
   * Makes a listpack of a skiplist of no entry that is within the limits; without memory for it, it stays what it is.
   *
   * @param longest  length of the longest member
   * @param total    lengths of all members
   */
  narrow(longest: number, total: number): void {
    const { listpackEntriesMax, listpackValueMax } = this.type
    if (this.encoding === Encoding.listpack || total > LISTPACK_BYTES_MAX) return
    if (this.size > listpackEntriesMax || longest > listpackValueMax) return
    const { arena, member, scoreValue } = this
    let compact = edit.create(arena)
    for (let isThere = this.toFirst(); compact !== 0 && isThere; isThere = this.next()) {
      writeScore(this.score, scoreValue)
      const end = listpack.endOf(arena.u8[compact >>> SEGMENT_SHIFT]!, (compact & OFFSET_MASK) << 3)
      const longer = insertPair(arena, compact, end, member.bytes, member.start, member.end, scoreValue)
      if (longer === 0) arena.free(compact)
      compact = longer
    }
    if (compact === 0) return
    this.discard(false)
    this.adopt(Encoding.listpack, compact)
  }

  /** Makes a skiplist of the listpack; false without memory, and then nothing has changed. */
  private convert(): boolean {
    const { member, skiplist, value } = this
    if (!skiplist.create()) return false
    for (let isThere = this.toFirst(); isThere; isThere = this.next()) {
      if (member.isInteger) member.spellInteger()
      if (skiplist.append(member.bytes, member.start, member.end, this.score) !== 0) continue
      skiplist.free()
      return false
    }
    this.arena.free(value)
    this.adopt(Encoding.skiplist, skiplist.root)
    if (this.entry !== 0) setCollection(this.arena, this.entry, Encoding.skiplist, skiplist.root)
    return true
  }

  /** The bytes in which a listpack lies. */
  get bytes(): Uint8Array {
    return this.arena.u8[this.value >>> SEGMENT_SHIFT]!
  }

  private get start(): number {
    return (this.value & OFFSET_MASK) << 3
  }

  private adopt(encoding: Encoding, value: Pointer): void {
    this.encoding = encoding
    this.value = value
    if (encoding === Encoding.skiplist) this.skiplist.open(value)
  }

  /** Notes where the listpack is after a change; false, and nothing noted, when it is nowhere for want of memory. */
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

  /** Goes to a place and shows the member there; false when it is behind or in front of all. */
  private goTo(at: number): boolean {
    this.at = at
    if (this.encoding === Encoding.skiplist) {
      if (at === 0) return false
      this.member.isInteger = false
      viewField(this.arena, at, this.member)
      return true
    }
    const { bytes } = this
    if (at < 0 || bytes[at] === listpack.END) return false
    listpack.read(bytes, at, this.member)
    return true
  }

  private isOutOfLex(range: LexRange): boolean {
    if (range.isEmpty || !this.toLast() || !this.isAboveMinOf(range)) return true
    return !this.toFirst() || !this.isBelowMaxOf(range)
  }

  // The listpack.

  private fits(length: number): boolean {
    const { listpackEntriesMax, listpackValueMax } = this.type
    if (length > listpackValueMax || this.size >= listpackEntriesMax) return false
    return listpack.totalBytes(this.bytes, this.start) + length <= LISTPACK_BYTES_MAX
  }

  /** Goes to the first member of a listpack, without showing it; false when there is none. */
  private passToFirst(): boolean {
    this.at = listpack.first(this.start)
    return this.bytes[this.at] !== listpack.END
  }

  private lastInListpack(): number {
    return this.pairBefore(listpack.endOf(this.bytes, this.start))
  }

  private pairBefore(at: number): number {
    const { bytes, start } = this
    const scoreAt = listpack.previous(bytes, start, at)
    return scoreAt < 0 ? -1 : listpack.previous(bytes, start, scoreAt)
  }

  /** Where a member of a score belongs. */
  private placeFor(score: number, memberBytes: Uint8Array, memberStart: number, memberEnd: number): number {
    const { bytes, start } = this
    const end = listpack.endOf(bytes, start)
    const last = listpack.previous(bytes, start, end)
    if (last < 0 || readScore(bytes, last) < score) return end
    let at = listpack.first(start)
    while (at !== end) {
      const scoreAt = listpack.next(bytes, at)
      const seen = readScore(bytes, scoreAt)
      if (seen > score || (seen === score && this.isBehind(at, memberBytes, memberStart, memberEnd))) break
      at = listpack.next(bytes, scoreAt)
    }
    return at
  }

  /** Whether the member at a place comes after another. */
  private isBehind(at: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { other } = this
    listpack.readText(this.bytes, at, other)
    return compare(other.bytes, other.start, other.end, bytes, start, end) > 0
  }

  /** Inserts a member and its score; false without memory, and then nothing has changed. */
  private insertPair(at: number, bytes: Uint8Array, start: number, end: number, score: number): boolean {
    writeScore(score, this.scoreValue)
    return this.setValue(insertPair(this.arena, this.value, at, bytes, start, end, this.scoreValue))
  }

  private setScoreInListpack(bytes: Uint8Array, start: number, end: number, score: number): boolean {
    const { arena, scoreValue, value } = this
    const place = this.placeFor(score, bytes, start, end)
    writeScore(score, scoreValue)
    const scoreAt = listpack.next(this.bytes, this.at)
    const stays = place === this.at || place === listpack.next(this.bytes, scoreAt)
    if (!stays) return this.setValue(movePair(arena, value, this.at, place, scoreValue))
    if (scoreValue.isInteger) return this.setValue(edit.replaceInteger(arena, value, scoreAt, scoreValue.integer))
    return this.setValue(edit.replace(arena, value, scoreAt, scoreValue.bytes, 0, scoreValue.end))
  }
}
