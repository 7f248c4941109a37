/** Keys as an RDB file. */

import type { Pointer } from '../../memory/pointer.js'
import type { Store } from '../../engine/store.js'
import type { ByteSink } from '../byte-sink.js'
import { rdbWriteOptions } from '../rdb/write-options.js'
import { type RdbFileFacts, RdbWriter } from '../rdb/writer.js'
import type { LargeKey, SnapshotConsumer, StringPacking } from './consumer.js'

/** As the store's configuration says; the facts carry its libraries of functions. */
export function rdbConsumer(store: Store, sink: ByteSink, facts: RdbFileFacts): RdbConsumer {
  const writer = new RdbWriter(store.keyspace, sink, rdbWriteOptions(store.config.values))
  return new RdbConsumer(writer, facts)
}

export class RdbConsumer implements SnapshotConsumer {
  readonly packing: StringPacking | undefined
  private readonly writer: RdbWriter
  private readonly facts: RdbFileFacts

  constructor(writer: RdbWriter, facts: RdbFileFacts) {
    this.writer = writer
    this.facts = facts
    this.packing = writer.options.compresses ? packingOf(writer) : undefined
  }

  get sink(): ByteSink {
    return this.writer.sink
  }

  set sink(sink: ByteSink) {
    this.writer.sink = sink
  }

  start(): void {
    this.writer.start(this.facts)
  }

  selectDatabase(index: number, keys: number, volatileKeys: number, isFirst: boolean): void {
    this.writer.selectDatabase(index)
    if (isFirst) this.writer.resizeDatabase(keys, volatileKeys)
  }

  key(entry: Pointer): void {
    this.writer.key(entry)
  }

  beginLarge(_large: LargeKey, entry: Pointer): void {
    this.writer.beginKey(entry)
  }

  elements({ encoding, type }: LargeKey, elements: readonly Pointer[]): void {
    for (let i = 0; i < elements.length; i++) this.writer.element(type, encoding, elements[i]!)
  }

  listNode(_large: LargeKey, node: Pointer): void {
    this.writer.listNode(node)
  }

  stringPart(_large: LargeKey, bytes: Uint8Array, start: number, end: number): void {
    this.writer.sink.bytes(bytes, start, end)
  }

  endLarge(): void {}

  end(): void {
    this.writer.end()
  }
}

function packingOf(writer: RdbWriter): StringPacking {
  return {
    begin: (_large, entry) => writer.beginString(entry),
    plain: ({ units }) => writer.plainLength(units),
    packed: ({ units }, bytes) => writer.packedLength(bytes, units),
  }
}
