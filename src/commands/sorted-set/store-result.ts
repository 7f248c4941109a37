/** What becomes of a sorted set that a command has computed. */

import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { storeCollection } from '../../keyspace/types/collection-entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeDestination } from '../set/store-result.js'

/** Gives a sorted set of no entry to the key at argument 1; an empty one deletes that. Replies with the number of members. */
export function storeResult(call: Call, result: ZsetView, event: string): void {
  const { size } = result
  if (size === 0) {
    result.discard(false)
    return removeDestination(call)
  }
  const { bytes, database, ends, starts } = call
  const { encoding, value } = result
  if (storeCollection(database, bytes, starts[1]!, ends[1]!, Type.zset, encoding, value) === 0) {
    result.discard(false)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(1, event)
  call.reply.integer(size)
}
