/**
 * Events a second over the last moments, INFO's `instantaneous_*`: the mean of 16 samples, one taken about every 100 ms.
 */

const SAMPLES = 16

/** Reads a counter that grows. */
export type Counter = () => number

export class RateSampler {
  private readonly rates: Map<string, Rate>

  constructor() {
    this.rates = new Map()
  }

  /** A growing count, of which the rate a second is wanted. */
  addCounter(name: string, value: Counter): void {
    this.rates.set(name, new Rate(value, undefined))
  }

  /** Two growing counts; the rate is the growth of the first for one of the second. */
  addRatio(name: string, value: Counter, base: Counter): void {
    this.rates.set(name, new Rate(value, base))
  }

  /** Takes one sample of everything. */
  sample(monotonicUs: number): void {
    for (const rate of this.rates.values()) rate.sample(monotonicUs)
  }

  /** Rounded down, as the reference has whole figures. */
  rate(name: string): number {
    return Math.floor(this.rates.get(name)?.mean() ?? 0)
  }

  /** Forgets what was sampled; CONFIG RESETSTAT. */
  reset(): void {
    for (const rate of this.rates.values()) rate.reset()
  }
}

class Rate {
  private readonly value: Counter
  private readonly base: Counter | undefined
  private readonly samples: Float64Array
  private next: number
  private lastValue: number
  private lastBase: number

  constructor(value: Counter, base: Counter | undefined) {
    this.value = value
    this.base = base
    this.samples = new Float64Array(SAMPLES)
    this.next = 0
    this.lastValue = 0
    this.lastBase = 0
  }

  sample(monotonicUs: number): void {
    const value = this.value()
    const base = this.base === undefined ? monotonicUs / 1e6 : this.base()
    if (this.lastBase > 0) {
      const grown = Math.max(0, value - this.lastValue)
      const elapsed = base - this.lastBase
      this.samples[this.next] = elapsed > 0 ? grown / elapsed : 0
      this.next = (this.next + 1) % SAMPLES
    }
    this.lastValue = value
    this.lastBase = base
  }

  mean(): number {
    let total = 0
    for (const sample of this.samples) total += sample
    return total / SAMPLES
  }

  reset(): void {
    this.samples.fill(0)
    this.next = 0
    this.lastBase = 0
    this.lastValue = 0
  }
}
