/** What TTL, PTTL, EXPIRETIME and PEXPIRETIME share. */

import { Int64 } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { expiryOf } from '../../keyspace/entry.js'
import { momentPart } from './expiry-time.js'
import { findUntouched } from './lookup.js'

const MISSING = -2
const ENDLESS = -1

/** Replies with the expiry time of the key at argument 1, in seconds or ms, as time left or since 1970. */
export function replyExpiry(call: Call, inSeconds: boolean, isRelative: boolean): void {
  const entry = findUntouched(call, 1)
  if (entry === 0) return call.reply.integer(MISSING)
  const expiryMs = expiryOf(call.arena, entry)
  if (expiryMs < 0) return call.reply.integer(ENDLESS)
  const time = isRelative ? Math.max(0, expiryMs - call.nowMs) : expiryMs
  // Seconds are rounded to the nearest, so that a key just set to live for 100 seconds still says 100.
  const shown = momentPart(inSeconds ? Math.floor((time + 500) / 1000) : time)
  if (shown instanceof Int64) call.reply.int64(shown.high, shown.low)
  else call.reply.integer(shown)
}
