/**
 * A look-up table for the elements of a listpack, made for a while: where many values are sought in one that does not change
 * meanwhile, building this costs less than walking over the elements each time.
 *
 * Open addressing over pairs of hash and place, at most half full. Equal elements have the same form, integers as integers, so that
 * each value hashes in one way only; a listpack (from outside) that holds the text of an integer as a string is not indexed.
 */

import { Int64, parseInt64 } from '../base/int64.js'
import { parseInteger } from '../base/integer.js'
import { readInt32LE } from '../base/bytes.js'
import {
  count,
  END,
  equalsAt,
  first,
  INTEGER_64,
  integerAt,
  isInteger,
  mayBeInteger,
  next,
  stringLength,
  stringStart,
} from './listpack.js'

const SLOTS_MIN = 32
/** Listpacks of more elements are not indexed. */
const ELEMENTS_MAX = 1 << 14
const GOLDEN = 0x9e3779b1 | 0

export class ListpackIndex {
  private bytes: Uint8Array
  private start: number
  /** Pairs of hash and distance from the start; 0 in the latter marks a free slot. */
  private slots: Int32Array
  private mask: number
  private readonly int64: Int64

  constructor() {
    this.bytes = new Uint8Array(0)
    this.start = 0
    this.slots = new Int32Array(SLOTS_MIN * 2)
    this.mask = SLOTS_MIN - 1
    this.int64 = new Int64(0, 0)
  }

  /** Indexes a listpack; false when it cannot be. */
  build(bytes: Uint8Array, start: number): boolean {
    const elements = count(bytes, start)
    if (elements > ELEMENTS_MAX) return false
    this.clear(elements)
    this.bytes = bytes
    this.start = start
    for (let at = first(start); bytes[at] !== END; at = next(bytes, at)) if (!this.put(bytes, at)) return false
    return true
  }

  /** The place of an element, or -1. */
  find(value: Uint8Array, start: number, end: number): number {
    const { bytes, mask, slots } = this
    const hash = this.hashOf(value, start, end)
    for (let slot = placeOf(hash, mask); slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot] !== hash) continue
      const at = this.start + slots[slot + 1]
      if (equalsAt(bytes, at, value, start, end)) return at
    }
    return -1
  }

  /** The same for a safe integer. */
  findInteger(value: number): number {
    const { bytes, mask, slots } = this
    const hash = Math.imul(value | 0, GOLDEN)
    for (let slot = placeOf(hash, mask); slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot] !== hash) continue
      const at = this.start + slots[slot + 1]
      if (isInteger(bytes, at) && integerAt(bytes, at) === value) return at
    }
    return -1
  }

  private put(bytes: Uint8Array, at: number): boolean {
    const { mask, slots } = this
    let hash: number
    if (isInteger(bytes, at)) {
      hash = Math.imul(bytes[at] === INTEGER_64 ? readInt32LE(bytes, at + 1) : integerAt(bytes, at), GOLDEN)
    } else {
      const start = stringStart(bytes, at)
      const end = start + stringLength(bytes, at)
      if (isNumber(bytes, start, end)) return false
      hash = hashText(bytes, start, end)
    }
    let slot = placeOf(hash, mask)
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask
    slots[slot] = hash
    slots[slot + 1] = at - this.start
    return true
  }

  private clear(elements: number): void {
    let slots = SLOTS_MIN
    while (slots < elements * 2) slots *= 2
    if (this.slots.length < slots * 2) this.slots = new Int32Array(slots * 2)
    else this.slots.fill(0, 0, slots * 2)
    this.mask = slots * 2 - 1
  }

  private hashOf(bytes: Uint8Array, start: number, end: number): number {
    if (end > start && mayBeInteger(bytes[start], end - start)) {
      const value = parseInteger(bytes, start, end)
      if (value - value === 0) return Math.imul(value | 0, GOLDEN)
      if (parseInt64(bytes, start, end, this.int64)) return Math.imul(this.int64.low | 0, GOLDEN)
    }
    return hashText(bytes, start, end)
  }
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return end > start && mayBeInteger(bytes[start], end - start) && !Number.isNaN(parseInteger(bytes, start, end))
}

/** Of a text, which may be long, the length and eight bytes from its ends decide. */
function hashText(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0) return GOLDEN
  let hash = length
  const headEnd = length > 8 ? start + 4 : end
  for (let i = start; i < headEnd; i++) hash = Math.imul(hash, 31) + bytes[i]
  for (let i = length > 8 ? end - 4 : end; i < end; i++) hash = Math.imul(hash, 31) + bytes[i]
  return Math.imul(hash, GOLDEN)
}

/** The slot (an even number) where a hash is looked for first. */
function placeOf(hash: number, mask: number): number {
  return (hash >>> 15) & mask & ~1
}
