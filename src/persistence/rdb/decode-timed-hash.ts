/**
 * Decodes hashes whose fields expire, as files of version 12 hold them: field by field, each with its time, or as one listpack of
 * fields, values and times. A time is a moment, or the distance from the earliest one, plus 1; 0 stands for none.
 */

import type { Encoding } from '../../keyspace/entry.js'
import { FieldSet, HashView } from '../../keyspace/types/hash-view.js'
import type { Pointer } from '../../memory/pointer.js'
import * as listpack from '../../structures/listpack.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { ValueType } from './format.js'
import { RdbString, readLength } from './input.js'

/** What a field takes at least. */
const FIELD_BYTES = 3
const TUPLE = 3
/** Moments beyond this cannot be kept. */
const MOMENT_MAX = 2 ** 48

export class TimedHashReader implements ValueReader {
  encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly source: ByteSource
  private readonly view: HashView
  private readonly field: RdbString
  private readonly content: RdbString
  private readonly fieldShown: listpack.ListpackElement
  private readonly contentShown: listpack.ListpackElement
  private typeByte: number
  /** Fields to come; -1 before their number was read. */
  private left: number
  /** What times count from. */
  private baseMs: number
  private isOpen: boolean

  constructor(context: DecodeContext) {
    this.view = new HashView(context.keyspace.hashes)
    this.encoding = this.view.encoding
    this.value = 0
    this.context = context
    this.source = context.source
    this.field = new RdbString()
    this.content = new RdbString()
    this.fieldShown = new listpack.ListpackElement()
    this.contentShown = new listpack.ListpackElement()
    this.typeByte = 0
    this.left = -1
    this.baseMs = 0
    this.isOpen = false
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.value = 0
    this.left = -1
    this.baseMs = 0
    this.isOpen = false
  }

  step(): Status {
    const { typeByte } = this
    if (typeByte === ValueType.hashListpackExpiry || typeByte === ValueType.hashListpackExpiryPreGa) {
      return this.readListpack()
    }
    if (this.left < 0) return this.readCount()
    const status = this.readField()
    return status !== Status.more || --this.left > 0 ? status : this.finish()
  }

  abandon(): void {
    if (this.isOpen) this.view.discard()
    this.isOpen = false
    this.value = 0
  }

  private open(): boolean {
    this.isOpen = this.view.openNew()
    return this.isOpen
  }

  private finish(): Status {
    this.encoding = this.view.storedEncoding
    this.value = this.view.value
    return Status.done
  }

  private readCount(): Status {
    const { context, source } = this
    const baseMs = this.typeByte === ValueType.hashMetadata ? source.integer64LE() : 0
    const count = readLength(source)
    if (source.fault !== Fault.none) return Status.failed
    if (count === 0) return Status.empty
    if (!context.believes(count, FIELD_BYTES)) return Status.failed
    if (!this.open()) return Status.noMemory
    // A distance of 1 is the base itself.
    this.baseMs = this.typeByte === ValueType.hashMetadata ? baseMs - 1 : 0
    this.left = count
    return Status.more
  }

  private readField(): Status {
    const { content, field, source } = this
    const time = readLength(source)
    field.read(source)
    content.read(source)
    if (source.fault !== Fault.none) return Status.failed
    const dueMs = time === 0 ? -1 : time + this.baseMs
    return this.add(
      field.bytes, field.start, field.end, content.bytes, content.start, content.end, dueMs,
    ) // prettier-ignore
  }

  /** @param dueMs  -1 for none */
  private add(
    field: Uint8Array, fieldStart: number, fieldEnd: number,
    content: Uint8Array, contentStart: number, contentEnd: number, dueMs: number,
  ): Status {
    const { context, view } = this
    if (dueMs !== -1 && !(dueMs >= 0 && dueMs <= MOMENT_MAX)) return context.corrupt('Hash field with a time out of range')
    const set = view.set(field, fieldStart, fieldEnd, content, contentStart, contentEnd)
    if (set === FieldSet.noMemory) return Status.noMemory
    if (set !== FieldSet.added) return context.corrupt('Duplicate hash fields detected')
    if (dueMs === -1) return Status.more
    return view.setDue(field, fieldStart, fieldEnd, dueMs) >= 0 ? Status.more : Status.noMemory
  } // prettier-ignore

  private readListpack(): Status {
    const { context, field, source } = this
    if (this.typeByte === ValueType.hashListpackExpiry) source.integer64LE()
    field.read(source)
    if (source.fault !== Fault.none) return Status.failed
    const { bytes, end, start } = field
    context.noteSanitized()
    if (!context.isListpack(bytes, start, end, TUPLE)) return context.corrupt('Hash listpack integrity check failed.')
    if (listpack.count(bytes, start) === 0) return Status.empty
    if (!this.open()) return Status.noMemory
    for (let at = listpack.first(start); bytes[at] !== listpack.END;) {
      const contentAt = listpack.next(bytes, at)
      const timeAt = listpack.next(bytes, contentAt)
      const status = this.addTuple(bytes, at, contentAt, timeAt)
      if (status !== Status.more) return status
      at = listpack.next(bytes, timeAt)
    }
    return this.finish()
  }

  private addTuple(bytes: Uint8Array, fieldAt: number, contentAt: number, timeAt: number): Status {
    const { contentShown: content, fieldShown: field } = this
    if (!listpack.isInteger(bytes, timeAt)) return this.context.corrupt('Hash listpack integrity check failed.')
    const time = listpack.integerAt(bytes, timeAt)
    listpack.readText(bytes, fieldAt, field)
    listpack.readText(bytes, contentAt, content)
    return this.add(
      field.bytes, field.start, field.end, content.bytes, content.start, content.end, time === 0 ? -1 : time,
    ) // prettier-ignore
  }
}
