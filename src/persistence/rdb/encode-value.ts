/**
 * Writes the values of keys that are not strings, whole or in units. A value is known by type, encoding and pointer, so that
 * one which belongs to no entry can be written as well.
 */

import { assert } from '../../base/assert.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { elementDue, hashRoot } from '../../keyspace/types/timed-hash.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { type ByteRange, viewField, viewValue } from '../../structures/dict-element.js'
import { Dict } from '../../structures/dict.js'
import { intsetBytes } from '../../structures/intset.js'
import * as listpack from '../../structures/listpack.js'
import { Skiplist } from '../../structures/skiplist.js'
import {
  CONTENT,
  contentStart,
  expandInto,
  HEAD,
  isCompressed,
  isPlain,
  NEXT,
  NODES,
  SIZE,
  storedBytes,
  word,
} from '../../structures/quicklist-nodes.js'
import type { IndexCursor } from '../../structures/stream-index.js'
import { StreamEncoder } from './encode-stream.js'
import { ListNode, ValueType } from './format.js'
import type { RdbOutput } from './output.js'
import { ZiplistBuilder } from './ziplist-builder.js'

/** The first versions in which a form may be written. */
const FIRST_WITH_LISTPACKS = 10
const FIRST_WITH_SET_LISTPACKS = 11

export class ValueEncoder {
  private readonly arena: Arena
  private readonly output: RdbOutput
  private readonly version: number
  private readonly dict: Dict
  private readonly skiplist: Skiplist
  private readonly streams: StreamEncoder
  private readonly range: ByteRange
  private readonly batch: Pointer[]
  private readonly ziplist: ZiplistBuilder
  private readonly shown: listpack.ListpackElement

  constructor(keyspace: Keyspace, output: RdbOutput, version: number) {
    this.arena = keyspace.arena
    this.output = output
    this.version = version
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.skiplist = new Skiplist(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.streams = new StreamEncoder(keyspace.arena, output, version)
    this.range = { bytes: NOTHING, start: 0, end: 0 }
    this.batch = []
    this.ziplist = new ZiplistBuilder()
    this.shown = new listpack.ListpackElement()
  }

  typeByteOf(type: Type, encoding: Encoding): number {
    const { version } = this
    const hasListpacks = version >= FIRST_WITH_LISTPACKS
    switch (type) {
      case Type.string:
        return ValueType.string
      case Type.list:
        return hasListpacks ? ValueType.listQuicklist2 : ValueType.listQuicklist
      case Type.set:
        if (encoding === Encoding.intset) return ValueType.setIntset
        return encoding === Encoding.listpack && version >= FIRST_WITH_SET_LISTPACKS
          ? ValueType.setListpack
          : ValueType.set
      case Type.zset:
        if (encoding !== Encoding.listpack) return ValueType.zset2
        return hasListpacks ? ValueType.zsetListpack : ValueType.zsetZiplist
      case Type.stream:
        if (version >= FIRST_WITH_SET_LISTPACKS) return ValueType.streamListpacks3
        return hasListpacks ? ValueType.streamListpacks2 : ValueType.streamListpacks
      case Type.hash:
        if (encoding === Encoding.timedHashtable && version >= FIRST_WITH_SET_LISTPACKS) return ValueType.hashMetadata
        if (encoding !== Encoding.listpack) return ValueType.hash
        return hasListpacks ? ValueType.hashListpack : ValueType.hashZiplist
    }
    return assert(false) as never
  }

  /** Writes a value whole. */
  write(type: Type, encoding: Encoding, value: Pointer): void {
    if (type === Type.list) this.list(encoding, value)
    else if (type === Type.stream) this.streams.write(value)
    else if (encoding === Encoding.intset) this.block(value, intsetBytes(this.arena, value))
    else if (encoding === Encoding.listpack) this.compact(type, value)
    else if (encoding === Encoding.skiplist) this.scores(value)
    else this.table(type, encoding, value)
  }

  unitCount(type: Type, encoding: Encoding, value: Pointer): number {
    if (type === Type.list && encoding === Encoding.quicklist) return word(this.arena, value, NODES)
    if (type === Type.stream) return this.streams.nodeCount(value)
    if (encoding === Encoding.skiplist) {
      this.skiplist.open(value)
      return this.skiplist.count
    }
    if (encoding !== Encoding.hashtable && encoding !== Encoding.timedHashtable) return 1
    this.dict.open(hashRoot(this.arena, encoding, value))
    return this.dict.count
  }

  begin(type: Type, encoding: Encoding, value: Pointer): void {
    if (this.writesTimes(encoding)) this.output.sink.integer64LE(TIMES_FROM_MS)
    this.output.length(this.unitCount(type, encoding, value))
  }

  element(type: Type, encoding: Encoding, element: Pointer): void {
    const { arena, output, range } = this
    if (this.writesTimes(encoding)) {
      const dueMs = elementDue(arena, element)
      output.length(dueMs < 0 ? 0 : dueMs - TIMES_FROM_MS + 1)
    }
    viewField(arena, element, range)
    output.string(range.bytes, range.start, range.end)
    if (type === Type.zset) return output.sink.double(this.skiplist.score(element))
    if (type !== Type.hash) return
    viewValue(arena, element, range)
    output.string(range.bytes, range.start, range.end)
  }

  listNode(node: Pointer): void {
    const { arena, output } = this
    if (this.version < FIRST_WITH_LISTPACKS) return this.ziplistNode(node)
    output.length(isPlain(arena, node) ? ListNode.plain : ListNode.packed)
    const size = word(arena, node, SIZE)
    const content = word(arena, node, CONTENT)
    if (isCompressed(arena, node)) {
      const start = (content & OFFSET_MASK) << 3
      const bytes = arena.u8[content >>> SEGMENT_SHIFT]!
      return output.compressedBytes(bytes, start, start + storedBytes(arena, node), size)
    }
    const start = contentStart(arena, node)
    output.string(arena.u8[content >>> SEGMENT_SHIFT]!, start, start + size)
  }

  /** The node of a stream at a cursor, in order. */
  streamNode(cursor: IndexCursor): void {
    this.streams.node(cursor)
  }

  /** What follows the nodes of a stream. */
  streamEnd(value: Pointer): void {
    this.streams.end(value)
  }

  /** Times of fields are written where the format has them; servers before keep such fields for good. */
  private writesTimes(encoding: Encoding): boolean {
    return encoding === Encoding.timedHashtable && this.version >= FIRST_WITH_SET_LISTPACKS
  }

  private list(encoding: Encoding, value: Pointer): void {
    const { arena, output } = this
    if (encoding === Encoding.quicklist) {
      output.length(word(arena, value, NODES))
      for (let node = word(arena, value, HEAD); node !== 0; node = word(arena, node, NEXT)) this.listNode(node)
      return
    }
    output.length(1)
    if (this.version < FIRST_WITH_LISTPACKS) return this.asZiplist(value)
    output.length(ListNode.packed)
    this.listpackBytes(value)
  }

  /** A listpack of another type than list. */
  private compact(type: Type, value: Pointer): void {
    if (this.version < FIRST_WITH_LISTPACKS && type !== Type.set) return this.asZiplist(value)
    if (this.version < FIRST_WITH_SET_LISTPACKS && type === Type.set) return this.asMembers(value)
    this.listpackBytes(value)
  }

  private table(type: Type, encoding: Encoding, value: Pointer): void {
    const { batch, dict } = this
    assert(encoding === Encoding.hashtable || encoding === Encoding.timedHashtable)
    this.begin(type, encoding, value)
    dict.open(hashRoot(this.arena, encoding, value))
    for (let bucket = 0; bucket < dict.bucketCount; bucket++) {
      batch.length = 0
      dict.collectBucket(bucket, batch)
      for (let i = 0; i < batch.length; i++) this.element(type, encoding, batch[i]!)
    }
  }

  /** From the highest score to the lowest, which is the quickest order to build a skiplist in. */
  private scores(value: Pointer): void {
    const { skiplist } = this
    skiplist.open(value)
    this.output.length(skiplist.count)
    for (let node = skiplist.last; node !== 0; node = skiplist.previous(node))
      this.element(Type.zset, Encoding.skiplist, node)
  }

  private listpackBytes(value: Pointer): void {
    const start = (value & OFFSET_MASK) << 3
    this.block(value, listpack.totalBytes(this.arena.u8[value >>> SEGMENT_SHIFT]!, start))
  }

  private block(value: Pointer, length: number): void {
    const start = (value & OFFSET_MASK) << 3
    this.output.string(this.arena.u8[value >>> SEGMENT_SHIFT]!, start, start + length)
  }

  private asZiplist(value: Pointer): void {
    const { ziplist } = this
    ziplist.open()
    ziplist.addListpack(this.arena.u8[value >>> SEGMENT_SHIFT]!, (value & OFFSET_MASK) << 3)
    this.endZiplist()
  }

  private ziplistNode(node: Pointer): void {
    const { arena, ziplist } = this
    const content = word(arena, node, CONTENT)
    const size = word(arena, node, SIZE)
    ziplist.open()
    if (isCompressed(arena, node)) {
      const expanded = new Uint8Array(size)
      expandInto(arena, node, expanded, 0)
      ziplist.addListpack(expanded, 0)
    } else {
      const start = contentStart(arena, node)
      const bytes = arena.u8[content >>> SEGMENT_SHIFT]!
      if (isPlain(arena, node)) ziplist.addString(bytes, start, start + size)
      else ziplist.addListpack(bytes, start)
    }
    this.endZiplist()
  }

  private endZiplist(): void {
    this.ziplist.close()
    this.output.string(this.ziplist.bytes, 0, this.ziplist.end)
  }

  /** A set of few members, for servers that know only tables of them. */
  private asMembers(value: Pointer): void {
    const { output, shown } = this
    const bytes = this.arena.u8[value >>> SEGMENT_SHIFT]!
    const start = (value & OFFSET_MASK) << 3
    output.length(listpack.count(bytes, start))
    for (let at = listpack.first(start); bytes[at] !== listpack.END; at = listpack.next(bytes, at)) {
      listpack.readText(bytes, at, shown)
      output.string(shown.bytes, shown.start, shown.end)
    }
  }
}

/** Times of fields are distances from this moment: 1970, so that a field can be written without a look at the others. */
const TIMES_FROM_MS = 0
const NOTHING = new Uint8Array(0)
