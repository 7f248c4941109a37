/** Chance for stores: repeatable from a seed, and such that a copy of a store can begin as the original did. */

import { readUint32LE } from '../base/bytes.js'
import type { Random } from '../base/environment.js'

/**
 * xoshiro128** (Blackman and Vigna, 2018): fast, well distributed, and the same for the same seed everywhere. Not fit for
 * secrets; a store without a seed uses the system's generator.
 */
export class SeededRandom implements Random {
  private readonly state: Uint32Array

  constructor(seed: number) {
    this.state = new Uint32Array(4)
    let mixed = Math.trunc(seed) | 0
    for (let i = 0; i < 4; i++) {
      // splitmix32, which turns any seed, also 0, into a state that is not all zeros.
      mixed = (mixed + 0x9e3779b9) | 0
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      this.state[i] = word ^ (word >>> 15)
    }
  }

  next32(): number {
    const s = this.state
    const result = Math.imul(rotate(Math.imul(s[1]!, 5), 7), 9) >>> 0
    const shifted = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= shifted
    s[3] = rotate(s[3]!, 11)
    return result
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.next32() & 255
  }

  /** A generator that goes on from here by itself. */
  fork(): SeededRandom {
    const copy = new SeededRandom(0)
    copy.state.set(this.state)
    return copy
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/**
 * A generator whose first draws are on record. What a store draws while it opens (the key of its hash function, for one)
 * shapes its data; a copy of the data only fits a store that has drawn the same.
 */
export class OpeningRandom implements Random {
  private readonly source: Random
  private readonly record: Uint8Array[]
  /** Draws of the record still to be given again; none for a store that is no copy. */
  private replayed: number
  private isOpening: boolean

  /** @param record  draws of another store's opening, to begin with */
  constructor(source: Random, record: readonly Uint8Array[] = []) {
    this.source = source
    this.record = [...record]
    this.replayed = 0
    this.isOpening = true
  }

  /** The opening is over: what is drawn from now on shapes no data. @returns what was drawn */
  endOpening(): readonly Uint8Array[] {
    this.isOpening = false
    return this.record
  }

  next32(): number {
    if (!this.isOpening) return this.source.next32()
    const bytes = new Uint8Array(4)
    this.draw(bytes)
    return readUint32LE(bytes, 0)
  }

  fill(bytes: Uint8Array): void {
    if (this.isOpening) this.draw(bytes)
    else this.source.fill(bytes)
  }

  private draw(bytes: Uint8Array): void {
    const drawn = this.record[this.replayed]
    if (drawn === undefined) {
      this.source.fill(bytes)
      this.record.push(bytes.slice())
    } else bytes.set(drawn)
    this.replayed++
  }
}
