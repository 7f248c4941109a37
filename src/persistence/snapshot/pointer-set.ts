/** A set of pointers, as bits by stretches of the arena: what lies close together costs a bit each. */

import type { Pointer } from '../../memory/pointer.js'

/** Units of a stretch, as a power of two. */
const STRETCH_SHIFT = 10
const STRETCH_MASK = (1 << STRETCH_SHIFT) - 1

export class PointerSet {
  private readonly stretches: Map<number, Int32Array>

  constructor() {
    this.stretches = new Map()
  }

  add(pointer: Pointer): void {
    const number = pointer >>> STRETCH_SHIFT
    let bits = this.stretches.get(number)
    if (bits === undefined) {
      bits = new Int32Array(1 << (STRETCH_SHIFT - 5))
      this.stretches.set(number, bits)
    }
    const bit = pointer & STRETCH_MASK
    bits[bit >>> 5]! |= 1 << (bit & 31)
  }

  has(pointer: Pointer): boolean {
    const bits = this.stretches.get(pointer >>> STRETCH_SHIFT)
    if (bits === undefined) return false
    const bit = pointer & STRETCH_MASK
    return (bits[bit >>> 5]! & (1 << (bit & 31))) !== 0
  }
}
