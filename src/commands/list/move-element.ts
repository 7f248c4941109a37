/** LMOVE, RPOPLPUSH and their blocking kin: an element goes from an end of one list to an end of another, or of the same. */

import { equals } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { createList, growList, listLength, popElement, pushElement, viewEnd } from '../../keyspace/types/list.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { ListpackElement } from '../../structures/listpack.js'
import { afterRemoval } from './pop-elements.js'

const shown = new ListpackElement()
/** Room for a new list beside its element. */
const LISTPACK_BYTES = 16

/**
 * Moves an element from the list at key 1, which exists, to the list at key 2, and replies with it.
 *
 * @returns false when an error has been replied instead
 */
export function moveElement(call: Call, source: Pointer, fromHead: boolean, toHead: boolean): boolean {
  const { arena, bytes, ends, reply, starts } = call
  const isSame = equals(bytes, starts[1]!, ends[1]!, bytes, starts[2]!, ends[2]!)
  const target = call.findWrite(2)
  if (target !== 0 && !call.hasType(target, Type.list)) return false
  viewEnd(arena, source, fromHead, shown)
  const isDone = isSame
    ? rotate(call, source, fromHead, toHead)
    : pushTo(call, target, toHead, shown.bytes, shown.start, shown.end)
  if (!isDone) {
    call.fail(ErrorReply.outOfMemory)
    return false
  }
  if (!isSame) {
    reply.bulk(shown.bytes, shown.start, shown.end)
    popElement(call.database, source, bytes, starts[1]!, ends[1]!, fromHead)
  }
  call.changed(0, toHead ? 'lpush' : 'rpush', 2)
  afterRemoval(call, source, 1, 1, fromHead ? 'lpop' : 'rpop')
  return true
}

/** Within one list the element is taken out first, so that it grows no larger than it was. */
function rotate(call: Call, entry: Pointer, fromHead: boolean, toHead: boolean): boolean {
  const { bytes, database, ends, reply, starts } = call
  const kept = shown.bytes.slice(shown.start, shown.end)
  if (!popElement(database, entry, bytes, starts[1]!, ends[1]!, fromHead)) return false
  if (!pushTo(call, entry, toHead, kept, 0, kept.length)) return false
  reply.bulk(kept, 0, kept.length)
  return true
}

function pushTo(call: Call, found: Pointer, atHead: boolean, value: Uint8Array, start: number, end: number): boolean {
  const { bytes, database, starts } = call
  const keyStart = starts[2]!
  const keyEnd = call.ends[2]!
  const entry = found !== 0 ? found : createList(database, bytes, keyStart, keyEnd, end - start + LISTPACK_BYTES)
  if (entry === 0) return false
  const isDone =
    growList(database, entry, end - start, 1) &&
    pushElement(database, entry, bytes, keyStart, keyEnd, atHead, value, start, end)
  if (!isDone && listLength(call.arena, entry) === 0) database.remove(entry, false)
  return isDone
}
