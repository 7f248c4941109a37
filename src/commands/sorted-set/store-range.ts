/** ZRANGESTORE behind its name. */

import type { Call } from '../../engine/call.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeDestination } from '../set/store-result.js'
import { type RangeForm, RangeKind, RangeQuery } from './range-query.js'
import { step, toNext, toStart } from './reply-range.js'
import { storeResult } from './store-result.js'

const query = new RangeQuery()

/** Stores the part of the sorted set at argument 2 that the arguments behind it ask for at argument 1. */
export function storeRange(call: Call, form: RangeForm): void {
  if (!query.parse(call, 2, form)) return
  const entry = call.findRead(2)
  if (entry === 0) return removeDestination(call)
  if (!call.hasType(entry, Type.zset)) return
  const { target, view } = call.keyspace.zsets
  view.open(entry)
  const { size } = view
  const isRank = query.kind === RangeKind.rank
  if (isRank && !query.fitRanks(size)) return removeDestination(call)
  // Of a range by scores or members, the reference does not know the length in advance and makes a skiplist, however short it is.
  const isOpen = isRank ? target.openFor(query.stop - query.start + 1, 0) : target.openNew(Encoding.skiplist)
  if (!isOpen) return call.fail(ErrorReply.outOfMemory)
  if (isRank ? copyRanks(view, target, size) : copyRange(view, target)) return storeResult(call, target, 'zrangestore')
  target.discard(false)
  call.fail(ErrorReply.outOfMemory)
}

function copyRanks(view: ZsetView, target: ZsetView, size: number): boolean {
  const { isReverse, start, stop } = query
  view.toRank(isReverse ? size - 1 - start : start)
  for (let left = stop - start + 1; left > 0; left--) {
    if (!copyMember(view, target)) return false
    if (left > 1) step(view, isReverse)
  }
  return true
}

function copyRange(view: ZsetView, target: ZsetView): boolean {
  let count = 0
  for (let isIn = toStart(view, query); isIn && count !== query.limit; isIn = toNext(view, query)) {
    if (!copyMember(view, target)) return false
    count++
  }
  return true
}

function copyMember({ member, score }: ZsetView, target: ZsetView): boolean {
  if (member.isInteger) member.spellInteger()
  target.find(member.bytes, member.start, member.end)
  return target.add(member.bytes, member.start, member.end, score)
}
