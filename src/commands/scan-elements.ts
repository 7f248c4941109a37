/** What SSCAN, HSCAN and ZSCAN share. */

import type { Call } from '../engine/call.js'
import type { Pointer } from '../memory/pointer.js'
import type { Dict } from '../structures/dict.js'

/** Buckets looked at in a call, at most, for each element wanted: a table may be nearly empty. */
const BUCKETS_PER_ELEMENT = 10

/** Appends about `wanted` elements from a scan position on to `into`; returns the next position. */
export function collectElements(dict: Dict, cursor: number, wanted: number, into: Pointer[]): number {
  let next = cursor
  let buckets = wanted * BUCKETS_PER_ELEMENT
  do next = dict.scan(next, into)
  while (next !== 0 && buckets-- > 0 && into.length < wanted)
  return next
}

/** The reply for a key that is missing. */
export function replyEmptyScan(call: Call): void {
  call.reply.array(2)
  call.reply.bulkInteger(0)
  call.reply.emptyArray()
}
