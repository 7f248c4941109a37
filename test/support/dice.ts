/** Choices drawn from a seed: the same seed gives the same choices, on every machine. */

import { SeededRandom } from './test-store.js'

export class Dice {
  private readonly random: SeededRandom

  constructor(seed: number) {
    this.random = new SeededRandom(seed | 0)
  }

  /** An integer of 0 … count − 1. */
  below(count: number): number {
    return this.random.next32() % count
  }

  /** An integer of first … last. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1)
  }

  /** True with a probability of 0 … 1. */
  chance(probability: number): boolean {
    return this.random.next32() < probability * 0x1_0000_0000
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  /** Picks by weight. */
  weighted<T>(list: readonly (readonly [weight: number, item: T])[]): T {
    let at = this.below(list.reduce((total, [weight]) => total + weight, 0))
    for (const [weight, item] of list) {
      at -= weight
      if (at < 0) return item
    }
    return list[0]![1]
  }

  shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const kept = list[i]!
      list[i] = list[j]!
      list[j] = kept
    }
    return list
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  /** A seed for dice of its own. */
  fork(): number {
    return this.random.next32()
  }
}
