/**
 * Decodes streams, record by record: nodes, figures, and for each consumer group what is pending and its consumers. See
 * encode-stream.ts for what the versions differ in.
 *
 * What a stream's own code relies on is checked here: ids ascend, counts agree, and every pending entry has one consumer.
 */

import { readInt32BE } from '../../base/bytes.js'
import { Int64 } from '../../base/int64.js'
import { Encoding } from '../../keyspace/entry.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import { END, integerAt } from '../../structures/listpack.js'
import {
  addConsumer,
  addGroup,
  addUnowned,
  adoptPending,
  findConsumer,
  findGroup,
  findPending,
} from '../../structures/stream-groups.js'
import { assignId, compareIds, setId, setIdZero, StreamId } from '../../structures/stream-id.js'
import { Added } from '../../structures/stream-index.js'
import {
  DELETED,
  deletedCountAt,
  entryBehind,
  firstEntry,
  isValidNode,
  liveCount,
  readEntryId,
} from '../../structures/stream-node.js'
import { entriesUpTo } from '../../structures/stream-progress.js'
import { createStream, Stream } from '../../structures/stream.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { STREAM_ID_BYTES, ValueType } from './format.js'
import { RdbString, readLength, readLength64 } from './input.js'

const Stage = {
  nodeCount: 0,
  node: 1,
  figures: 2,
  group: 3,
  pending: 4,
  consumerCount: 5,
  consumer: 6,
  owned: 7,
} as const
type Stage = (typeof Stage)[keyof typeof Stage]

/** What each takes at least. */
const NODE_BYTES = 18
const GROUP_BYTES = 5
const PENDING_BYTES = 25
const CONSUMER_BYTES = 10

export class StreamReader implements ValueReader {
  readonly encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly arena: Arena
  private readonly source: ByteSource
  private readonly stream: Stream
  private readonly text: RdbString
  private readonly body: RdbString
  private readonly id: StreamId
  private readonly lastId: StreamId
  private readonly topId: StreamId
  private readonly number: Int64
  private typeByte: number
  private stage: Stage
  private nodesLeft: number
  private groupsLeft: number
  private pendingLeft: number
  private consumersLeft: number
  private ownedLeft: number
  /** Pending entries of the group that have no consumer yet. */
  private unowned: number
  /** Entries in the nodes so far. */
  private length: number
  private group: Pointer
  private consumer: Pointer

  constructor(context: DecodeContext) {
    this.encoding = Encoding.stream
    this.value = 0
    this.context = context
    this.arena = context.arena
    this.source = context.source
    this.stream = new Stream(context.arena)
    this.text = new RdbString()
    this.body = new RdbString()
    this.id = new StreamId()
    this.lastId = new StreamId()
    this.topId = new StreamId()
    this.number = new Int64()
    this.typeByte = 0
    this.stage = Stage.nodeCount
    this.nodesLeft = 0
    this.groupsLeft = 0
    this.pendingLeft = 0
    this.consumersLeft = 0
    this.ownedLeft = 0
    this.unowned = 0
    this.length = 0
    this.group = 0
    this.consumer = 0
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.value = 0
    this.stage = Stage.nodeCount
    this.length = 0
    setIdZero(this.topId)
  }

  step(): Status {
    switch (this.stage) {
      case Stage.nodeCount:
        return this.readNodeCount()
      case Stage.node:
        return this.readNode()
      case Stage.figures:
        return this.readFigures()
      case Stage.group:
        return this.readGroup()
      case Stage.pending:
        return this.readPending()
      case Stage.consumerCount:
        return this.readConsumerCount()
      case Stage.consumer:
        return this.readConsumer()
      default:
        return this.readOwned()
    }
  }

  abandon(): void {
    if (this.value !== 0) this.context.keyspace.streams.free(this.value)
    this.value = 0
  }

  private get isFaulty(): boolean {
    return this.source.fault !== Fault.none
  }

  // Nodes.

  private readNodeCount(): Status {
    const count = readLength(this.source)
    if (this.isFaulty || !this.context.believes(count, NODE_BYTES)) return Status.failed
    this.value = createStream(this.arena)
    if (this.value === 0) return Status.noMemory
    this.stream.open(this.value)
    this.nodesLeft = count
    this.stage = count === 0 ? Stage.figures : Stage.node
    return Status.more
  }

  private readNode(): Status {
    const { body, context, id, source, text } = this
    text.read(source)
    body.read(source)
    if (this.isFaulty) return Status.failed
    if (text.length !== STREAM_ID_BYTES) return context.corrupt('Stream node key entry is not the size of a stream ID')
    idOf(text.bytes, text.start, id)
    context.noteSanitized()
    const { bytes, end, start } = body
    if (!isValidNode(bytes, start, end - start, true)) return context.corrupt('Stream listpack integrity check failed.')
    if (this.length > 0 && compareIds(id, this.topId) <= 0) {
      return context.corrupt('Listpack re-added with existing key')
    }
    const live = this.countEntries(bytes, start)
    if (live < 0) return context.corrupt('Stream listpack integrity check failed.')
    if (live === 0) return context.corrupt('Empty listpack inside stream')
    if (!this.stream.addNode(id, bytes, start, end)) return Status.noMemory
    this.length += live
    if (--this.nodesLeft === 0) this.stage = Stage.figures
    return Status.more
  }

  /**
   * Counts the entries of a node that are not deleted, and notes its greatest id.
   *
   * @returns -1 when ids do not ascend, or counts differ from what the node says
   */
  private countEntries(bytes: Uint8Array, start: number): number {
    const { id, lastId, topId } = this
    let live = 0
    let deleted = 0
    for (let at = firstEntry(bytes, start); bytes[at] !== END; at = entryBehind(bytes, start, at)) {
      readEntryId(bytes, at, id, lastId)
      if (live + deleted > 0 ? compareIds(lastId, topId) <= 0 : compareIds(lastId, id) < 0) return -1
      assignId(lastId, topId)
      if ((integerAt(bytes, at) & DELETED) !== 0) deleted++
      else live++
    }
    return live === liveCount(bytes, start) && deleted === integerAt(bytes, deletedCountAt(bytes, start)) ? live : -1
  }

  // Figures.

  private readFigures(): Status {
    const { context, id, lastId, number, source, stream } = this
    const { first, maxDeleted } = scratchIds
    const length = readLength(source)
    this.readId(lastId)
    const hasOffsets = this.typeByte >= ValueType.streamListpacks2
    setIdZero(maxDeleted)
    number.high = Math.floor(this.length / TWO_32)
    number.low = this.length >>> 0
    if (hasOffsets) {
      this.readId(first)
      this.readId(maxDeleted)
      readLength64(source, number)
    }
    const groups = readLength(source)
    if (this.isFaulty || !context.believes(groups, GROUP_BYTES)) return Status.failed
    if (length !== this.length) return context.corrupt('Stream length inconsistent with rax entries')
    stream.length = length
    stream.readTopId(id)
    if (length > 0 && compareIds(id, lastId) > 0) return context.corrupt('Stream last ID is below its last entry')
    stream.setLastId(lastId)
    stream.setMaxDeletedId(maxDeleted)
    stream.setEntriesAdded(number)
    stream.refreshFirstId()
    this.groupsLeft = groups
    return this.nextGroup()
  }

  // Groups.

  private nextGroup(): Status {
    this.stage = Stage.group
    return this.groupsLeft-- === 0 ? Status.done : Status.more
  }

  private readGroup(): Status {
    const { context, id, number, source, stream, text } = this
    text.read(source)
    this.readId(id)
    if (this.typeByte >= ValueType.streamListpacks2) readLength64(source, number)
    const pending = readLength(source)
    if (this.isFaulty || !context.believes(pending, PENDING_BYTES)) return Status.failed
    const { bytes, end, start } = text
    if (findGroup(stream, bytes, start, end) !== 0) return context.corrupt('Duplicated consumer group name')
    if (this.typeByte < ValueType.streamListpacks2 && !entriesUpTo(stream, id, number)) {
      number.high = -1
      number.low = UNKNOWN_LOW
    }
    this.group = addGroup(stream, bytes, start, end, id, number)
    if (this.group === 0) return Status.noMemory
    this.unowned = this.pendingLeft = pending
    this.stage = pending === 0 ? Stage.consumerCount : Stage.pending
    return Status.more
  }

  private readPending(): Status {
    const { arena, context, id, number, source } = this
    this.readRawId(id)
    const deliveredMs = source.integer64LE()
    readLength64(source, number)
    if (this.isFaulty) return Status.failed
    const added = addUnowned(arena, this.group, id, deliveredMs, number)
    if (added === Added.noMemory) return Status.noMemory
    if (added === Added.exists) return context.corrupt('Duplicated global PEL entry loading stream consumer group')
    if (--this.pendingLeft === 0) this.stage = Stage.consumerCount
    return Status.more
  }

  private readConsumerCount(): Status {
    const count = readLength(this.source)
    if (this.isFaulty || !this.context.believes(count, CONSUMER_BYTES)) return Status.failed
    this.consumersLeft = count
    return this.nextConsumer()
  }

  private nextConsumer(): Status {
    this.stage = Stage.consumer
    if (this.consumersLeft-- > 0) return Status.more
    return this.unowned === 0 ? this.nextGroup() : this.context.corrupt('Stream CG PEL entry without consumer')
  }

  private readConsumer(): Status {
    const { arena, context, source, text } = this
    text.read(source)
    const seenMs = source.integer64LE()
    const activeMs = this.typeByte >= ValueType.streamListpacks3 ? source.integer64LE() : seenMs
    const owned = readLength(source)
    if (this.isFaulty || !context.believes(owned, STREAM_ID_BYTES)) return Status.failed
    const { bytes, end, start } = text
    if (findConsumer(arena, this.group, bytes, start, end) !== 0) {
      return context.corrupt('Duplicate stream consumer detected.')
    }
    this.consumer = addConsumer(arena, this.group, bytes, start, end, seenMs, activeMs)
    if (this.consumer === 0) return Status.noMemory
    this.ownedLeft = owned
    this.stage = Stage.owned
    return owned === 0 ? this.nextConsumer() : Status.more
  }

  private readOwned(): Status {
    const { arena, context, id } = this
    this.readRawId(id)
    if (this.isFaulty) return Status.failed
    const pending = findPending(arena, this.group, id)
    if (pending === 0) return context.corrupt('Consumer entry not found in group global PEL')
    const added = adoptPending(arena, this.consumer, pending, id)
    if (added === Added.noMemory) return Status.noMemory
    if (added === Added.exists) {
      return context.corrupt('Duplicated consumer PEL entry loading a stream consumer group')
    }
    this.unowned--
    return --this.ownedLeft === 0 ? this.nextConsumer() : Status.more
  }

  // Ids.

  private readId(into: StreamId): void {
    const { half } = scratchIds
    readLength64(this.source, half)
    const { high, low } = half
    readLength64(this.source, half)
    setId(into, high, low | 0, half.high, half.low | 0)
  }

  private readRawId(into: StreamId): void {
    const { source } = this
    if (!source.has(STREAM_ID_BYTES)) return
    idOf(source.bytes, source.at, into)
    source.at += STREAM_ID_BYTES
  }
}

const TWO_32 = 0x100000000
/** With a high half of -1: how many entries a group has read is not known. */
const UNKNOWN_LOW = 0xffffffff

const scratchIds = { first: new StreamId(), maxDeleted: new StreamId(), half: new Int64() }

function idOf(bytes: Uint8Array, at: number, into: StreamId): void {
  setId(
    into,
    readInt32BE(bytes, at),
    readInt32BE(bytes, at + 4),
    readInt32BE(bytes, at + 8),
    readInt32BE(bytes, at + 12),
  )
}
