/** Decodes sets: member by member, or as an intset or listpack. */

import { Int64, writeInt64 } from '../../base/int64.js'
import { Encoding } from '../../keyspace/entry.js'
import { Added, SetView } from '../../keyspace/types/set-view.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { Dict } from '../../structures/dict.js'
import { intsetHigh, intsetLength, intsetLow, isIntset } from '../../structures/intset.js'
import * as listpack from '../../structures/listpack.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { ValueType } from './format.js'
import { RdbString, readLength } from './input.js'

export class SetReader implements ValueReader {
  encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly arena: Arena
  private readonly source: ByteSource
  private readonly member: RdbString
  private readonly view: SetView
  private readonly dict: Dict
  private readonly integer: Int64
  private readonly digits: Uint8Array
  private typeByte: number
  /** Members to come; -1 before their number was read. */
  private left: number

  constructor(context: DecodeContext) {
    const { keyspace } = context
    this.encoding = Encoding.intset
    this.value = 0
    this.context = context
    this.arena = context.arena
    this.source = context.source
    this.member = new RdbString()
    this.view = new SetView(keyspace.sets)
    this.dict = new Dict(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    this.integer = new Int64()
    this.digits = new Uint8Array(24)
    this.typeByte = 0
    this.left = -1
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.value = 0
    this.left = -1
  }

  step(): Status {
    if (this.typeByte !== ValueType.set) return this.readCompact()
    if (this.left < 0) return this.readCount()
    const status = this.readMember()
    if (status !== Status.more || --this.left > 0) return status
    this.encoding = this.view.encoding
    this.value = this.view.value
    return Status.done
  }

  abandon(): void {
    if (this.typeByte === ValueType.set && this.left >= 0) this.view.discard(false)
    else if (this.value !== 0) this.context.keyspace.sets.free(this.value, this.encoding)
    this.value = 0
    this.left = -1
  }

  private readCount(): Status {
    const count = readLength(this.source)
    if (this.source.fault !== Fault.none) return Status.failed
    if (count === 0) return Status.empty
    if (!this.context.believes(count, 1)) return Status.failed
    const isSmall = count <= this.context.keyspace.sets.intsetEntriesMax
    if (!this.view.openNew(isSmall ? Encoding.intset : Encoding.hashtable)) return Status.noMemory
    this.left = count
    return Status.more
  }

  private readMember(): Status {
    const { member, source } = this
    member.read(source)
    if (source.fault !== Fault.none) return Status.failed
    const added = this.view.add(member.bytes, member.start, member.end)
    if (added === Added.added) return Status.more
    return added === Added.present ? this.context.corrupt('Duplicate set members detected') : Status.noMemory
  }

  private readCompact(): Status {
    const { context, member, source } = this
    member.read(source)
    if (source.fault !== Fault.none) return Status.failed
    context.noteSanitized()
    return this.typeByte === ValueType.setIntset ? this.addIntset() : this.addListpack()
  }

  private addIntset(): Status {
    const { context } = this
    const { bytes, end, start } = this.member
    if (!isIntset(bytes, start, end, true)) return context.corrupt('Intset integrity check failed.')
    const intset = context.keep(bytes, start, end)
    if (intset === 0) return Status.noMemory
    this.encoding = Encoding.intset
    this.value = intset
    if (intsetLength(this.arena, intset) <= context.keyspace.sets.intsetEntriesMax) return Status.done
    return this.spread(intset)
  }

  /** Makes a dict of an intset. */
  private spread(intset: Pointer): Status {
    const { arena, context, dict, digits, integer } = this
    if (!dict.create()) return Status.noMemory
    for (let i = intsetLength(arena, intset) - 1; i >= 0; i--) {
      integer.high = intsetHigh(arena, intset, i)
      integer.low = intsetLow(arena, intset, i) >>> 0
      if (context.addToDict(dict, digits, 0, writeInt64(integer, digits, 0), digits, 0, 0) === Status.done) continue
      dict.free(true)
      return Status.noMemory
    }
    arena.free(intset)
    return this.useDict()
  }

  private addListpack(): Status {
    const { context } = this
    const { bytes, end, start } = this.member
    if (!context.isListpack(bytes, start, end, 1) || (context.sanitizes && context.hasDuplicates(bytes, start, 1))) {
      return context.corrupt('Set listpack integrity check failed.')
    }
    const members = listpack.count(bytes, start)
    if (members === 0) return Status.empty
    if (members > context.keyspace.sets.listpackEntriesMax) return this.convert(bytes, start)
    this.encoding = Encoding.listpack
    this.value = context.keep(bytes, start, end)
    return this.value === 0 ? Status.noMemory : Status.done
  }

  private convert(bytes: Uint8Array, start: number): Status {
    const status = this.context.fillDict(this.dict, bytes, start, false)
    if (status === Status.failed) return this.context.corrupt('Duplicate set members detected')
    return status === Status.done ? this.useDict() : status
  }

  private useDict(): Status {
    this.encoding = Encoding.hashtable
    this.value = this.dict.root
    return Status.done
  }
}
