/**
 * Active expiry of the fields of hashes: drops what falls due although nobody comes across it.
 *
 * Each database keeps its hashes with timed fields in a heap, and each of these its fields, so that what is due is at hand and
 * nothing else is looked at. The databases take turns; the work stops when its slice of time is over.
 */

import type { Clock } from '../base/environment.js'
import type { Keyspace } from './keyspace.js'

/** Fields dropped between two looks at the clock, and in one effect. */
const FIELDS_PER_BATCH = 64

export class FieldExpireCycle {
  private readonly keyspace: Keyspace
  private readonly clock: Clock
  private nextDatabase: number

  constructor(keyspace: Keyspace, clock: Clock) {
    this.keyspace = keyspace
    this.clock = clock
    this.nextDatabase = 0
  }

  /**
   * Works for `sliceUs` microseconds at most, by the keyspace's time of day.
   *
   * @returns true when that was not enough
   */
  runSlice(sliceUs: number): boolean {
    const { keyspace } = this
    if (!keyspace.expiresActively || !keyspace.deletesExpired || keyspace.isLoading) return false
    const { databases } = keyspace
    const endUs = this.clock.monotonicUs() + sliceUs
    // A database without anything due ends its turn; when all have in a row, the work is done.
    for (let idle = 0; idle < databases.length;) {
      const database = databases[this.nextDatabase % databases.length]!
      const entry = database.timed.dueBefore(keyspace.nowMs)
      if (entry === 0) {
        idle++
        this.nextDatabase = (this.nextDatabase + 1) % databases.length
        continue
      }
      idle = 0
      keyspace.hashes.expireFields(database, entry, FIELDS_PER_BATCH)
      if (this.clock.monotonicUs() >= endUs) return true
    }
    return false
  }
}
