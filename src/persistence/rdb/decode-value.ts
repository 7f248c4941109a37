/**
 * Decodes values of every type but strings, a bounded number of units at a time. What is built belongs to no key: the caller
 * takes it over, or abandons it.
 */

import { type Encoding, Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { HashReader } from './decode-hash.js'
import { ListReader } from './decode-list.js'
import { SetReader } from './decode-set.js'
import { TimedHashReader } from './decode-timed-hash.js'
import { StreamReader } from './decode-stream.js'
import { ZsetReader } from './decode-zset.js'
import { ValueType } from './format.js'

/** The types that each value type of the format stands for; strings are the caller's affair. */
const TYPES: ReadonlyMap<number, Type> = new Map([
  [ValueType.string, Type.string],
  [ValueType.list, Type.list],
  [ValueType.listZiplist, Type.list],
  [ValueType.listQuicklist, Type.list],
  [ValueType.listQuicklist2, Type.list],
  [ValueType.set, Type.set],
  [ValueType.setIntset, Type.set],
  [ValueType.setListpack, Type.set],
  [ValueType.zset, Type.zset],
  [ValueType.zset2, Type.zset],
  [ValueType.zsetZiplist, Type.zset],
  [ValueType.zsetListpack, Type.zset],
  [ValueType.streamListpacks, Type.stream],
  [ValueType.streamListpacks2, Type.stream],
  [ValueType.streamListpacks3, Type.stream],
  [ValueType.hash, Type.hash],
  [ValueType.hashZipmap, Type.hash],
  [ValueType.hashZiplist, Type.hash],
  [ValueType.hashListpack, Type.hash],
  [ValueType.hashMetadataPreGa, Type.hash],
  [ValueType.hashListpackExpiryPreGa, Type.hash],
  [ValueType.hashMetadata, Type.hash],
  [ValueType.hashListpackExpiry, Type.hash],
])

/** The type of the values that are written with this byte; undefined when it stands for none that can be kept. */
export function typeOfValue(typeByte: number): Type | undefined {
  return TYPES.get(typeByte)
}

export class ValueDecoder {
  type: Type
  private readonly source: ByteSource
  private readonly timedHashes: TimedHashReader
  private readonly readers: Readonly<Partial<Record<Type, ValueReader>>>
  private reader: ValueReader

  constructor(context: DecodeContext) {
    const list = new ListReader(context)
    this.type = Type.list
    this.source = context.source
    this.timedHashes = new TimedHashReader(context)
    this.readers = {
      [Type.list]: list,
      [Type.set]: new SetReader(context),
      [Type.zset]: new ZsetReader(context),
      [Type.hash]: new HashReader(context),
      [Type.stream]: new StreamReader(context),
    }
    this.reader = list
  }

  /** What was built, once `step` has returned `done`. */
  get encoding(): Encoding {
    return this.reader.encoding
  }

  get value(): Pointer {
    return this.reader.value
  }

  /** Begins a value; false, with the source corrupt, when its type cannot be read. */
  begin(typeByte: number): boolean {
    const type = TYPES.get(typeByte)
    const reader = type === undefined ? undefined : this.readerOf(type, typeByte)
    if (type === undefined || reader === undefined) {
      this.source.corrupt(refusalOf(typeByte))
      return false
    }
    this.type = type
    this.reader = reader
    reader.begin(typeByte)
    return true
  }

  private readerOf(type: Type, typeByte: number): ValueReader | undefined {
    return typeByte >= ValueType.hashMetadataPreGa ? this.timedHashes : this.readers[type]
  }

  /** Reads up to so many units. What was built is gone unless it returns done, more or starved. */
  step(unitsMax: number): Status {
    const { reader, source } = this
    for (let i = 0; i < unitsMax; i++) {
      source.setMark()
      const status = reader.step()
      if (source.fault === Fault.starved) return Status.starved
      if (status === Status.more) continue
      if (status !== Status.done) reader.abandon()
      return status
    }
    return Status.more
  }

  abandon(): void {
    this.reader.abandon()
  }
}

function refusalOf(typeByte: number): string {
  if (typeByte === ValueType.modulePreGa) return 'Pre-release module format not supported'
  return `Unknown RDB encoding type ${typeByte}`
}
