/**
 * The active expiry cycle: finds keys whose time has passed although nobody asks for them, and deletes them.
 *
 * It takes samples from the tables of volatile keys alone, one database after the other, and stays with a database as long as
 * more of a sample had expired than is acceptable; so the effort follows the need, and keys without an expiry time cost
 * nothing. Samples follow one another in the order of the table's scan, which visits every key in turn.
 *
 * The rules and figures are those of the reference, with one difference: there a cycle may take a quarter of the time between
 * two, 25 ms at hz 10. Here it stops after one slice at most, and while that was not enough the next slice follows after a
 * pause instead of with the next cycle.
 */

import type { Clock } from '../base/environment.js'
import type { Pointer } from '../memory/pointer.js'
import type { Database } from './database.js'
import { expiryOf } from './entry.js'
import type { Keyspace } from './keyspace.js'
import { KeyspaceStat } from './statistics.js'

const DATABASES_PER_CYCLE = 16
const SAMPLE_KEYS = 20
const SAMPLE_KEYS_PER_EFFORT = 5
/** Buckets looked at for each key of a sample, at most. */
const BUCKETS_PER_KEY = 20
/** Percent of a sample that may have expired without another being taken at once. */
const ACCEPTABLE_STALE_PERCENT = 10
/** Share of the time, in percent, that slices take while there is more to do than fits into one. */
const BUSY_PERCENT = 50
const BUSY_PERCENT_PER_EFFORT = 4
/** Weight of the latest cycle in the estimate of stale keys. */
const STALE_WEIGHT = 0.05
/** Weight of the latest sample in a database's average time to live: one in so many. */
const TTL_WEIGHT = 50

export class ExpireCycle {
  /** How hard to look, from 1 to 10: active-expire-effort. */
  effort: number
  private readonly keyspace: Keyspace
  private readonly clock: Clock
  private nextDatabase: number
  /** The last slice ended before its work. */
  private isBehind: boolean
  private readonly bucket: Pointer[]
  private sampled: number
  private expired: number

  constructor(keyspace: Keyspace, clock: Clock) {
    this.effort = 1
    this.keyspace = keyspace
    this.clock = clock
    this.nextDatabase = 0
    this.isBehind = false
    this.bucket = []
    this.sampled = 0
    this.expired = 0
  }

  /** Ms to wait after a slice that was not enough. */
  pauseMs(sliceUs: number): number {
    const percent = BUSY_PERCENT + BUSY_PERCENT_PER_EFFORT * (this.effort - 1)
    return (sliceUs * (100 / percent - 1)) / 1000
  }

  /**
   * Works for `sliceUs` microseconds at most, by the keyspace's time of day.
   *
   * @returns true when that was not enough
   */
  runSlice(sliceUs: number): boolean {
    const { keyspace } = this
    if (!keyspace.expiresActively || !keyspace.deletesExpired || keyspace.isLoading) return false
    const startUs = this.clock.monotonicUs()
    const visits = this.isBehind ? keyspace.databases.length : Math.min(DATABASES_PER_CYCLE, keyspace.databases.length)
    this.isBehind = false
    this.sampled = 0
    this.expired = 0
    // The database in which time runs out is left for the next, so that one with much to do does not hold up the others.
    for (let visit = 0; visit < visits && !this.isBehind; visit++) {
      const database = keyspace.databases[this.nextDatabase % keyspace.databases.length]!
      this.nextDatabase = (this.nextDatabase + 1) % keyspace.databases.length
      this.isBehind = this.visit(database, startUs + sliceUs)
    }
    this.account(startUs)
    return this.isBehind
  }

  /** Takes samples of a database while enough of them has expired; returns true when time ran out over it. */
  private visit(database: Database, endUs: number): boolean {
    const acceptable = ACCEPTABLE_STALE_PERCENT - (this.effort - 1)
    for (;;) {
      if (database.volatile.count === 0) {
        database.averageTtlMs = 0
        return false
      }
      const sampledBefore = this.sampled
      const expiredBefore = this.expired
      this.sample(database)
      const sampled = this.sampled - sampledBefore
      const isFresh = sampled !== 0 && Math.floor(((this.expired - expiredBefore) * 100) / sampled) <= acceptable
      if (isFresh) return false
      if (this.clock.monotonicUs() >= endUs) return true
    }
  }

  private sample(database: Database): void {
    const { bucket, keyspace } = this
    const { volatile } = database
    const { nowMs } = keyspace
    const wanted = Math.min(volatile.count, SAMPLE_KEYS + SAMPLE_KEYS_PER_EFFORT * (this.effort - 1))
    let sampled = 0
    let ttlSum = 0
    let ttlSamples = 0
    for (let buckets = 0; sampled < wanted && buckets < wanted * BUCKETS_PER_KEY; buckets++) {
      bucket.length = 0
      database.expiryCursor = volatile.scan(database.expiryCursor, bucket)
      for (let i = 0; i < bucket.length; i++) {
        const ttl = expiryOf(keyspace.arena, bucket[i]!) - nowMs
        if (ttl < 0) {
          database.expire(bucket[i]!)
          this.expired++
        } else if (ttl > 0) {
          ttlSum += ttl
          ttlSamples++
        }
      }
      sampled += bucket.length
    }
    this.sampled += sampled
    if (ttlSamples > 0) noteTtl(database, Math.floor(ttlSum / ttlSamples))
  }

  private account(startUs: number): void {
    const { statistics } = this.keyspace
    if (this.isBehind) statistics[KeyspaceStat.expiredTimeCapReached]!++
    statistics[KeyspaceStat.expireCycleCpuMs]! += (this.clock.monotonicUs() - startUs) / 1000
    const percent = this.sampled === 0 ? 0 : (this.expired * 100) / this.sampled
    const before = statistics[KeyspaceStat.expiredStalePercent]!
    statistics[KeyspaceStat.expiredStalePercent] = percent * STALE_WEIGHT + before * (1 - STALE_WEIGHT)
  }
}

/** Moves the running average in whole ms, rounded down as the reference's is. */
function noteTtl(database: Database, ttlMs: number): void {
  const before = database.averageTtlMs === 0 ? ttlMs : database.averageTtlMs
  database.averageTtlMs = Math.floor(before / TTL_WEIGHT) * (TTL_WEIGHT - 1) + Math.floor(ttlMs / TTL_WEIGHT)
}
