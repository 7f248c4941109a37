/**
 * Large values that are saved in units. From the cut on such a value is frozen: it may change, but each of its units is shown to the
 * consumer first. When its turn comes, what was shown early is put into the output and the rest is walked.
 *
 * Nobody frees a frozen value: one that its key gave up waits here until it has been written.
 */

import type { Keyspace } from '../../keyspace/keyspace.js'
import { type Encoding, makeMeta } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import type { ByteSink } from '../byte-sink.js'
import type { LargeKey, SnapshotConsumer } from './consumer.js'
import type { SideBuffer } from './side-store.js'

/** Bytes put from a side buffer into the output at a time. */
const COPIED_BYTES = 65536

/** What a frozen value needs of the walk it belongs to. */
export interface WalkContext {
  readonly keyspace: Keyspace
  readonly consumer: SnapshotConsumer
  /** The output itself. */
  readonly sink: ByteSink
  /** See LargeLimits. */
  readonly stepEntries: number
  /** Turns the consumer to a side buffer. */
  turnTo(buffer: SideBuffer): void
  /** Turns it back to the output, with nothing left on the way. */
  turnBack(): void
}

export abstract class FrozenValue {
  readonly large: LargeKey
  /** By what it is known; see `unitRoot`. */
  readonly root: Pointer
  /** When no key holds the value any more: what the last one's cell referred to, and of which encoding it was. */
  private orphan: Pointer
  private orphanEncoding: Encoding
  protected readonly context: WalkContext
  /** What stands in front of the units, and units saved early. */
  protected readonly side: SideBuffer

  constructor(context: WalkContext, large: LargeKey, root: Pointer, side: SideBuffer) {
    this.context = context
    this.large = large
    this.root = root
    this.side = side
    this.orphan = 0
    this.orphanEncoding = large.encoding
  }

  /** Notes what stands in front of the units, while the entry can be seen. */
  begin(entry: Pointer): void {
    this.context.turnTo(this.side)
    this.context.consumer.beginLarge(this.large, entry)
    this.context.turnBack()
  }

  /** The value is this object's now. */
  adopt(encoding: Encoding, value: Pointer): void {
    this.orphan = value
    this.orphanEncoding = encoding
  }

  /** Writes a little more of the value to the output; false when it has all been written. */
  abstract step(): boolean
  abstract changing(unit: number): void
  relinking(_node: Pointer): void {}
  added(_node: Pointer): void {}
  keepsNode(_node: Pointer): boolean {
    return false
  }

  /** The root is gone, though the value is not all written. */
  dissolve(): void {}

  /** Ends it, written or not: takes marks away and frees what is nobody else's. */
  release(): void {
    this.side.release()
    if (this.orphan === 0) return
    this.context.keyspace.freeValue(makeMeta(this.large.type, this.orphanEncoding, 0, 0), this.orphan, true, false)
  }

  /** Copies a piece of `side[at, end)` to the output; returns where it stopped. */
  protected copySide(at: number, end: number): number {
    const to = Math.min(end, at + COPIED_BYTES)
    this.side.copyTo(this.context.sink, at, to)
    return to
  }
}
