/** Counters that the keyspace keeps, by index into `Keyspace.statistics` (a Float64Array: counting allocates nothing). */
export const KeyspaceStat = {
  hits: 0,
  misses: 1,
  expired: 2,
  expiredTimeCapReached: 3,
  /** Share of keys past their time among those sampled, in percent; a running average. */
  expiredStalePercent: 4,
  expireCycleCpuMs: 5,
  lazyFreed: 6,
  /** Fields of hashes whose time had passed and that were dropped. */
  expiredFields: 7,
  count: 8,
} as const
