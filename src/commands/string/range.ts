/** Ranges given by a first and a last index, from the end when negative: GETRANGE, SUBSTR, BITCOUNT, BITPOS. */

import { compare, Int64 } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'

const first = new Int64()
const last = new Int64()

/**
 * Whether a range lies the wrong way round before its end and is empty for that reason, whatever the length.
 *
 * @param firstIndex  the argument of `start`; that of `stop` follows. Both have been found to be integers.
 */
export function isReversed(call: Call, firstIndex: number, start: number, stop: number): boolean {
  if (start >= 0 || stop >= 0) return false
  if (start !== -Infinity || stop !== -Infinity) return start > stop
  if (!call.int64(firstIndex, first) || !call.int64(firstIndex + 1, last)) return false
  return compare(first, last) > 0
}

/** Where a range begins: counted from the front, at least 0. */
export function startIn(length: number, start: number): number {
  return start < 0 ? Math.max(0, length + start) : start
}

/** Where a range ends, inclusive: counted from the front, below `length`, so -1 when that is 0. */
export function stopIn(length: number, stop: number): number {
  return Math.min(length - 1, stop < 0 ? Math.max(0, length + stop) : stop)
}
