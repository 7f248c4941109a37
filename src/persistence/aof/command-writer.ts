/**
 * Writes keys as the commands that rebuild them: the base of an append-only file with `aof-use-rdb-preamble no`.
 *
 *     SET key value        RPUSH key e e e …        SADD key m m …        ZADD key score m …        HMSET key f v f v …
 *     PEXPIREAT key ms     XADD key id f v …, and what else a stream has: stream-commands.ts
 *
 * A command carries 64 elements at most, as the reference's do; those of a large set, hash or sorted set, which come bucket by
 * bucket and in whatever order writes force them to, carry what a bucket holds.
 */

import { assert } from '../../base/assert.js'
import { latin1Bytes } from '../../base/bytes.js'
import { Int64 } from '../../base/int64.js'
import {
  Encoding, encodingOf, expiryOf, keyBytes, keyLength, keyStart, metaOf, Type, typeOf,
} from '../../keyspace/entry.js' // prettier-ignore
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { readScore } from '../../keyspace/types/score-text.js'
import { plainLength, readInteger, valueBytes, valueStart } from '../../keyspace/types/string.js'
import { elementDue, hashRoot } from '../../keyspace/types/timed-hash.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { type ByteRange, viewField, viewValue } from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import { intsetGet, intsetLength } from '../../structures/intset.js'
import * as listpack from '../../structures/listpack.js'
import {
  CONTENT, contentStart, ELEMENTS, expandInto, HEAD, isCompressed, isPlain, NEXT, nodeCount, SIZE, word,
} from '../../structures/quicklist-nodes.js' // prettier-ignore
import { Skiplist } from '../../structures/skiplist.js'
import type { ByteSink } from '../byte-sink.js'
import type { LargeKey, SnapshotConsumer } from '../snapshot/consumer.js'
import { CommandOutput, wordBytes } from './command-output.js'
import { StreamCommands } from './stream-commands.js'

/** Elements (pairs, of a hash or sorted set) in one command at most. */
const ITEMS_MAX = 64
const NOTHING = new Uint8Array(0)

const SELECT = wordBytes('SELECT')
const FUNCTION = wordBytes('FUNCTION')
const LOAD = wordBytes('LOAD')
const SET = wordBytes('SET')
const RPUSH = wordBytes('RPUSH')
const SADD = wordBytes('SADD')
const ZADD = wordBytes('ZADD')
const HMSET = wordBytes('HMSET')
const PEXPIREAT = wordBytes('PEXPIREAT')
const HPEXPIREAT = wordBytes('HPEXPIREAT')
const FIELDS = wordBytes('FIELDS')

/** What a base begins with. */
export interface BaseFacts {
  /** The time to be noted, for those who cut the file back to a moment; undefined for none. */
  readonly noteMs: number | undefined
  /** Code of the function libraries. */
  readonly libraries: readonly Uint8Array[]
}

export class CommandWriter implements SnapshotConsumer {
  private readonly facts: BaseFacts
  private readonly arena: Arena
  private readonly output: CommandOutput
  private readonly streams: StreamCommands
  private readonly dict: Dict
  private readonly skiplist: Skiplist
  private readonly batch: Pointer[]
  private readonly range: ByteRange
  private readonly shown: listpack.ListpackElement
  private readonly member: listpack.ListpackElement
  private readonly number: Int64
  /** Elements of the value that are still to be written, and those that the command begun has room for. */
  private left: number
  private room: number

  constructor(keyspace: Keyspace, sink: ByteSink, facts: BaseFacts) {
    const { arena, hashKey0, hashKey1 } = keyspace
    this.facts = facts
    this.arena = arena
    this.output = new CommandOutput(sink)
    this.streams = new StreamCommands(arena, this.output)
    this.dict = new Dict(arena, hashKey0, hashKey1)
    this.skiplist = new Skiplist(arena, hashKey0, hashKey1)
    this.batch = []
    this.range = { bytes: NOTHING, start: 0, end: 0 }
    this.shown = new listpack.ListpackElement()
    this.member = new listpack.ListpackElement()
    this.number = new Int64()
    this.left = 0
    this.room = 0
  }

  get sink(): ByteSink {
    return this.output.sink
  }

  set sink(sink: ByteSink) {
    this.output.sink = sink
  }

  start(): void {
    const { libraries, noteMs } = this.facts
    if (noteMs !== undefined) this.output.word(latin1Bytes(`#TS:${Math.floor(noteMs / 1000)}\r\n`))
    for (const code of libraries) {
      this.output.start(FUNCTION, 3)
      this.output.word(LOAD)
      this.output.bulk(code, 0, code.length)
    }
  }

  selectDatabase(index: number): void {
    this.output.start(SELECT, 2)
    this.output.integer(index)
  }

  key(entry: Pointer): void {
    const { arena } = this
    const start = keyStart(arena, entry)
    this.output.setName(keyBytes(arena, entry), start, start + keyLength(arena, entry))
    this.value(entry, typeOf(arena, entry), encodingOf(arena, entry))
    this.expiry(expiryOf(arena, entry))
  }

  end(): void {
    this.sink.flush()
  }

  // Large values, unit by unit.

  beginLarge(large: LargeKey): void {
    if (large.type !== Type.string) return
    this.nameOf(large)
    this.output.begin(SET, 1)
    this.output.bulkHeader(large.units)
  }

  elements(large: LargeKey, elements: readonly Pointer[]): void {
    this.nameOf(large)
    this.expect(elements.length)
    for (let i = 0; i < elements.length; i++) this.element(large.type, elements[i]!)
    if (large.encoding === Encoding.timedHashtable) this.fieldTimes(elements)
  }

  listNode(large: LargeKey, node: Pointer): void {
    this.nameOf(large)
    this.expect(nodeCount(this.arena, node))
    this.node(node)
  }

  stringPart(_large: LargeKey, bytes: Uint8Array, start: number, end: number): void {
    this.sink.bytes(bytes, start, end)
  }

  endLarge(large: LargeKey): void {
    this.nameOf(large)
    if (large.type === Type.string) this.output.lineEnd()
    this.expiry(large.expiryMs)
  }

  // Values.

  private value(entry: Pointer, type: Type, encoding: Encoding): void {
    if (type === Type.string) return this.string(entry, encoding)
    const value = cellPointer(this.arena, entry)
    if (type === Type.stream) this.streams.write(value)
    else if (encoding === Encoding.listpack) this.listpack(type, value)
    else if (encoding === Encoding.quicklist) this.quicklist(value)
    else if (encoding === Encoding.intset) this.intset(value)
    else if (encoding === Encoding.skiplist) this.scores(value)
    else this.table(type, encoding, value)
  }

  private string(entry: Pointer, encoding: Encoding): void {
    const { arena, number, output } = this
    output.begin(SET, 1)
    if (encoding === Encoding.int) {
      readInteger(arena, entry, number)
      return output.int64(number)
    }
    const meta = metaOf(arena, entry)
    const start = valueStart(arena, entry, meta)
    output.bulk(valueBytes(arena, entry, meta), start, start + plainLength(arena, entry, meta))
  }

  private listpack(type: Type, value: Pointer): void {
    const bytes = this.arena.u8[value >>> SEGMENT_SHIFT]!
    const start = (value & OFFSET_MASK) << 3
    const count = listpack.count(bytes, start)
    this.expect(type === Type.zset || type === Type.hash ? count / 2 : count)
    if (type === Type.zset) this.memberScores(bytes, start)
    else if (type === Type.hash) this.words(HMSET, 2, bytes, start)
    else this.words(type === Type.set ? SADD : RPUSH, 1, bytes, start)
  }

  /** Elements of a listpack, so many to an item. */
  private words(command: Uint8Array, each: number, bytes: Uint8Array, start: number): void {
    const { shown } = this
    let index = 0
    for (let at = listpack.first(start); bytes[at] !== listpack.END; at = listpack.next(bytes, at)) {
      if (index++ % each === 0) this.item(command, each)
      listpack.readText(bytes, at, shown)
      this.output.bulk(shown.bytes, shown.start, shown.end)
    }
  }

  /** Members and scores in turn; commands want the score first. */
  private memberScores(bytes: Uint8Array, start: number): void {
    const { member, output } = this
    for (let at = listpack.first(start); bytes[at] !== listpack.END;) {
      this.item(ZADD, 2)
      listpack.readText(bytes, at, member)
      at = listpack.next(bytes, at)
      output.double(readScore(bytes, at))
      output.bulk(member.bytes, member.start, member.end)
      at = listpack.next(bytes, at)
    }
  }

  private quicklist(value: Pointer): void {
    const { arena } = this
    this.expect(word(arena, value, ELEMENTS))
    for (let node = word(arena, value, HEAD); node !== 0; node = word(arena, node, NEXT)) this.node(node)
  }

  private node(node: Pointer): void {
    const { arena } = this
    const size = word(arena, node, SIZE)
    if (isCompressed(arena, node)) {
      const expanded = new Uint8Array(size)
      expandInto(arena, node, expanded, 0)
      return this.words(RPUSH, 1, expanded, 0)
    }
    const bytes = arena.u8[word(arena, node, CONTENT) >>> SEGMENT_SHIFT]!
    const start = contentStart(arena, node)
    if (!isPlain(arena, node)) return this.words(RPUSH, 1, bytes, start)
    this.item(RPUSH, 1)
    this.output.bulk(bytes, start, start + size)
  }

  private intset(value: Pointer): void {
    const { arena, number } = this
    const length = intsetLength(arena, value)
    this.expect(length)
    for (let i = 0; i < length; i++) {
      intsetGet(arena, value, i, number)
      this.item(SADD, 1)
      this.output.int64(number)
    }
  }

  private scores(value: Pointer): void {
    const { skiplist } = this
    skiplist.open(value)
    this.expect(skiplist.count)
    for (let node = skiplist.last; node !== 0; node = skiplist.previous(node)) this.element(Type.zset, node)
  }

  private table(type: Type, encoding: Encoding, value: Pointer): void {
    const { batch, dict } = this
    const isTimed = encoding === Encoding.timedHashtable
    assert(isTimed || encoding === Encoding.hashtable)
    dict.open(hashRoot(this.arena, encoding, value))
    if (!isTimed) this.expect(dict.count)
    for (let bucket = 0; bucket < dict.bucketCount; bucket++) {
      batch.length = 0
      dict.collectBucket(bucket, batch)
      // The times of fields come behind the fields, so that no command may go on into the next bucket.
      if (isTimed) this.expect(batch.length)
      for (let i = 0; i < batch.length; i++) this.element(type, batch[i]!)
      if (isTimed) this.fieldTimes(batch)
    }
  }

  private element(type: Type, element: Pointer): void {
    const { arena, output, range } = this
    if (type === Type.set) this.item(SADD, 1)
    else this.item(type === Type.zset ? ZADD : HMSET, 2)
    if (type === Type.zset) output.double(this.skiplist.score(element))
    viewField(arena, element, range)
    output.bulk(range.bytes, range.start, range.end)
    if (type !== Type.hash) return
    viewValue(arena, element, range)
    output.bulk(range.bytes, range.start, range.end)
  }

  /** Of the fields given, those that expire. */
  private fieldTimes(elements: readonly Pointer[]): void {
    const { arena, output, range } = this
    for (let i = 0; i < elements.length; i++) {
      const dueMs = elementDue(arena, elements[i]!)
      if (dueMs < 0) continue
      output.begin(HPEXPIREAT, 4)
      output.integer(dueMs)
      output.word(FIELDS)
      output.integer(1)
      viewField(arena, elements[i]!, range)
      output.bulk(range.bytes, range.start, range.end)
    }
  }

  private expiry(expiryMs: number): void {
    if (expiryMs < 0) return
    this.output.begin(PEXPIREAT, 1)
    this.output.integer(expiryMs)
  }

  private nameOf({ name }: LargeKey): void {
    this.output.setName(name, 0, name.length)
  }

  /** So many elements of one value follow. */
  private expect(count: number): void {
    this.left = count
    this.room = 0
  }

  /** An element follows, in so many words: begins another command when there is no room for it. */
  private item(command: Uint8Array, words: number): void {
    if (this.room === 0) {
      this.room = Math.min(this.left, ITEMS_MAX)
      this.output.begin(command, this.room * words)
    }
    this.room--
    this.left--
  }
}
