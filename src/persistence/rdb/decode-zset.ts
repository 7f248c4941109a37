/** Decodes sorted sets: member by member, with scores as texts or doubles, or as a ziplist or listpack in their order. */

import { compare } from '../../base/bytes.js'
import { parseDoubleLoose } from '../../base/double.js'
import { Encoding } from '../../keyspace/entry.js'
import { readScore } from '../../keyspace/types/score-text.js'
import { ZsetView } from '../../keyspace/types/zset-view.js'
import type { Pointer } from '../../memory/pointer.js'
import * as listpack from '../../structures/listpack.js'
import { Skiplist } from '../../structures/skiplist.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { ValueType } from './format.js'
import { RdbString, readLength } from './input.js'
import { ZiplistWalk } from './ziplist.js'

/** Lengths of a score's text that stand for scores themselves. */
const NOT_A_NUMBER = 253
const PLUS_INFINITY = 254
const MINUS_INFINITY = 255
/** Bytes that a member takes at least: in the old form, and with a double. */
const OLD_MEMBER_BYTES = 2
const MEMBER_BYTES = 9

export class ZsetReader implements ValueReader {
  encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly source: ByteSource
  private readonly member: RdbString
  private readonly view: ZsetView
  private readonly skiplist: Skiplist
  private readonly walk: ZiplistWalk
  private readonly element: listpack.ListpackElement
  private readonly before: listpack.ListpackElement
  private typeByte: number
  /** Members to come; -1 before their number was read. */
  private left: number
  private longest: number
  private total: number

  constructor(context: DecodeContext) {
    const { keyspace } = context
    this.encoding = Encoding.listpack
    this.value = 0
    this.context = context
    this.source = context.source
    this.member = new RdbString()
    this.view = new ZsetView(keyspace.zsets)
    this.skiplist = new Skiplist(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.walk = new ZiplistWalk()
    this.element = new listpack.ListpackElement()
    this.before = new listpack.ListpackElement()
    this.typeByte = 0
    this.left = -1
    this.longest = 0
    this.total = 0
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.encoding = Encoding.listpack
    this.value = 0
    this.left = -1
    this.longest = 0
    this.total = 0
  }

  step(): Status {
    const { typeByte } = this
    if (typeByte === ValueType.zsetListpack || typeByte === ValueType.zsetZiplist) return this.readCompact()
    if (this.left < 0) return this.readCount()
    const status = this.readMember()
    return status !== Status.more || --this.left > 0 ? status : this.finish()
  }

  abandon(): void {
    if (this.value !== 0) this.context.keyspace.zsets.free(this.value, this.encoding)
    this.value = 0
  }

  // Member by member.

  private readCount(): Status {
    const count = readLength(this.source)
    if (this.source.fault !== Fault.none) return Status.failed
    if (count === 0) return Status.empty
    const bytesEach = this.typeByte === ValueType.zset2 ? MEMBER_BYTES : OLD_MEMBER_BYTES
    if (!this.context.believes(count, bytesEach)) return Status.failed
    if (!this.view.openNew(Encoding.skiplist)) return Status.noMemory
    this.encoding = Encoding.skiplist
    this.value = this.view.value
    this.left = count
    return Status.more
  }

  private readMember(): Status {
    const { member, source, view } = this
    member.read(source)
    const score = this.typeByte === ValueType.zset2 ? source.double() : this.readOldScore()
    if (source.fault !== Fault.none) return Status.failed
    if (Number.isNaN(score)) return this.context.corrupt('Zset with NAN score detected')
    const { bytes, end, start } = member
    if (view.find(bytes, start, end)) return this.context.corrupt('Duplicate zset fields detected')
    if (!view.add(bytes, start, end, score)) return Status.noMemory
    this.longest = Math.max(this.longest, end - start)
    this.total += end - start
    return Status.more
  }

  private readOldScore(): number {
    const { source } = this
    const length = source.byte()
    if (length === NOT_A_NUMBER) return NaN
    if (length === PLUS_INFINITY) return Infinity
    if (length === MINUS_INFINITY) return -Infinity
    if (!source.has(length)) return 0
    const start = source.at
    source.at += length
    return parseDoubleLoose(source.bytes, start, start + length)
  }

  private finish(): Status {
    const { view } = this
    view.narrow(this.longest, this.total)
    this.encoding = view.encoding
    this.value = view.value
    return Status.done
  }

  // In one piece.

  private readCompact(): Status {
    const { member, source } = this
    member.read(source)
    if (source.fault !== Fault.none) return Status.failed
    return this.typeByte === ValueType.zsetListpack ? this.addListpack() : this.addZiplist()
  }

  private addListpack(): Status {
    const { context } = this
    const { bytes, end, start } = this.member
    context.noteSanitized()
    if (!context.isListpack(bytes, start, end, 2) || (context.sanitizes && context.hasDuplicates(bytes, start, 2))) {
      return context.corrupt('Zset listpack integrity check failed.')
    }
    if (!this.isOrdered(bytes, start)) return context.corrupt('Zset listpack integrity check failed.')
    return this.settle(context.keep(bytes, start, end))
  }

  private addZiplist(): Status {
    const { context, walk } = this
    const { bytes, end, start } = this.member
    const compact = walk.open(bytes, start, end) ? context.importZiplist(walk, end - start) : undefined
    if (compact === 0) return Status.noMemory
    if (compact === undefined) return context.corrupt('Zset ziplist integrity check failed.')
    this.value = compact
    const own = context.bytesOf(compact)
    const at = context.startOf(compact)
    if (listpack.count(own, at) % 2 === 1 || context.hasDuplicates(own, at, 2) || !this.isOrdered(own, at)) {
      return context.corrupt('Zset ziplist integrity check failed.')
    }
    return this.settle(compact)
  }

  /** Takes a listpack over, as a skiplist where it has too many members. */
  private settle(compact: Pointer): Status {
    const { context } = this
    this.value = compact
    if (compact === 0) return Status.noMemory
    const members = listpack.count(context.bytesOf(compact), context.startOf(compact)) >>> 1
    if (members === 0) {
      this.abandon()
      return Status.empty
    }
    return members > context.keyspace.zsets.listpackEntriesMax ? this.convert(compact) : Status.done
  }

  /** Whether members stand in the order of their scores and, where these are equal, of their bytes. */
  private isOrdered(bytes: Uint8Array, start: number): boolean {
    let { before, element } = this
    let scoreBefore = -Infinity
    for (let at = listpack.first(start); bytes[at] !== listpack.END;) {
      listpack.readText(bytes, at, element)
      const scoreAt = listpack.next(bytes, at)
      const score = readScore(bytes, scoreAt)
      if (at !== listpack.first(start)) {
        if (score < scoreBefore) return false
        if (score === scoreBefore && compareElements(before, element) > 0) return false
      }
      const spare = before
      before = element
      element = spare
      scoreBefore = score
      at = listpack.next(bytes, scoreAt)
    }
    return true
  }

  private convert(compact: Pointer): Status {
    const { context, element, skiplist } = this
    const bytes = context.bytesOf(compact)
    if (!skiplist.create()) return Status.noMemory
    for (let at = listpack.first(context.startOf(compact)); bytes[at] !== listpack.END;) {
      listpack.readText(bytes, at, element)
      const scoreAt = listpack.next(bytes, at)
      const isNew = skiplist.find(element.bytes, element.start, element.end) === 0
      const node = isNew ? skiplist.append(element.bytes, element.start, element.end, readScore(bytes, scoreAt)) : 0
      if (node === 0) {
        skiplist.free()
        return isNew ? Status.noMemory : context.corrupt('Duplicate zset fields detected')
      }
      at = listpack.next(bytes, scoreAt)
    }
    context.arena.free(compact)
    this.encoding = Encoding.skiplist
    this.value = skiplist.root
    return Status.done
  }
}

function compareElements(a: listpack.ListpackElement, b: listpack.ListpackElement): number {
  return compare(a.bytes, a.start, a.end, b.bytes, b.start, b.end)
}
