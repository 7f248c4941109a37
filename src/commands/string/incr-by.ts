/**
 * What INCR, DECR, INCRBY and DECRBY share: addition in 64 bits. In the usual case value, delta and sum are safe integers and
 * the value is changed where it lies.
 */

import { add, fromNumber, Int64, isSafe, negate, parseInt64, toNumber } from '../../base/int64.js'
import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { KEEP_EXPIRY } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import {
  addInt32,
  isInteger,
  overwriteInteger,
  readInteger,
  readSafeInteger,
  setInteger,
  smallInteger,
  viewString,
} from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

const TWO_32 = 0x100000000
const old = new Int64()
const change = new Int64()
const sum = new Int64()
const view = new Slice()
const digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX)

/** Adds a safe integer to the value of the key at argument 1, and replies with the sum. */
export function incrementBy(call: Call, delta: number): void {
  const entry = call.findWrite(1)
  if (entry !== 0) {
    if (addInt32(call.database, entry, call.bytes, call.starts[1]!, call.ends[1]!, delta)) {
      call.changed(1, 'incrby')
      return call.reply.integer(smallInteger(call.arena, entry))
    }
    if (!call.hasType(entry, Type.string)) return
    if (isInteger(call.arena, entry)) {
      const value = readSafeInteger(call.arena, entry) + delta
      if (Number.isSafeInteger(value)) return overwrite(call, entry, value)
    }
  }
  addInt64(call, entry, fromNumber(delta, change))
}

/** Adds argument 2, or its negative, to the value of the key at argument 1, and replies with the sum. */
export function incrementByArgument(call: Call, isNegated: boolean): void {
  const delta = call.integer(2)
  if (Number.isNaN(delta)) return
  if (Number.isSafeInteger(delta)) return incrementBy(call, isNegated ? -delta : delta)
  if (!call.int64(2, change)) return
  if (isNegated && !negate(change, change)) return call.fail(ErrorReply.decrementOverflow)
  const entry = call.findWrite(1)
  if (entry === 0 || call.hasType(entry, Type.string)) addInt64(call, entry, change)
}

/** @param entry  a string, or 0 */
function addInt64(call: Call, entry: Pointer, delta: Int64): void {
  if (!readOld(call, entry)) return call.fail(ErrorReply.notAnInteger)
  if (!add(old, delta, sum)) return call.fail(ErrorReply.incrementOverflow)
  const { bytes, starts, ends } = call
  const stored = setInteger(call.database, entry, bytes, starts[1]!, ends[1]!, sum, KEEP_EXPIRY)
  if (stored === 0) return call.fail(ErrorReply.outOfMemory)
  call.changed(1, 'incrby')
  if (isSafe(sum)) call.reply.integer(toNumber(sum))
  else call.reply.int64(sum.high, sum.low)
}

/** Reads the value into `old`; a missing key counts as 0. */
function readOld(call: Call, entry: Pointer): boolean {
  if (entry === 0) fromNumber(0, old)
  else if (isInteger(call.arena, entry)) readInteger(call.arena, entry, old)
  else {
    viewString(call.arena, entry, view, digits)
    return parseInt64(view.bytes, view.start, view.end, old)
  }
  return true
}

function overwrite(call: Call, entry: Pointer, value: number): void {
  const high = Math.floor(value / TWO_32)
  overwriteInteger(call.database, entry, call.bytes, call.starts[1]!, call.ends[1]!, high, value >>> 0)
  call.changed(1, 'incrby')
  call.reply.integer(value)
}
