/** What becomes of a set that a command has computed. */

import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { Type } from '../../keyspace/entry.js'
import { storeCollection } from '../../keyspace/types/collection-entry.js'
import type { SetView } from '../../keyspace/types/set-view.js'
import { ErrorReply } from '../../protocol/errors.js'

/** Replies with the members and lets the set go. */
export function replyResult(call: Call, result: SetView, isBuilt: boolean): void {
  if (!isBuilt) return call.fail(ErrorReply.outOfMemory)
  call.reply.set(result.size)
  result.rewind()
  while (result.next()) result.reply(call.reply)
  result.discard(call.keyspace.lazyFreesOverwritten)
}

/** Gives the set to the key at argument 1; an empty one deletes that. Replies with the number of members. */
export function storeResult(call: Call, result: SetView, isBuilt: boolean, event: string): void {
  if (!isBuilt) return call.fail(ErrorReply.outOfMemory)
  const { size } = result
  if (size === 0) {
    result.discard(false)
    return removeDestination(call)
  }
  const { bytes, database, ends, starts } = call
  const { encoding, value } = result
  const stored = storeCollection(database, bytes, starts[1]!, ends[1]!, Type.set, encoding, value)
  if (stored === 0) {
    result.discard(false)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(1, event)
  call.reply.integer(size)
}

/** Deletes the key at argument 1, if it is there, and replies 0. */
export function removeDestination(call: Call): void {
  const { database } = call
  const entry = database.find(call.bytes, call.starts[1]!, call.ends[1]!)
  if (entry !== 0) {
    database.remove(entry, call.keyspace.lazyFreesOverwritten)
    call.changed(1)
    call.notify(EventClass.generic, 'del', 1)
  }
  call.reply.integer(0)
}
