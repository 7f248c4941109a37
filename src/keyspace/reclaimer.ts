/**
 * Frees in slices what was deleted at once: whole databases (FLUSHDB ASYNC) and large values (UNLINK).
 *
 * The reference hands these to a thread; here they wait in a queue that the store's time events work off, a bounded number of
 * blocks a slice, so that no command and no loop turn pays for the size of what it deleted.
 */

import type { Pointer } from '../memory/pointer.js'
import type { Database } from './database.js'
import { KeyTable } from './key-table.js'
import type { Keyspace, ValueOwner } from './keyspace.js'
import { KeyspaceStat } from './statistics.js'

interface TableJob {
  readonly table: KeyTable
  /** False for a table that only refers to entries of another. */
  readonly ownsEntries: boolean
  bucket: number
}

interface ValueJob {
  readonly owner: ValueOwner
  readonly value: Pointer
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
    return this.tables.length !== 0 || this.values.length !== 0
  }

  /** Objects waiting, as INFO's lazyfree_pending_objects counts them. */
  get pendingObjects(): number {
    let pending = this.values.length
    for (const job of this.tables) if (job.ownsEntries) pending += job.table.count
    return pending
  }

  /** Takes over all keys of a database, which is empty afterwards. */
  addDatabase(database: Database): void {
    this.addTable(database.keys, true)
    if (database.volatile.count !== 0) this.addTable(database.volatile, false)
  }

  private addTable(from: KeyTable, ownsEntries: boolean): void {
    const { keyspace } = this
    const table = new KeyTable(keyspace.arena, keyspace.hashKey0, keyspace.hashKey1)
    table.swap(from)
    this.tables.push({ table, ownsEntries, bucket: 0 })
    this.onWork?.()
  }

  addValue(owner: ValueOwner, value: Pointer): void {
    this.values.push({ owner, value })
    this.onWork?.()
  }

  /** Frees about `blocksMax` blocks; false when nothing is left. */
  runSlice(blocksMax: number): boolean {
    for (let freed = 0; freed < blocksMax; ) {
      const value = this.values.pop()
      if (value !== undefined) {
        freed += value.owner.effort(value.value)
        value.owner.free(value.value)
        this.keyspace.statistics[KeyspaceStat.lazyFreed]!++
        continue
      }
      const job = this.tables[this.tables.length - 1]
      if (job === undefined) return false
      freed += this.freeBucket(job)
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

  private freeBucket(job: TableJob): number {
    const { batch, keyspace } = this
    batch.length = 0
    if (job.bucket < job.table.bucketCount) job.table.drainBucket(job.bucket++, batch)
    if (job.ownsEntries) {
      for (const entry of batch) keyspace.freeEntry(entry, false)
      keyspace.statistics[KeyspaceStat.lazyFreed]! += batch.length
    }
    if (job.bucket >= job.table.bucketCount) {
      job.table.freeBuckets()
      this.tables.splice(this.tables.indexOf(job), 1)
    }
    return batch.length + 1
  }
}
