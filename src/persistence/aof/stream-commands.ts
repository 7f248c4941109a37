/** The commands that rebuild a stream: its entries, what is known of those deleted, its groups, and what is pending in them. */

import { Int64 } from '../../base/int64.js'
import { Slice } from '../../base/slice.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import * as listpack from '../../structures/listpack.js'
import { StreamCursor } from '../../structures/stream-cursor.js'
import {
  consumerPending, consumersOf, deliveredMs, readDeliveries, readEntriesRead, readGroupLastId,
} from '../../structures/stream-groups.js' // prettier-ignore
import { setId, setIdMax, StreamId } from '../../structures/stream-id.js'
import { indexCount, IndexCursor } from '../../structures/stream-index.js'
import { NameWalk, viewName } from '../../structures/stream-names.js'
import { Stream } from '../../structures/stream.js'
import { type CommandOutput, wordBytes } from './command-output.js'

const XADD = wordBytes('XADD')
const MAXLEN = wordBytes('MAXLEN')
const ZERO = wordBytes('0')
const X = wordBytes('x')
const Y = wordBytes('y')
const XSETID = wordBytes('XSETID')
const ENTRIESADDED = wordBytes('ENTRIESADDED')
const MAXDELETEDID = wordBytes('MAXDELETEDID')
const XGROUP = wordBytes('XGROUP')
const CREATE = wordBytes('CREATE')
const CREATECONSUMER = wordBytes('CREATECONSUMER')
const ENTRIESREAD = wordBytes('ENTRIESREAD')
const XCLAIM = wordBytes('XCLAIM')
const TIME = wordBytes('TIME')
const RETRYCOUNT = wordBytes('RETRYCOUNT')
const JUSTID = wordBytes('JUSTID')
const FORCE = wordBytes('FORCE')

export class StreamCommands {
  private readonly arena: Arena
  private readonly output: CommandOutput
  private readonly stream: Stream
  private readonly entries: StreamCursor
  private readonly pending: IndexCursor
  private readonly groups: NameWalk
  private readonly consumers: NameWalk
  private readonly groupName: Slice
  private readonly consumerName: Slice
  private readonly id: StreamId
  private readonly least: StreamId
  private readonly greatest: StreamId
  private readonly number: Int64
  private readonly shown: listpack.ListpackElement

  constructor(arena: Arena, output: CommandOutput) {
    this.arena = arena
    this.output = output
    this.stream = new Stream(arena)
    this.entries = new StreamCursor(arena)
    this.pending = new IndexCursor()
    this.groups = new NameWalk()
    this.consumers = new NameWalk()
    this.groupName = new Slice()
    this.consumerName = new Slice()
    this.id = new StreamId()
    this.least = new StreamId()
    this.greatest = new StreamId()
    setIdMax(this.greatest)
    this.number = new Int64()
    this.shown = new listpack.ListpackElement()
  }

  /** The output knows the key already. */
  write(root: Pointer): void {
    const { arena, groups, stream } = this
    stream.open(root)
    if (stream.length === 0) this.emptyStream()
    else this.allEntries()
    this.figures()
    groups.start(arena, stream.groups)
    for (let group = groups.next(arena); group !== 0; group = groups.next(arena)) this.group(group)
  }

  private allEntries(): void {
    const { entries, output } = this
    entries.forward(this.stream, this.least, this.greatest, 0, 0)
    while (entries.next()) {
      output.begin(XADD, 1 + entries.fields * 2)
      output.streamId(entries.id)
      for (let i = entries.fields; i > 0; i--) this.field(entries)
    }
  }

  private field(entries: StreamCursor): void {
    const { output, shown } = this
    entries.nextField()
    listpack.readText(entries.bytes, entries.fieldAt, shown)
    output.bulk(shown.bytes, shown.start, shown.end)
    listpack.readText(entries.bytes, entries.valueAt, shown)
    output.bulk(shown.bytes, shown.start, shown.end)
  }

  /** A stream without entries can be had only by adding one that is trimmed at once. */
  private emptyStream(): void {
    const { id, output } = this
    setId(id, 0, 0, 0, 1)
    output.begin(XADD, 5)
    output.word(MAXLEN)
    output.word(ZERO)
    output.streamId(id)
    output.word(X)
    output.word(Y)
  }

  private figures(): void {
    const { id, number, output, stream } = this
    output.begin(XSETID, 5)
    stream.readLastId(id)
    output.streamId(id)
    output.word(ENTRIESADDED)
    stream.readEntriesAdded(number)
    output.int64(number)
    output.word(MAXDELETEDID)
    stream.readMaxDeletedId(id)
    output.streamId(id)
  }

  private group(group: Pointer): void {
    const { arena, consumers, groupName, id, number, output } = this
    viewName(arena, group, groupName)
    output.beginWith(XGROUP, CREATE, 4)
    output.bulk(groupName.bytes, groupName.start, groupName.end)
    readGroupLastId(arena, group, id)
    output.streamId(id)
    output.word(ENTRIESREAD)
    readEntriesRead(arena, group, number)
    output.int64(number)
    consumers.start(arena, consumersOf(arena, group))
    for (let consumer = consumers.next(arena); consumer !== 0; consumer = consumers.next(arena)) {
      this.consumer(consumer)
    }
  }

  private consumer(consumer: Pointer): void {
    const { arena, consumerName, groupName, output, pending } = this
    viewName(arena, consumer, consumerName)
    const index = consumerPending(consumer)
    if (indexCount(arena, index) === 0) {
      output.beginWith(XGROUP, CREATECONSUMER, 2)
      output.bulk(groupName.bytes, groupName.start, groupName.end)
      return output.bulk(consumerName.bytes, consumerName.start, consumerName.end)
    }
    for (let isThere = pending.toFirst(arena, index); isThere; isThere = pending.next(arena)) this.claim()
  }

  /** The entry that the cursor stands on is pending for the consumer. */
  private claim(): void {
    const { arena, consumerName, groupName, id, number, output, pending } = this
    const delivery = pending.value(arena)
    output.begin(XCLAIM, 10)
    output.bulk(groupName.bytes, groupName.start, groupName.end)
    output.bulk(consumerName.bytes, consumerName.start, consumerName.end)
    output.word(ZERO)
    pending.readId(arena, id)
    output.streamId(id)
    output.word(TIME)
    output.integer(deliveredMs(arena, delivery))
    output.word(RETRYCOUNT)
    readDeliveries(arena, delivery, number)
    output.int64(number)
    output.word(JUSTID)
    output.word(FORCE)
  }
}
