/**
 * Byte strings packed one behind the other: what SORT orders, without an object for each.
 *
 * Instances are reused; what a large sort needed is let go afterwards.
 */

import { copy } from '../../../base/bytes.js'

const INITIAL_BYTES = 4096
const INITIAL_COUNT = 256
/** Offsets are 32-bit integers. */
const BYTES_MAX = 0x7fffffff
/** Room for so many bytes or texts is kept for the next use. */
const KEPT_BYTES_MAX = 1 << 20
const KEPT_COUNT_MAX = 1 << 16

export class Texts {
  bytes: Uint8Array
  /** Where each text ends; it starts where the one before it ends. */
  ends: Int32Array
  count: number

  constructor() {
    this.bytes = new Uint8Array(INITIAL_BYTES)
    this.ends = new Int32Array(INITIAL_COUNT)
    this.count = 0
  }

  start(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!
  }

  /** Adds a copy of a text; false when there is no room for it. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.start(this.count)
    const to = from + (end - start)
    if (to > this.bytes.length && !this.growBytes(to)) return false
    if (this.count === this.ends.length && !this.growEnds()) return false
    copy(bytes, start, end, this.bytes, from)
    this.ends[this.count++] = to
    return true
  }

  clear(): void {
    this.count = 0
    if (this.bytes.length > KEPT_BYTES_MAX) this.bytes = new Uint8Array(INITIAL_BYTES)
    if (this.ends.length > KEPT_COUNT_MAX) this.ends = new Int32Array(INITIAL_COUNT)
  }

  private growBytes(needed: number): boolean {
    if (needed > BYTES_MAX) return false
    const larger = allocated(() => new Uint8Array(Math.min(BYTES_MAX, Math.max(needed, this.bytes.length * 2))))
    if (larger === undefined) return false
    larger.set(this.bytes.subarray(0, this.start(this.count)))
    this.bytes = larger
    return true
  }

  private growEnds(): boolean {
    const larger = allocated(() => new Int32Array(this.ends.length * 2))
    if (larger === undefined) return false
    larger.set(this.ends)
    this.ends = larger
    return true
  }
}

/** What `allocate` makes, or undefined when memory could not be had. */
export function allocated<Made>(allocate: () => Made): Made | undefined {
  try {
    return allocate()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * Compares two texts.
 *
 * @param endsAtNul  as C compares strings: what follows a NUL does not count
 * @returns below 0, 0 or above 0
 */
export function compareTexts(texts: Texts, first: number, second: number, endsAtNul: boolean): number {
  const { bytes, ends } = texts
  let a = texts.start(first)
  let b = texts.start(second)
  const aEnd = ends[first]!
  const bEnd = ends[second]!
  const shorter = aEnd - a < bEnd - b ? aEnd - a : bEnd - b
  for (const stop = a + shorter; a < stop; a++, b++) {
    const difference = bytes[a]! - bytes[b]!
    if (difference !== 0) return difference
    if (endsAtNul && bytes[a] === 0) return 0
  }
  if (!endsAtNul) return aEnd - a - (bEnd - b)
  return (a < aEnd ? bytes[a]! : 0) - (b < bEnd ? bytes[b]! : 0)
}

const PREFIX_BYTES = 6

/** A number that orders texts by their first bytes: where two are equal, `compareTexts` has to decide. */
export function textPrefix(texts: Texts, index: number, endsAtNul: boolean): number {
  const { bytes } = texts
  const end = texts.ends[index]!
  let at = texts.start(index)
  let prefix = 0
  for (let i = 0; i < PREFIX_BYTES; i++) {
    if (at < end && endsAtNul && bytes[at] === 0) at = end
    prefix = prefix * 256 + (at < end ? bytes[at++]! : 0)
  }
  return prefix
}
