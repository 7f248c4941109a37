/** What HTTL, HPTTL, HEXPIRETIME and HPEXPIRETIME share. */

import { Int64 } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { Access, type KeySpec } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { momentPart } from '../generic/expiry-time.js'
import { isFieldsAt } from './field-arguments.js'

export const fieldTimeKeys: readonly KeySpec[] = [
  { at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData },
]

const MISSING = -2

/** Replies with the expiry time of each field, in seconds or ms, from now or from 1970; -1 without one, -2 without field. */
export function replyFieldTimes(call: Call, isSeconds: boolean, isRelative: boolean): void {
  if (!isFieldsAt(call, 2)) return
  const { bytes, ends, reply, starts } = call
  const entry = call.findRead(1)
  if (entry !== 0 && !call.hasType(entry, Type.hash)) return
  const { view } = call.keyspace.hashes
  if (entry !== 0) view.open(entry)
  reply.array(call.argc - 4)
  for (let i = 4; i < call.argc; i++) {
    const due = entry === 0 ? NaN : view.findDue(bytes, starts[i]!, ends[i]!)
    if (Number.isNaN(due)) reply.integer(MISSING)
    else if (due < 0) reply.integer(due)
    else replyTime(call, isRelative ? Math.max(due - call.nowMs, 0) : due, isSeconds)
  }
}

function replyTime(call: Call, milliseconds: number, isSeconds: boolean): void {
  const shown = momentPart(isSeconds ? Math.floor((milliseconds + 500) / 1000) : milliseconds)
  if (shown instanceof Int64) call.reply.int64(shown.high, shown.low)
  else call.reply.integer(shown)
}
