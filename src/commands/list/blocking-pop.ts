/** BLPOP, BRPOP and BLMPOP behind their arguments. */

import { mayWait, type WaiterKind } from '../../engine/blocking.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { popOne, popSomeWithKey } from './pop-elements.js'

export const LIST_WAITER: WaiterKind = Object.freeze({ type: Type.list, minds: false })

/**
 * Takes from the first of some lists that exists, or waits for one.
 *
 * @param first  argument of the first key
 * @param count  elements to take with an array as reply; 0 for one, beside its key
 */
export function popOrWait(
  call: Call,
  first: number,
  keys: number,
  atHead: boolean,
  count: number,
  deadlineMs: number,
): void {
  for (let key = first; key < first + keys; key++) {
    const entry = call.findWrite(key)
    if (entry === 0) continue
    if (!call.hasType(entry, Type.list)) return
    if (count > 0) return popSomeWithKey(call, entry, key, atHead, count)
    call.reply.array(2)
    call.reply.bulk(call.bytes, call.starts[key]!, call.ends[key]!)
    popOne(call, entry, key, atHead)
    if (call.propagates) call.propagateAs([atHead ? 'LPOP' : 'RPOP', call.copyBytes(key)])
    return
  }
  if (mayWait(call.client)) call.store.blocking.park(call, LIST_WAITER, first, keys, deadlineMs)
  else call.reply.nilArray()
}
