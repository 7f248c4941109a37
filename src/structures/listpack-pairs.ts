/**
 * Changes of listpacks that hold pairs, as hashes and sorted sets do: both elements of a pair at once, so that what lies behind them
 * moves once. As in listpack-edit.ts, a function returns the block, which may have moved, or 0 when memory could not be had, and
 * then nothing has changed.
 */

import { copy } from '../base/bytes.js'
import type { Arena } from '../memory/arena.js'
import { OFFSET_MASK, type Pointer, SEGMENT_SHIFT } from '../memory/pointer.js'
import { moveWithin, Plan, splice } from './listpack-edit.js'
import { headerCount, next, setHeaderCount, setTotalBytes, totalBytes, UNCOUNTED } from './listpack.js'

/** The second element of a pair: an integer, or bytes. Reused. */
export class PairValue {
  isInteger: boolean
  /** A safe integer. */
  integer: number
  readonly bytes: Uint8Array
  /** Where the bytes, which begin at 0, end. */
  end: number

  constructor(bytesMax: number) {
    this.isInteger = false
    this.integer = 0
    this.bytes = new Uint8Array(bytesMax)
    this.end = 0
  }
}

const firstPlan = new Plan()
const secondPlan = new Plan()
const aside = new Uint8Array(256)

/** Puts a pair in front of the entry at `at`, or last where that is the end mark. */
export function insertPair(
  arena: Arena, listpack: Pointer, at: number, bytes: Uint8Array, start: number, end: number, value: PairValue,
): Pointer {
  firstPlan.forBytes(bytes, start, end)
  planValue(value)
  const firstBytes = firstPlan.entryBytes
  const target = splice(arena, listpack, at, 0, firstBytes + secondPlan.entryBytes)
  if (target === 0) return 0
  const into = arena.u8[target >>> SEGMENT_SHIFT]
  const base = (target & OFFSET_MASK) << 3
  const place = at - ((listpack & OFFSET_MASK) << 3) + base
  firstPlan.write(into, place, bytes, start, end)
  secondPlan.write(into, place + firstBytes, value.bytes, 0, value.end)
  const counted = headerCount(into, base)
  if (counted !== UNCOUNTED) setHeaderCount(into, base, counted + 2)
  return target
} // prettier-ignore

/** Moves the pair at `at` to in front of the entry at `to`, or last where that is the end mark, with another value. */
export function movePair(arena: Arena, listpack: Pointer, at: number, to: number, value: PairValue): Pointer {
  planValue(value)
  let bytes = arena.u8[listpack >>> SEGMENT_SHIFT]
  let base = (listpack & OFFSET_MASK) << 3
  const valueAt = next(bytes, at)
  const firstBytes = valueAt - at
  const removed = next(bytes, valueAt) - at
  const added = firstBytes + secondPlan.entryBytes
  const total = totalBytes(bytes, base)
  let target = listpack
  if (total + added - removed > arena.usableBytes(listpack)) {
    target = arena.reallocate(listpack, total + added - removed)
    if (target === 0) return 0
    bytes = arena.u8[target >>> SEGMENT_SHIFT]
    at += ((target & OFFSET_MASK) << 3) - base
    to += ((target & OFFSET_MASK) << 3) - base
    base = (target & OFFSET_MASK) << 3
  }
  const held = firstBytes <= aside.length ? aside : new Uint8Array(firstBytes)
  copy(bytes, at, at + firstBytes, held, 0)
  const place = moveGap(bytes, at, at + removed, to, base + total, added)
  copy(held, 0, firstBytes, bytes, place)
  secondPlan.write(bytes, place + firstBytes, value.bytes, 0, value.end)
  setTotalBytes(bytes, base, total + added - removed)
  return target
}

/**
 * Closes the gap from `gap` to `gapEnd` and opens one of `added` bytes at `to`, which is not within; what is used ends at `end`.
 *
 * @returns where the new gap begins
 */
function moveGap(bytes: Uint8Array, gap: number, gapEnd: number, to: number, end: number, added: number): number {
  const growth = added - (gapEnd - gap)
  if (to > gap) {
    moveWithin(bytes, gapEnd, to, gap)
    if (growth !== 0) moveWithin(bytes, to, end, to + growth)
    return gap + (to - gapEnd)
  }
  if (growth > 0) moveWithin(bytes, gapEnd, end, gapEnd + growth)
  moveWithin(bytes, to, gap, to + added)
  if (growth < 0) moveWithin(bytes, gapEnd, end, gapEnd + growth)
  return to
}

function planValue(value: PairValue): void {
  if (value.isInteger) secondPlan.forInteger(value.integer)
  else secondPlan.forBytes(value.bytes, 0, value.end)
}
