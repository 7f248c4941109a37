/** Decodes hashes: field by field, or as a zipmap, ziplist or listpack of fields and values in turn. */

import { Encoding } from '../../keyspace/entry.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { Dict } from '../../structures/dict.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { ValueType } from './format.js'
import { RdbString, readLength } from './input.js'
import { ZiplistWalk, ZipmapWalk } from './ziplist.js'

/** Listpacks do not grow beyond this. */
const LISTPACK_BYTES_MAX = 1 << 30

export class HashReader implements ValueReader {
  encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly arena: Arena
  private readonly source: ByteSource
  private readonly field: RdbString
  private readonly content: RdbString
  private readonly dict: Dict
  private readonly walk: ZiplistWalk
  private readonly zipmap: ZipmapWalk
  private typeByte: number
  /** Fields to come; -1 before their number was read. */
  private left: number

  constructor(context: DecodeContext) {
    const { keyspace } = context
    this.encoding = Encoding.listpack
    this.value = 0
    this.context = context
    this.arena = context.arena
    this.source = context.source
    this.field = new RdbString()
    this.content = new RdbString()
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.walk = new ZiplistWalk()
    this.zipmap = new ZipmapWalk()
    this.typeByte = 0
    this.left = -1
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.encoding = Encoding.listpack
    this.value = 0
    this.left = -1
  }

  step(): Status {
    if (this.typeByte !== ValueType.hash) return this.readCompact()
    if (this.left < 0) return this.readCount()
    const status = this.readField()
    return status === Status.more && --this.left === 0 ? Status.done : status
  }

  abandon(): void {
    if (this.value !== 0) this.context.keyspace.hashes.free(this.value, this.encoding)
    this.value = 0
  }

  // Field by field.

  private readCount(): Status {
    const count = readLength(this.source)
    if (this.source.fault !== Fault.none) return Status.failed
    if (count === 0) return Status.empty
    if (!this.context.believes(count, 2)) return Status.failed
    this.left = count
    if (count <= this.context.keyspace.hashes.listpackEntriesMax) {
      this.value = edit.create(this.arena)
      return this.value === 0 ? Status.noMemory : Status.more
    }
    if (!this.dict.create()) return Status.noMemory
    this.useDict()
    return Status.more
  }

  private useDict(): void {
    this.encoding = Encoding.hashtable
    this.value = this.dict.root
  }

  private readField(): Status {
    const { content, field, source } = this
    field.read(source)
    content.read(source)
    if (source.fault !== Fault.none) return Status.failed
    if (this.encoding === Encoding.listpack) {
      if (this.fitsListpack()) return this.appendPair()
      const status = this.convert()
      if (status !== Status.done) return status
    }
    const added = this.context.addToDict(
      this.dict, field.bytes, field.start, field.end, content.bytes, content.start, content.end,
    ) // prettier-ignore
    if (added === Status.failed) return this.context.corrupt('Duplicate hash fields detected')
    return added === Status.done ? Status.more : added
  }

  private fitsListpack(): boolean {
    const { listpackValueMax } = this.context.keyspace.hashes
    const { content, field } = this
    if (field.length > listpackValueMax || content.length > listpackValueMax) return false
    const total = listpack.totalBytes(this.context.bytesOf(this.value), this.context.startOf(this.value))
    return total + field.length + content.length <= LISTPACK_BYTES_MAX
  }

  private appendPair(): Status {
    const { arena, content, context, field } = this
    const own = context.bytesOf(this.value)
    const first = listpack.first(context.startOf(this.value))
    if (own[first] !== listpack.END && listpack.find(own, first, field.bytes, field.start, field.end, 1) >= 0) {
      return context.corrupt('Hash with dup elements')
    }
    return this.append(arena, field) && this.append(arena, content) ? Status.more : Status.noMemory
  }

  private append(arena: Arena, { bytes, end, start }: RdbString): boolean {
    const value = edit.append(arena, this.value, bytes, start, end)
    if (value !== 0) this.value = value
    return value !== 0
  }

  /** Makes a dict of the listpack. */
  private convert(): Status {
    const compact = this.value
    const status = this.context.fillDict(this.dict, this.context.bytesOf(compact), this.context.startOf(compact), true)
    if (status === Status.failed) return this.context.corrupt('Hash listpack with dup elements')
    if (status !== Status.done) return status
    this.arena.free(compact)
    this.useDict()
    return Status.done
  }

  // In one piece.

  private readCompact(): Status {
    const { field, source, typeByte } = this
    field.read(source)
    if (source.fault !== Fault.none) return Status.failed
    if (typeByte === ValueType.hashZipmap) return this.addZipmap()
    return typeByte === ValueType.hashZiplist ? this.addZiplist() : this.addListpack()
  }

  private addListpack(): Status {
    const { context } = this
    const { bytes, end, start } = this.field
    context.noteSanitized()
    if (!context.isListpack(bytes, start, end, 2) || (context.sanitizes && context.hasDuplicates(bytes, start, 2))) {
      return context.corrupt('Hash listpack integrity check failed.')
    }
    return this.settle(context.keep(bytes, start, end))
  }

  private addZiplist(): Status {
    const { context, walk } = this
    const { bytes, end, start } = this.field
    const compact = walk.open(bytes, start, end) ? context.importZiplist(walk, end - start) : undefined
    if (compact === undefined) return context.corrupt('Hash ziplist integrity check failed.')
    if (compact === 0) return Status.noMemory
    this.value = compact
    if (this.countElements() % 2 === 1 || this.hasDuplicates()) {
      return context.corrupt('Hash ziplist integrity check failed.')
    }
    return this.settle(compact)
  }

  private addZipmap(): Status {
    const { arena, context, zipmap } = this
    const { bytes, end, start } = this.field
    if (!zipmap.open(bytes, start, end)) return context.corrupt('Zipmap integrity check failed.')
    this.value = edit.create(arena, end - start)
    let longest = 0
    for (let step = zipmap.next(); step !== 0; step = zipmap.next()) {
      if (step < 0) return context.corrupt('Zipmap integrity check failed.')
      const { fieldEnd, fieldStart, valueEnd, valueStart } = zipmap
      longest = Math.max(longest, fieldEnd - fieldStart, valueEnd - valueStart)
      const extended = this.value === 0 ? 0 : edit.append(arena, this.value, bytes, fieldStart, fieldEnd)
      if (extended !== 0) this.value = extended
      const completed = extended === 0 ? 0 : edit.append(arena, extended, bytes, valueStart, valueEnd)
      if (completed === 0) return Status.noMemory
      this.value = completed
    }
    if (this.hasDuplicates()) return context.corrupt('Hash zipmap with dup elements, or big length')
    if (longest <= context.keyspace.hashes.listpackValueMax) return this.settle(this.value)
    return this.convert()
  }

  /** Takes a listpack over, as a dict where it has too many fields. */
  private settle(compact: Pointer): Status {
    this.value = compact
    if (compact === 0) return Status.noMemory
    const elements = this.countElements()
    if (elements === 0) return this.endEmpty()
    return elements > this.context.keyspace.hashes.listpackEntriesMax * 2 ? this.convert() : Status.done
  }

  private countElements(): number {
    return listpack.count(this.context.bytesOf(this.value), this.context.startOf(this.value))
  }

  private hasDuplicates(): boolean {
    return this.context.hasDuplicates(this.context.bytesOf(this.value), this.context.startOf(this.value), 2)
  }

  private endEmpty(): Status {
    this.abandon()
    return Status.empty
  }
}
