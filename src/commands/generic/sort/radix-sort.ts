/**
 * Orders doubles by their bits, least significant digit first: linear, stable, and without a comparison.
 *
 * The bits of a double order like an unsigned integer once the sign bit is turned around, and all bits of the negative ones.
 * Digits that are the same everywhere cost nothing but their count: of integers that is the lower half.
 */

/** Digits of 11 bits: three in each half of a double. */
const DIGIT_BITS = 11
const DIGITS = 6
const DIGITS_PER_HALF = 3
const BUCKETS = 1 << DIGIT_BITS
const DIGIT_MASK = BUCKETS - 1

export class RadixSort {
  private lows: Uint32Array
  private highs: Uint32Array
  private order: Int32Array
  private nextLows: Uint32Array
  private nextHighs: Uint32Array
  private nextOrder: Int32Array
  private readonly counts: Int32Array

  /** Takes 24 bytes for each double; RangeError without memory. */
  constructor(count: number) {
    this.lows = new Uint32Array(count)
    this.highs = new Uint32Array(count)
    this.order = new Int32Array(count)
    this.nextLows = new Uint32Array(count)
    this.nextHighs = new Uint32Array(count)
    this.nextOrder = new Int32Array(count)
    this.counts = new Int32Array(DIGITS * BUCKETS)
  }

  /** Puts the indexes of `keys` in order into `into`. No key is NaN; -0 and 0 are the same. */
  run(keys: Float64Array, count: number, into: Int32Array): void {
    this.load(keys, count)
    for (let digit = 0; digit < DIGITS; digit++) if (!this.isUniform(digit, count)) this.distribute(digit, count)
    into.set(this.order)
  }

  private load(keys: Float64Array, count: number): void {
    const { highs, lows, order } = this
    for (let i = 0; i < count; i++) {
      // Adding 0 makes 0 of -0.
      scratch[0] = keys[i]! + 0
      const high = halves[HIGH]!
      const flip = high >>> 31 === 1 ? 0xffffffff : 0
      lows[i] = halves[1 - HIGH]! ^ flip
      highs[i] = high ^ flip ^ (flip === 0 ? 0x80000000 : 0)
      order[i] = i
      this.count(lows[i]!, highs[i]!)
    }
  }

  private count(low: number, high: number): void {
    const { counts } = this
    for (let digit = 0; digit < DIGITS_PER_HALF; digit++) {
      counts[digit * BUCKETS + ((low >>> (digit * DIGIT_BITS)) & DIGIT_MASK)]!++
      counts[(digit + DIGITS_PER_HALF) * BUCKETS + ((high >>> (digit * DIGIT_BITS)) & DIGIT_MASK)]!++
    }
  }

  /** Whether all doubles have the same digit there. */
  private isUniform(digit: number, count: number): boolean {
    const half = digit < DIGITS_PER_HALF ? this.lows : this.highs
    const first = (half[0]! >>> ((digit % DIGITS_PER_HALF) * DIGIT_BITS)) & DIGIT_MASK
    return this.counts[digit * BUCKETS + first] === count
  }

  private distribute(digit: number, count: number): void {
    const { highs, lows, nextHighs, nextLows, nextOrder, order } = this
    const starts = this.counts.subarray(digit * BUCKETS, (digit + 1) * BUCKETS)
    for (let bucket = 0, start = 0; bucket < BUCKETS; bucket++) {
      const size = starts[bucket]!
      starts[bucket] = start
      start += size
    }
    const half = digit < DIGITS_PER_HALF ? lows : highs
    const shift = (digit % DIGITS_PER_HALF) * DIGIT_BITS
    for (let i = 0; i < count; i++) {
      const at = starts[(half[i]! >>> shift) & DIGIT_MASK]!++
      nextLows[at] = lows[i]!
      nextHighs[at] = highs[i]!
      nextOrder[at] = order[i]!
    }
    this.lows = nextLows
    this.highs = nextHighs
    this.order = nextOrder
    this.nextLows = lows
    this.nextHighs = highs
    this.nextOrder = order
  }
}

const scratch = new Float64Array(1)
const halves = new Uint32Array(scratch.buffer)
/** Which of the halves is the upper one; the machine decides. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0
