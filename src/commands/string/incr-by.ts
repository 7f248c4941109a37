/** What INCR, DECR, INCRBY and DECRBY share. */

import { add, fromNumber, Int64, isSafe, parseInt64, toNumber } from '../../base/int64.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { KEEP_EXPIRY } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import {
  isInteger,
  overwriteInteger,
  readInteger,
  readSafeInteger,
  setInteger,
  viewString,
} from '../../keyspace/types/string.js'
import { ErrorReply } from '../../protocol/errors.js'

const TWO_32 = 0x100000000
const old = new Int64()
const sum = new Int64()
const view = new Slice()
const scratch = new Uint8Array(24)

/** Adds a safe integer to the value of the key at argument 1, and replies with the sum. */
export function incrementBy(call: Call, delta: number): void {
  const entry = call.findWrite(1)
  if (entry !== 0) {
    if (!call.hasType(entry, Type.string)) return
    if (isInteger(call.arena, entry)) {
      const value = readSafeInteger(call.arena, entry) + delta
      if (Number.isSafeInteger(value)) return overwrite(call, entry, value)
    }
  }
  incrementByInt64(call, entry, fromNumber(delta, sum))
}

/** The same for any 64-bit delta; `entry` is what `findWrite(1)` gave, a string or 0. */
export function incrementByInt64(call: Call, entry: number, delta: Int64): void {
  if (entry === 0) fromNumber(0, old)
  else if (isInteger(call.arena, entry)) readInteger(call.arena, entry, old)
  else {
    viewString(call.arena, entry, view, scratch)
    if (!parseInt64(view.bytes, view.start, view.end, old)) return call.fail(ErrorReply.notAnInteger)
  }
  if (!add(old, delta, sum)) return call.fail(ErrorReply.incrementOverflow)
  const { bytes, starts, ends } = call
  const stored = setInteger(call.database, entry, bytes, starts[1]!, ends[1]!, sum, KEEP_EXPIRY)
  if (stored === 0) return call.fail(ErrorReply.outOfMemory)
  call.changed(1, 'incrby')
  if (isSafe(sum)) call.reply.integer(toNumber(sum))
  else call.reply.int64(sum.high, sum.low)
}

function overwrite(call: Call, entry: number, value: number): void {
  const high = Math.floor(value / TWO_32)
  overwriteInteger(call.database, entry, call.bytes, call.starts[1]!, call.ends[1]!, high, value >>> 0)
  call.changed(1, 'incrby')
  call.reply.integer(value)
}
