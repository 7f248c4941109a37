/** What SRANDMEMBER, HRANDFIELD and ZRANDMEMBER share: their count, and choosing some of many. */

import type { Random } from '../base/environment.js'
import { Int64, parseInt64 } from '../base/int64.js'
import type { Call } from '../engine/call.js'
import { Gate } from '../engine/client.js'
import { ErrorReply } from '../protocol/errors.js'

/** So many times as many as are wanted, and single picks are cheaper than a walk over all. */
const DRAW_RATIO = 3
const INT64_MIN_HIGH = -0x80000000
/** Upper half of 2^62. */
const HALF_RANGE = 0x40000000
const COUNT_LEAST = '-9223372036854775807'
const COUNT_MOST = '9223372036854775807'

const wide = new Int64()

/** A count as an argument: an integer, limited to the safe ones; NaN, with the error replied, when it is none. */
export function sampleCount(call: Call, index: number): number {
  const count = call.integer(index)
  if (count - count === 0 || Number.isNaN(count)) return count
  parseInt64(call.bytes, call.starts[index]!, call.ends[index]!, wide)
  if (wide.high !== INT64_MIN_HIGH || wide.low !== 0)
    return count < 0 ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
  call.fail(ErrorReply.outOfRangeBetween(COUNT_LEAST, COUNT_MOST))
  return NaN
}

/** Whether twice the argument, an integer, is beyond what the reference's counts hold. */
export function isBeyondHalf(call: Call, index: number): boolean {
  parseInt64(call.bytes, call.starts[index]!, call.ends[index]!, wide)
  return wide.high >= HALF_RANGE || wide.high < -HALF_RANGE || (wide.high === -HALF_RANGE && wide.low === 0)
}

/** Whether to pick `wanted` different elements one by one, rather than to walk over all `size`. */
export function drawPlaces(wanted: number, size: number): boolean {
  return wanted * DRAW_RATIO <= size
}

/** True when nobody waits for the rest of a long reply. */
export function isClosing(call: Call): boolean {
  return (call.client.gate & Gate.closing) !== 0 || call.reply.isOverLimit
}

/** Says of each of `size` elements in turn whether it belongs to a sample, all samples being equally likely. */
export class SelectionSample {
  private wanted: number
  private left: number
  private random: Random | undefined

  constructor() {
    this.wanted = 0
    this.left = 0
    this.random = undefined
  }

  begin(wanted: number, size: number, random: Random): void {
    this.wanted = wanted
    this.left = size
    this.random = random
  }

  takes(): boolean {
    const isTaken = this.wanted === this.left || this.random!.next32() % this.left < this.wanted
    this.left--
    if (isTaken) this.wanted--
    return isTaken
  }
}
