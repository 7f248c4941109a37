/** The time-out argument of blocking commands. */

import { longDoubleToNumber, parseLongDouble } from '../base/long-double.js'
import { ErrorReply } from '../protocol/errors.js'
import type { Call } from './call.js'

/** Times from here on are no 64-bit integers of milliseconds. */
const TIME_MS_MAX = 2 ** 63

/**
 * Reads a time-out in seconds, with fractions.
 *
 * @returns when it ends, in ms since 1970; 0 for never; NaN when an error has been replied
 */
export function deadlineFromSeconds(call: Call, index: number): number {
  const seconds = readSeconds(call, index)
  if (Number.isNaN(seconds)) return refuse(call, ErrorReply.timeoutNotAFloat)
  const ms = seconds * 1000
  if (ms > TIME_MS_MAX) return refuse(call, ErrorReply.timeoutOutOfRange)
  return deadlineAfter(call, Math.ceil(ms))
}

/** The same for a time-out in milliseconds, a whole number. */
export function deadlineFromMs(call: Call, index: number): number {
  const ms = call.parseInteger(index)
  if (Number.isNaN(ms)) return refuse(call, ErrorReply.timeoutNotAnInteger)
  return deadlineAfter(call, ms)
}

/** A number beyond the range of a double is still one to the reference, which reads a long double: it waits too long, or hardly. */
function readSeconds(call: Call, index: number): number {
  const seconds = call.float(index)
  if (!Number.isNaN(seconds)) return seconds
  const wide = parseLongDouble(call.bytes, call.starts[index]!, call.ends[index]!)
  if (wide === undefined) return NaN
  return longDoubleToNumber(wide) || (wide.isNegative ? 0 : Number.MIN_VALUE)
}

function deadlineAfter(call: Call, ms: number): number {
  if (ms < 0) return refuse(call, ErrorReply.timeoutNegative)
  if (ms === 0) return 0
  if (ms > TIME_MS_MAX - call.nowMs || ms === Infinity) return refuse(call, ErrorReply.timeoutOutOfRange)
  return call.nowMs + ms
}

function refuse(call: Call, error: ErrorReply): number {
  call.fail(error)
  return NaN
}
