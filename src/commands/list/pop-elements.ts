/** Taking elements from an end of a list: LPOP, RPOP, LMPOP and their blocking kin. */

import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { Type } from '../../keyspace/entry.js'
import {
  listLength,
  popElement,
  removeElements,
  replyAndPop,
  replyElements,
  shrinkList,
} from '../../keyspace/types/list.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

/** LPOP and RPOP. */
export function popGeneric(call: Call, atHead: boolean): void {
  const { reply } = call
  if (call.argc > 3) return call.fail(ErrorReply.wrongArity(call.command.fullName))
  const hasCount = call.argc === 3
  const count = hasCount ? call.parseInteger(2) : 1
  if (!(count >= 0)) return call.fail(ErrorReply.outOfRangePositive)
  const entry = call.findWrite(1)
  if (entry === 0) return hasCount ? reply.nilArray() : reply.nil()
  if (!call.hasType(entry, Type.list)) return
  if (!hasCount) return popOne(call, entry, 1, atHead)
  if (count === 0) return reply.emptyArray()
  popSome(call, entry, 1, atHead, count)
}

/** Takes one element from the list at the key of an argument and replies with it. */
export function popOne(call: Call, entry: Pointer, key: number, atHead: boolean): void {
  const { bytes, database, ends, reply, starts } = call
  let left = replyAndPop(database, entry, bytes, starts[key]!, ends[key]!, atHead, reply)
  if (left < 0) {
    popElement(database, entry, bytes, starts[key]!, ends[key]!, atHead)
    left = listLength(call.arena, entry)
  }
  settleRemoval(call, entry, key, 1, atHead ? 'lpop' : 'rpop', left)
}

/**
 * Takes up to `count` elements and replies with an array of them, from that end on.
 *
 * @returns how many there were
 */
export function popSome(call: Call, entry: Pointer, key: number, atHead: boolean, count: number): number {
  const { arena, bytes, database, ends, reply, starts } = call
  const length = listLength(arena, entry)
  const taken = Math.min(count, length)
  reply.array(taken)
  replyElements(arena, entry, reply, atHead ? 0 : length - 1, taken, !atHead)
  removeElements(database, entry, bytes, starts[key]!, ends[key]!, atHead ? 0 : length - taken, taken)
  afterRemoval(call, entry, key, taken, atHead ? 'lpop' : 'rpop')
  return taken
}

/** The same, with the key in front: what LMPOP replies. */
export function popSomeWithKey(call: Call, entry: Pointer, key: number, atHead: boolean, count: number): void {
  const { bytes, ends, reply, starts } = call
  reply.array(2)
  reply.bulk(bytes, starts[key]!, ends[key]!)
  const taken = popSome(call, entry, key, atHead, count)
  if (call.propagates) call.propagateAs([atHead ? 'LPOP' : 'RPOP', call.copyBytes(key), taken])
}

/** After elements were taken: announces it, removes an empty list, and finds the encoding of a smaller one. */
export function afterRemoval(call: Call, entry: Pointer, key: number, removed: number, event: string): void {
  settleRemoval(call, entry, key, removed, event, listLength(call.arena, entry))
}

function settleRemoval(call: Call, entry: Pointer, key: number, removed: number, event: string, left: number): void {
  call.changed(removed, event, key)
  if (left !== 0) return shrinkList(call.database, entry)
  call.database.remove(entry, false)
  call.notify(EventClass.generic, 'del', key)
}
