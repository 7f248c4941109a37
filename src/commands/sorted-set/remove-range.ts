/** ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX behind their ranges. */

import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { removeEmpty } from '../remove-empty.js'

/**
 * Takes a part of the sorted set at argument 1 out, announces that and replies how much it was.
 *
 * @param find  goes to the first member to be taken out; returns how many there are
 */
export function removeRange(call: Call, event: string, find: (view: ZsetView) => number): void {
  const { bytes, database, ends, starts } = call
  const entry = call.findWrite(1)
  if (entry === 0) return call.reply.integer(0)
  if (!call.hasType(entry, Type.zset)) return
  const { view } = call.keyspace.zsets
  view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
  const count = find(view)
  if (count !== 0) {
    view.removeHere(count)
    call.changed(count, event)
    if (view.size === 0) removeEmpty(call, entry, 1)
  }
  call.reply.integer(count)
}
