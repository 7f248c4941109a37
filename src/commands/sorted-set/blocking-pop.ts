/** BZPOPMIN, BZPOPMAX and BZMPOP behind their arguments. */

import { mayWait, type WaiterKind } from '../../engine/blocking.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { popOneWithKey, popSomeWithKey } from './pop-scores.js'

const ZSET_WAITER: WaiterKind = Object.freeze({ type: Type.zset, minds: false })

/**
 * Takes from the first of some sorted sets that exists, or waits for one.
 *
 * @param first  argument of the first key
 * @param count  members to take with pairs as reply; 0 for one, beside its key
 */
export function popOrWait(
  call: Call, first: number, keys: number, fromMax: boolean, count: number, deadlineMs: number,
): void {
  for (let key = first; key < first + keys; key++) {
    const entry = call.findWrite(key)
    if (entry === 0) continue
    if (!call.hasType(entry, Type.zset)) return
    if (count > 0) popSomeWithKey(call, entry, key, fromMax, count)
    else popOneWithKey(call, entry, key, fromMax)
    return
  }
  if (mayWait(call.client)) call.store.blocking.park(call, ZSET_WAITER, first, keys, deadlineMs)
  else call.reply.nilArray()
} // prettier-ignore
