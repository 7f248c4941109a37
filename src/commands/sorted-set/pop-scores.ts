/** Taking members from an end of a sorted set: ZPOPMIN, ZPOPMAX, ZMPOP and their blocking kin. */

import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeEmpty } from '../remove-empty.js'
import { step } from './reply-range.js'

/** ZPOPMIN and ZPOPMAX. */
export function popGeneric(call: Call, fromMax: boolean): void {
  if (call.argc > 3) return call.fail(ErrorReply.syntax)
  const hasCount = call.argc === 3
  const count = hasCount ? call.parseInteger(2) : 1
  if (!(count >= 0)) return call.fail(ErrorReply.outOfRangePositive)
  const entry = call.findWrite(1)
  if (entry === 0) return call.reply.emptyArray()
  if (!call.hasType(entry, Type.zset)) return
  if (count === 0) return call.reply.emptyArray()
  const isNested = hasCount && call.reply.protocol === 3
  const taken = countTaken(call, entry, count)
  call.reply.array(isNested ? taken : taken * 2)
  popMembers(call, entry, 1, fromMax, taken, isNested)
}

/** Takes one member from the sorted set at the key of an argument and replies with key, member and score: BZPOPMIN, BZPOPMAX. */
export function popOneWithKey(call: Call, entry: Pointer, key: number, fromMax: boolean): void {
  call.reply.array(3)
  call.reply.bulk(call.bytes, call.starts[key]!, call.ends[key]!)
  popMembers(call, entry, key, fromMax, countTaken(call, entry, 1), false)
  if (call.propagates) call.propagateAs([fromMax ? 'ZPOPMAX' : 'ZPOPMIN', call.copyBytes(key)])
}

/** Takes up to `count` members and replies with the key and pairs: ZMPOP, BZMPOP. */
export function popSomeWithKey(call: Call, entry: Pointer, key: number, fromMax: boolean, count: number): void {
  const taken = countTaken(call, entry, count)
  call.reply.array(2)
  call.reply.bulk(call.bytes, call.starts[key]!, call.ends[key]!)
  call.reply.array(taken)
  popMembers(call, entry, key, fromMax, taken, true)
  if (call.propagates) call.propagateAs([fromMax ? 'ZPOPMAX' : 'ZPOPMIN', call.copyBytes(key), taken])
}

/** Opens the view on an entry; returns how many of `count` members there are. */
function countTaken(call: Call, entry: Pointer, count: number): number {
  const { view } = call.keyspace.zsets
  view.open(entry)
  return Math.min(count, view.size)
}

/** Takes `taken` members, which are there, and writes them with their scores; announces it, and removes an empty sorted set. */
function popMembers(
  call: Call, entry: Pointer, key: number, fromMax: boolean, taken: number, isNested: boolean,
): void {
  const { bytes, database, ends, reply, starts } = call
  const { view } = call.keyspace.zsets
  view.openToChange(entry, database, bytes, starts[key]!, ends[key]!)
  const { size } = view
  let isThere = fromMax ? view.toLast() : view.toFirst()
  for (let left = taken; left > 0 && isThere; left--) {
    if (isNested) reply.array(2)
    view.reply(reply)
    reply.double(view.score)
    if (left > 1) isThere = step(view, fromMax)
  }
  // From the top, the view stands at the last of them now; from the bottom, the first of them has to be gone back to.
  if (!fromMax && taken > 1) view.toFirst()
  view.removeHere(taken)
  call.changed(taken, fromMax ? 'zpopmax' : 'zpopmin', key)
  if (taken === size) removeEmpty(call, entry, key)
} // prettier-ignore
