/** ZRANGE and its kin behind their arguments. */

import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { type RangeForm, RangeKind, RangeQuery } from './range-query.js'

const query = new RangeQuery()

/** Replies with the part of the sorted set at argument 1 that the arguments behind it ask for. */
export function replyRange(call: Call, form: RangeForm): void {
  if (!query.parse(call, 1, form)) return
  const entry = call.findRead(1)
  if (entry === 0) return call.reply.emptyArray()
  if (!call.hasType(entry, Type.zset)) return
  const { view } = call.keyspace.zsets
  view.open(entry)
  if (query.kind === RangeKind.rank) return replyRanks(call, view)
  if (query.kind === RangeKind.score) return replyScores(call, view)
  const mark = call.reply.deferArray()
  let count = 0
  for (let isIn = toStart(view, query); isIn && count !== query.limit; isIn = toNext(view, query)) {
    replyMember(call, view, query.hasScores)
    count++
  }
  call.reply.setArray(mark, query.hasScores && call.reply.protocol === 2 ? count * 2 : count)
}

/** Replies with a range of scores. Few members are counted first, since a header that comes later costs more than that. */
function replyScores(call: Call, view: ZsetView): void {
  const { reply } = call
  const { hasScores, limit } = query
  const parts = hasScores && reply.protocol === 2 ? 2 : 1
  let count = 0
  let isIn = toStart(view, query)
  for (; isIn && count !== limit && count < places.length; isIn = passInScores(view)) places[count++] = view.place
  const isAll = !isIn || count === limit
  const mark = isAll ? 0 : reply.deferArray()
  if (isAll) reply.array(count * parts)
  const behind = view.place
  for (let i = 0; i < count; i++) {
    view.passTo(places[i]!)
    replyHere(call, view, hasScores)
  }
  if (isAll) return
  view.passTo(behind)
  for (; isIn && count !== limit; isIn = passInScores(view), count++) replyHere(call, view, hasScores)
  reply.setArray(mark, count * parts)
}

/** Goes to the next member in a range of scores; false when it ends. */
function passInScores(view: ZsetView): boolean {
  const { isReverse, scores } = query
  return pass(view, isReverse) && (isReverse ? scores.isAboveMin(view.score) : scores.isBelowMax(view.score))
}

const places = new Int32Array(32)

function replyRanks(call: Call, view: ZsetView): void {
  const { reply } = call
  const { size } = view
  const { hasScores, isReverse } = query
  if (!query.fitRanks(size)) return reply.emptyArray()
  const count = query.stop - query.start + 1
  reply.array(hasScores && reply.protocol === 2 ? count * 2 : count)
  view.toRank(isReverse ? size - 1 - query.start : query.start)
  for (let left = count; left > 0; left--) {
    replyHere(call, view, hasScores)
    if (left > 1) pass(view, isReverse)
  }
}

/** Writes the member at which the view stands; with its score it is a pair in RESP3. */
export function replyMember(call: Call, view: ZsetView, hasScore: boolean): void {
  const { reply } = call
  if (!hasScore) return view.reply(reply)
  if (reply.protocol === 3) reply.array(2)
  view.reply(reply)
  reply.double(view.score)
}

/** The same for a member that need not be shown. */
function replyHere(call: Call, view: ZsetView, hasScore: boolean): void {
  const { reply } = call
  if (!hasScore) return view.replyHere(reply)
  if (reply.protocol === 3) reply.array(2)
  view.replyHere(reply)
  reply.double(view.score)
}

/** Goes to the first member asked for, by scores or lexicographically; false when there is none. */
export function toStart(view: ZsetView, what: RangeQuery): boolean {
  const { isReverse, kind, lex, offset, scores } = what
  if (offset < 0 || (offset > 0 && offset >= view.size)) return false
  let isIn: boolean
  if (kind === RangeKind.score) isIn = isReverse ? view.toLastInScores(scores) : view.toFirstInScores(scores)
  else isIn = isReverse ? view.toLastInLex(lex) : view.toFirstInLex(lex)
  if (!isIn || offset === 0) return isIn
  for (let left = offset; left > 0; left--) if (!step(view, isReverse)) return false
  return isWithin(view, what)
}

/** Goes on to the next one; false when the range ends. */
export function toNext(view: ZsetView, what: RangeQuery): boolean {
  return step(view, what.isReverse) && isWithin(view, what)
}

export function step(view: ZsetView, isReverse: boolean): boolean {
  return isReverse ? view.previous() : view.next()
}

/** The same without showing the member. */
function pass(view: ZsetView, isReverse: boolean): boolean {
  return isReverse ? view.passBackward() : view.passForward()
}

function isWithin(view: ZsetView, what: RangeQuery): boolean {
  const { isReverse, kind, lex, scores } = what
  if (kind === RangeKind.score) return isReverse ? scores.isAboveMin(view.score) : scores.isBelowMax(view.score)
  return isReverse ? view.isAboveMinOf(lex) : view.isBelowMaxOf(lex)
}
