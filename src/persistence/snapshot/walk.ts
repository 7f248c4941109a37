/**
 * The walk over all keys as they are at one moment, the cut, while commands go on changing them.
 *
 * It goes over the key tables bucket by bucket. A write to a bucket that it has not reached yet has the bucket saved first
 * (Database.beforeWrite); so what is written is what stood there at the cut, each key once. Values too large for one step are
 * frozen when their bucket comes up, be it by the walk or by a write, and written unit by unit after all other keys: until
 * then, and while they are written, a write to such a value has the unit concerned saved first (frozen-value.ts).
 *
 * Thus the time of a step and of a write are bounded by a bucket of small keys or a unit of a large one. What a write saves goes to
 * the output directly, or for large values to a buffer at the side (side-store.ts). Nothing is kept for what was saved or is
 * new but a bit a bucket.
 */

import { assert } from '../../base/assert.js'
import type { Clock } from '../../base/environment.js'
import type { UnitGuard } from '../../memory/unit-guard.js'
import type { Pointer } from '../../memory/pointer.js'
import { Dict } from '../../structures/dict.js'
import type { ValueGuard } from '../../keyspace/change-guard.js'
import { Encoding, encodingOfMeta, expiryOf, metaOf, Type, TYPE_MASK } from '../../keyspace/entry.js'
import type { Keyspace } from '../../keyspace/keyspace.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ByteSink } from '../byte-sink.js'
import type { LargeKey, SnapshotConsumer } from './consumer.js'
import { FrozenDict } from './frozen-dict.js'
import { FrozenList } from './frozen-list.js'
import { FrozenString } from './frozen-string.js'
import type { FrozenValue, WalkContext } from './frozen-value.js'
import { LARGE_LIMITS, type LargeLimits, LargeValues, unitRoot } from './large.js'
import type { SideBuffer, SideStore } from './side-store.js'
import { type BucketSaver, TableCut } from './table-cut.js'

const SIDE_CHUNK_BYTES = 4096

export interface WalkOptions {
  readonly keyspace: Keyspace
  readonly consumer: SnapshotConsumer
  readonly side: SideStore
  readonly limits?: LargeLimits
}

export class SnapshotWalk implements ValueGuard, UnitGuard, BucketSaver, WalkContext {
  readonly keyspace: Keyspace
  readonly consumer: SnapshotConsumer
  readonly sink: ByteSink
  readonly keysTotal: number
  keysDone: number
  /** Bytes of blocks and units that had to be saved before their turn because of writes. */
  copiedBytes: number
  /** What went wrong where it could not be told: in the midst of a write, or when all data was replaced. The walk is over then. */
  failure: unknown
  /** Told of a failure. */
  onFailure: (() => void) | undefined
  readonly stepEntries: number
  private readonly large: LargeValues
  private readonly side: SideStore
  private readonly sideTaker: SideTaker
  private readonly sideSink: ByteSink
  /** Of those that `copiedBytes` counts. */
  private sideBytes: number
  private readonly cuts: TableCut[]
  private readonly byRoot: Map<Pointer, FrozenValue>
  private readonly waiting: FrozenValue[]
  /** How many of `waiting` have been written. */
  private written: number
  private cutIndex: number
  private selected: TableCut | undefined
  private readonly batch: Pointer[]
  private isHooked: boolean

  /** Takes the cut: what changes from here on does not show. */
  constructor({ keyspace, consumer, side, limits = LARGE_LIMITS }: WalkOptions) {
    assert(keyspace.guard === undefined)
    this.keyspace = keyspace
    this.consumer = consumer
    this.sink = consumer.sink
    this.keysTotal = keyspace.keyCount
    this.keysDone = 0
    this.copiedBytes = 0
    this.failure = undefined
    this.onFailure = undefined
    this.large = new LargeValues(keyspace, limits)
    this.stepEntries = limits.stepEntries
    this.side = side
    this.sideTaker = new SideTaker()
    this.sideSink = new ByteSink(this.sideTaker, SIDE_CHUNK_BYTES, false)
    this.sideBytes = 0
    this.cuts = []
    this.byRoot = new Map()
    this.waiting = []
    this.written = 0
    this.cutIndex = 0
    this.selected = undefined
    this.batch = []
    this.isHooked = true
    for (const database of keyspace.databases) if (database.size !== 0) this.cuts.push(new TableCut(this, database))
    keyspace.guard = this
    keyspace.arena.unitGuard = this
    consumer.start()
  }

  /** Goes on until `endUs` or `keysMax` keys; false when all has been written, the end of the output included. */
  run(clock: Clock, endUs: number, keysMax = Infinity): boolean {
    const keysEnd = this.keysDone + keysMax
    while (this.step()) {
      if (clock.monotonicUs() >= endUs || this.keysDone >= keysEnd) return true
    }
    return false
  }

  /** Lets go of everything, finished or not. */
  end(): void {
    if (!this.isHooked) return
    this.isHooked = false
    const { keyspace } = this
    keyspace.guard = undefined
    keyspace.arena.unitGuard = undefined
    for (const cut of this.cuts) cut.release()
    for (; this.written < this.waiting.length; this.written++) this.forget(this.waiting[this.written]!)
    this.side.close()
    keyspace.reclaimer.wake()
  }

  abandon(): void {
    this.fail(new Error('The data set was replaced.'))
  }

  private step(): boolean {
    const cut = this.cuts[this.cutIndex]
    if (cut !== undefined) {
      this.walkTable(cut)
      return true
    }
    const value = this.waiting[this.written]
    if (value !== undefined) {
      this.writeLarge(value)
      return true
    }
    this.end()
    this.consumer.end()
    return false
  }

  // Keys.

  private walkTable(cut: TableCut): void {
    const { batch } = this
    batch.length = 0
    while (batch.length < this.stepEntries) {
      const bucket = cut.nextBucket()
      if (bucket < 0) {
        this.saveEntries(cut)
        cut.release()
        this.cutIndex++
        this.keyspace.reclaimer.wake()
        return
      }
      cut.table.collectBucket(bucket, batch)
    }
    this.saveEntries(cut)
  }

  saveBucket(cut: TableCut, bucket: number): void {
    this.batch.length = 0
    cut.table.collectBucket(bucket, this.batch)
    for (let i = 0; i < this.batch.length; i++) this.copiedBytes += this.blockBytes(this.batch[i]!)
    this.saveEntries(cut)
  }

  /** Of an entry and the block that its cell refers to. */
  private blockBytes(entry: Pointer): number {
    const { arena } = this.keyspace
    const value = this.keyspace.valuePointer(entry, metaOf(arena, entry))
    return arena.usableBytes(entry) + (value === 0 ? 0 : arena.usableBytes(value))
  }

  private saveEntries(cut: TableCut): void {
    const { batch } = this
    if (batch.length === 0) return
    cut.table.fetchAll(batch)
    this.select(cut)
    for (let i = 0; i < batch.length; i++) {
      const entry = batch[i]!
      const units = this.large.unitsOf(entry)
      if (units === 0) {
        this.consumer.key(entry)
        this.keysDone++
      } else this.freeze(cut, entry, units)
    }
  }

  private select(cut: TableCut): void {
    if (this.selected === cut) return
    this.selected = cut
    this.consumer.selectDatabase(cut.databaseIndex, cut.keys, cut.volatileKeys, !cut.isAnnounced)
    cut.isAnnounced = true
  }

  // Large values.

  private freeze(cut: TableCut, entry: Pointer, units: number): void {
    const { keyspace } = this
    const meta = metaOf(keyspace.arena, entry)
    const large: LargeKey = {
      databaseIndex: cut.databaseIndex,
      type: (meta & TYPE_MASK) as Type,
      encoding: encodingOfMeta(meta),
      name: keyspace.copyKey(entry),
      expiryMs: expiryOf(keyspace.arena, entry),
      units,
    }
    const root = unitRoot(keyspace.arena, large.type, large.encoding, cellPointer(keyspace.arena, entry))
    const frozen = this.frozenOf(large, root, this.side.open())
    this.byRoot.set(root, frozen)
    this.waiting.push(frozen)
    this.guarded(() => frozen.begin(entry))
  }

  private frozenOf(large: LargeKey, root: Pointer, side: SideBuffer): FrozenValue {
    const { arena, hashKey0, hashKey1 } = this.keyspace
    if (large.type === Type.string) {
      const packed = this.consumer.packing === undefined ? undefined : this.side.open()
      return new FrozenString(this, large, root, side, packed)
    }
    if (large.encoding === Encoding.quicklist) return new FrozenList(this, large, root, side)
    const dict = new Dict(arena, hashKey0, hashKey1)
    dict.open(root)
    return new FrozenDict(this, large, dict, side)
  }

  private writeLarge(value: FrozenValue): void {
    const cut = this.cutOf(value.large.databaseIndex)
    this.select(cut)
    if (value.step()) return
    this.consumer.endLarge(value.large)
    this.keysDone++
    this.written++
    this.forget(value)
  }

  private cutOf(databaseIndex: number): TableCut {
    return this.cuts.find((cut) => cut.databaseIndex === databaseIndex)!
  }

  private forget(value: FrozenValue): void {
    if (this.byRoot.get(value.root) === value) this.byRoot.delete(value.root)
    value.release()
  }

  turnTo(buffer: SideBuffer): void {
    this.sideTaker.buffer = buffer
    this.consumer.sink = this.sideSink
  }

  turnBack(): void {
    this.sideSink.flush()
    this.copiedBytes += this.sideSink.total - this.sideBytes
    this.sideBytes = this.sideSink.total
    this.consumer.sink = this.sink
  }

  // What others tell.

  keeps(type: Type, encoding: Encoding, value: Pointer): boolean {
    const frozen = this.byRoot.get(unitRoot(this.keyspace.arena, type, encoding, value))
    if (frozen === undefined) return false
    frozen.adopt(encoding, value)
    return true
  }

  holds(block: Pointer): boolean {
    return this.byRoot.has(block)
  }

  overwriting(block: Pointer, from: number, to: number): void {
    const frozen = this.byRoot.get(block)
    if (frozen instanceof FrozenString) this.guarded(() => frozen.overwriting(from, to))
  }

  changing(root: Pointer, unit: number): void {
    const frozen = this.byRoot.get(root)
    if (frozen !== undefined) this.guarded(() => frozen.changing(unit))
  }

  relinking(root: Pointer, node: Pointer): void {
    this.byRoot.get(root)?.relinking(node)
  }

  added(root: Pointer, node: Pointer): void {
    this.byRoot.get(root)?.added(node)
  }

  keepsNode(root: Pointer, node: Pointer): boolean {
    return this.byRoot.get(root)?.keepsNode(node) ?? false
  }

  dissolved(root: Pointer): void {
    const frozen = this.byRoot.get(root)
    if (frozen === undefined) return
    frozen.dissolve()
    // The pointer may be another's soon.
    this.byRoot.delete(root)
  }

  /** Saves something in the midst of a write, which must not see that fail: the walk is over then, and the write goes on. */
  private guarded(save: () => void): void {
    try {
      save()
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    if (this.failure !== undefined) return
    this.failure = error
    this.end()
    this.onFailure?.()
  }
}

/** Hands on to whatever buffer the bytes are for. */
class SideTaker {
  buffer: SideBuffer | undefined

  constructor() {
    this.buffer = undefined
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    return this.buffer!.take(bytes, end)
  }
}
