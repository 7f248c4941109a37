/**
 * Frees in slices what was deleted at once: whole databases (FLUSHDB ASYNC) and large values (UNLINK).
 *
 * The reference hands these to a thread; here they wait in a queue that the store's time events work off, a bounded number of
 * blocks a slice, so that no command and no loop turn pays for the size of what it deleted.
 */

import type { Pointer } from '../memory/pointer.js'
import type { Database } from './database.js'
import type { Encoding } from './entry.js'
import { KeyTable } from './key-table.js'
import type { Keyspace, ValueOwner } from './keyspace.js'
import { KeyspaceStat } from './statistics.js'

interface TableJob {
  readonly table: KeyTable
  /** False for a table that only refers to entries of another. */
  readonly ownsEntries: boolean
  readonly isCounted: boolean
  bucket: number
}

interface ValueJob {
  readonly owner: ValueOwner
  readonly encoding: Encoding
  readonly isCounted: boolean
  value: Pointer
}

export class Reclaimer {
  /** Told when there is something to do; who set it calls `runSlice` until that returns false. */
  onWork: (() => void) | undefined
  private readonly keyspace: Keyspace
  private tables: TableJob[]
  private values: ValueJob[]
  private readonly batch: Pointer[]

  constructor(keyspace: Keyspace) {
    this.onWork = undefined
    this.keyspace = keyspace
    this.tables = []
    this.values = []
    this.batch = []
  }

  get hasWork(): boolean {
    return this.values.length !== 0 || this.nextTable() !== undefined
  }

  /** Holds tables that somebody still saves as they were. */
  get isHeld(): boolean {
    return this.tables.some(({ table }) => table.guard !== undefined)
  }

  /** Called when tables that somebody saves as they were may have come free. */
  wake(): void {
    if (this.hasWork) this.onWork?.()
  }

  /** Objects waiting, as INFO's lazyfree_pending_objects counts them. */
  get pendingObjects(): number {
    let pending = this.values.length
    for (const job of this.tables) if (job.ownsEntries) pending += job.table.count
    return pending
  }

  /** Takes over all keys of a database, which is empty afterwards; they count as freed lazily when `isCounted`. */
  addDatabase(database: Database, isCounted: boolean): void {
    this.addTable(database.keys, true, isCounted)
    if (database.volatile.bucketCount !== 0) this.addTable(database.volatile, false, false)
  }

  private addTable(from: KeyTable, ownsEntries: boolean, isCounted: boolean): void {
    const { keyspace } = this
    const table = new KeyTable(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    table.swap(from)
    this.tables.push({ table, ownsEntries, isCounted, bucket: 0 })
    this.onWork?.()
  }

  addValue(owner: ValueOwner, value: Pointer, encoding: Encoding, isCounted: boolean): void {
    this.values.push({ owner, value, encoding, isCounted })
    this.onWork?.()
  }

  /** Frees about `blocksMax` blocks; false when nothing is left. */
  runSlice(blocksMax: number): boolean {
    for (let freed = 0; freed < blocksMax;) {
      const value = this.values[this.values.length - 1]
      const table = this.nextTable()
      if (value !== undefined) {
        this.freeSome(value, blocksMax - freed)
        freed = blocksMax
      } else if (table !== undefined) freed += this.freeBucket(table)
      else return false
    }
    return this.hasWork
  }

  runAll(): void {
    while (this.runSlice(1 << 20)) {
      // Every slice frees at least one block or ends.
    }
  }

  /** Drops the queue without freeing: the arena is being reset. */
  forgetAll(): void {
    this.tables = []
    this.values = []
  }

  /** The last table in the queue, but not one that somebody still saves as it was. */
  private nextTable(): TableJob | undefined {
    for (let i = this.tables.length - 1; i >= 0; i--) {
      if (this.tables[i]!.table.guard === undefined) return this.tables[i]
    }
    return undefined
  }

  /** Goes on with the value at the end of the queue. */
  private freeSome(job: ValueJob, elementsMax: number): void {
    job.value = job.owner.freeSome(job.value, job.encoding, elementsMax)
    if (job.value !== 0) return
    this.values.pop()
    if (job.isCounted) this.keyspace.statistics[KeyspaceStat.lazyFreed]!++
  }

  /** Goes on with a table. Large values join the queue, to be freed in slices of their own. */
  private freeBucket(job: TableJob): number {
    const { batch, keyspace } = this
    batch.length = 0
    job.table.drainBucket(job.bucket++, batch)
    if (job.ownsEntries) {
      for (let i = 0; i < batch.length; i++) keyspace.freeEntry(batch[i]!, true, false)
      if (job.isCounted) keyspace.statistics[KeyspaceStat.lazyFreed]! += batch.length
    }
    if (job.bucket === job.table.bucketCount) {
      job.table.freeBuckets()
      this.tables.splice(this.tables.indexOf(job), 1)
    }
    return batch.length + 1
  }
}
