/**
 * Writes streams: their nodes as they are, then figures, then consumer groups with what is pending.
 *
 * Version 10 added where a stream began, its greatest deleted id and how many entries it ever had; version 11 when a consumer was
 * last active.
 */

import { Int64 } from '../../base/int64.js'
import { Slice } from '../../base/slice.js'
import type { Arena } from '../../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../../memory/pointer.js'
import { totalBytes } from '../../structures/listpack.js'
import {
  activeMs,
  consumerCount,
  consumerPending,
  consumersOf,
  deliveredMs,
  groupPending,
  readDeliveries,
  readEntriesRead,
  readGroupLastId,
  seenMs,
} from '../../structures/stream-groups.js'
import { StreamId } from '../../structures/stream-id.js'
import { indexCount, IndexCursor } from '../../structures/stream-index.js'
import { NameWalk, viewName } from '../../structures/stream-names.js'
import { Stream } from '../../structures/stream.js'
import { STREAM_ID_BYTES } from './format.js'
import type { RdbOutput } from './output.js'

const FIRST_WITH_OFFSETS = 10
const FIRST_WITH_ACTIVITY = 11

export class StreamEncoder {
  private readonly arena: Arena
  private readonly output: RdbOutput
  private readonly version: number
  private readonly stream: Stream
  private readonly cursor: IndexCursor
  private readonly groups: NameWalk
  private readonly consumers: NameWalk
  private readonly id: StreamId
  private readonly name: Slice
  private readonly number: Int64

  constructor(arena: Arena, output: RdbOutput, version: number) {
    this.arena = arena
    this.output = output
    this.version = version
    this.stream = new Stream(arena)
    this.cursor = new IndexCursor()
    this.groups = new NameWalk()
    this.consumers = new NameWalk()
    this.id = new StreamId()
    this.name = new Slice()
    this.number = new Int64()
  }

  nodeCount(root: Pointer): number {
    this.stream.open(root)
    return this.stream.nodeCount
  }

  /** The whole value. */
  write(root: Pointer): void {
    const { arena, cursor } = this
    this.output.length(this.nodeCount(root))
    for (let isThere = cursor.toFirst(arena, root); isThere; isThere = cursor.next(arena)) this.node(cursor)
    this.end(root)
  }

  /** The node at a cursor. */
  node(cursor: IndexCursor): void {
    const { arena, id, output } = this
    cursor.readId(arena, id)
    output.length(STREAM_ID_BYTES)
    this.rawId(id)
    const node = cursor.value(arena)
    const bytes = arena.u8[node >>> SEGMENT_SHIFT]!
    const start = (node & OFFSET_MASK) << 3
    output.string(bytes, start, start + totalBytes(bytes, start))
  }

  /** What follows the nodes. */
  end(root: Pointer): void {
    const { id, number, output, stream } = this
    stream.open(root)
    output.length(stream.length)
    stream.readLastId(id)
    this.idLengths(id)
    if (this.version >= FIRST_WITH_OFFSETS) {
      stream.readFirstId(id)
      this.idLengths(id)
      stream.readMaxDeletedId(id)
      this.idLengths(id)
      stream.readEntriesAdded(number)
      output.length64(number)
    }
    output.length(stream.groupCount)
    this.groups.start(this.arena, stream.groups)
    for (let group = this.groups.next(this.arena); group !== 0; group = this.groups.next(this.arena)) this.group(group)
  }

  private group(group: Pointer): void {
    const { arena, consumers, id, number, output } = this
    this.writeName(group)
    readGroupLastId(arena, group, id)
    this.idLengths(id)
    if (this.version >= FIRST_WITH_OFFSETS) {
      readEntriesRead(arena, group, number)
      output.length64(number)
    }
    this.groupPending(groupPending(group))
    output.length(consumerCount(arena, group))
    consumers.start(arena, consumersOf(arena, group))
    for (let consumer = consumers.next(arena); consumer !== 0; consumer = consumers.next(arena)) {
      this.consumer(consumer)
    }
  }

  /** What is pending for anybody: with times and counts, but not for whom. */
  private groupPending(index: Pointer): void {
    const { arena, cursor, id, number, output } = this
    output.length(indexCount(arena, index))
    for (let isThere = cursor.toFirst(arena, index); isThere; isThere = cursor.next(arena)) {
      cursor.readId(arena, id)
      this.rawId(id)
      const pending = cursor.value(arena)
      output.sink.integer64LE(deliveredMs(arena, pending))
      readDeliveries(arena, pending, number)
      output.length64(number)
    }
  }

  private consumer(consumer: Pointer): void {
    const { arena, cursor, id, output } = this
    this.writeName(consumer)
    output.sink.integer64LE(seenMs(arena, consumer))
    if (this.version >= FIRST_WITH_ACTIVITY) output.sink.integer64LE(activeMs(arena, consumer))
    const index = consumerPending(consumer)
    output.length(indexCount(arena, index))
    for (let isThere = cursor.toFirst(arena, index); isThere; isThere = cursor.next(arena)) {
      cursor.readId(arena, id)
      this.rawId(id)
    }
  }

  private writeName(block: Pointer): void {
    const { name } = this
    viewName(this.arena, block, name)
    this.output.string(name.bytes, name.start, name.end)
  }

  /** The 16 bytes of an id, most significant first. */
  private rawId({ msHigh, msLow, seqHigh, seqLow }: StreamId): void {
    const { sink } = this.output
    sink.uint32BE(msHigh)
    sink.uint32BE(msLow)
    sink.uint32BE(seqHigh)
    sink.uint32BE(seqLow)
  }

  private idLengths({ msHigh, msLow, seqHigh, seqLow }: StreamId): void {
    const { number, output } = this
    number.high = msHigh
    number.low = msLow >>> 0
    output.length64(number)
    number.high = seqHigh
    number.low = seqLow >>> 0
    output.length64(number)
  }
}
