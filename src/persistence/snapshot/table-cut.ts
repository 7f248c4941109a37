/**
 * The keys of one database as they were at the cut, by the buckets that the table had then.
 *
 * A bucket that has not been saved holds the same entries as at the cut: before it is changed, divided or joined it is saved. What
 * lies in buckets that came later has been saved, or is new. So a mark a bucket is all that has to be kept.
 */

import type { TableGuard } from '../../keyspace/change-guard.js'
import type { Database } from '../../keyspace/database.js'
import type { KeyTable } from '../../keyspace/key-table.js'
import { MarkSet } from './mark-set.js'

/** Who saves the entries of a bucket that is about to change. */
export interface BucketSaver {
  saveBucket(cut: TableCut, bucket: number): void
}

export class TableCut implements TableGuard {
  readonly databaseIndex: number
  readonly keys: number
  readonly volatileKeys: number
  table: KeyTable
  /** The output has been told how many keys there are. */
  isAnnounced: boolean
  private readonly saver: BucketSaver
  private readonly saved: MarkSet
  private cursor: number

  constructor(saver: BucketSaver, database: Database) {
    this.databaseIndex = database.index
    this.keys = database.size
    this.volatileKeys = database.volatile.count
    this.table = database.keys
    this.isAnnounced = false
    this.saver = saver
    this.saved = new MarkSet(database.keys.bucketCount)
    this.cursor = 0
    this.table.guard = this
  }

  changing(bucket: number): void {
    if (this.saved.add(bucket)) this.saver.saveBucket(this, bucket)
  }

  emptied(): void {
    this.cursor = this.saved.count
  }

  /** The next bucket of the walk, marked as saved; -1 when there is none. */
  nextBucket(): number {
    const bucket = this.saved.firstFree(this.cursor)
    this.cursor = bucket
    if (bucket === this.saved.count) return -1
    this.saved.add(bucket)
    return bucket
  }

  /** The table need not tell any more. */
  release(): void {
    if (this.table.guard === this) this.table.guard = undefined
  }
}
