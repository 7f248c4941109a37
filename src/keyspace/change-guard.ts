/**
 * Who has to see keys as they are before they change: a snapshot under way. There is one at a time; without one, a test of a
 * field on the way of each change is all that this costs.
 */

import type { Pointer } from '../memory/pointer.js'
import type { Encoding, Type } from './entry.js'
import type { KeyTable } from './key-table.js'

/** Watches the entries of one table. Where they go as a whole (SWAPDB, FLUSHDB), it goes along. */
export interface TableGuard {
  /** Where the entries are; kept right by the tables. */
  table: KeyTable
  /** Entries of a bucket are about to change, or some to come or go. */
  changing(bucket: number): void
  /** All entries are gone, and the buckets as well. */
  emptied(): void
}

/** Watches values that are saved in parts. */
export interface ValueGuard {
  /** A value that no entry holds any more is about to be freed. True when it is the guard's now, to be freed later. */
  keeps(type: Type, encoding: Encoding, value: Pointer): boolean
  /** Bytes `from` to `to` of a string in a block of its own are about to be overwritten where they are. */
  overwriting(block: Pointer, from: number, to: number): void
  /** Whether a string's block is one of those values: it must not be moved, but handed over with `keeps`. */
  holds(block: Pointer): boolean
  /** All data is about to be replaced by other: the guard lets go of everything. */
  abandon(): void
}
