/**
 * Distribution of the times that calls of one command took: counts in log-linear buckets, as HdrHistogram keeps them.
 *
 * A time of t nanoseconds falls in the bucket of its 8 leading bits, so every figure read back is true to 1 %.
 */

const SUB_BITS = 7
const SUB_COUNT = 1 << SUB_BITS
/** Times above this many nanoseconds count as this many. */
export const LATENCY_NS_MAX = 1e9
const BUCKETS = (30 - SUB_BITS + 1) * SUB_COUNT + SUB_COUNT

export class LatencyHistogram {
  total: number
  private readonly counts: Float64Array

  constructor() {
    this.total = 0
    this.counts = new Float64Array(BUCKETS)
  }

  record(microseconds: number, calls: number): void {
    let ns = (microseconds * 1000) | 0
    if (microseconds * 1000 >= LATENCY_NS_MAX) ns = LATENCY_NS_MAX
    else if (ns < 1) ns = 1
    this.counts[bucketOf(ns)]! += calls
    this.total += calls
  }

  reset(): void {
    this.total = 0
    this.counts.fill(0)
  }

  /** The time in nanoseconds that `percentile` percent of the calls did not exceed. */
  valueAtPercentile(percentile: number): number {
    const wanted = Math.max(1, Math.min(this.total, Math.floor((percentile / 100) * this.total + 0.5)))
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket]!
      if (seen >= wanted) return highestOf(bucket)
    }
    return 0
  }

  /** Calls that took up to `ns` nanoseconds, to the bucket's precision. */
  countUpTo(ns: number): number {
    const last = bucketOf(Math.min(LATENCY_NS_MAX, Math.max(1, Math.floor(ns))))
    let seen = 0
    for (let bucket = 0; bucket <= last; bucket++) seen += this.counts[bucket]!
    return seen
  }
}

function bucketOf(ns: number): number {
  const bits = 31 - Math.clz32(ns)
  if (bits <= SUB_BITS) return ns
  const shift = bits - SUB_BITS
  return (shift << SUB_BITS) + (ns >>> shift)
}

/** The largest time that falls in a bucket. */
function highestOf(bucket: number): number {
  if (bucket < SUB_COUNT * 2) return bucket
  const shift = (bucket >>> SUB_BITS) - 1
  return ((bucket - (shift << SUB_BITS) + 1) << shift) - 1
}
