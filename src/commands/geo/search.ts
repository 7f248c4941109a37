/** What the searches share: finding the members in a shape, and telling or storing them. */

import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import { storeCollection } from '../../keyspace/types/collection-entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { decode, Position } from '../../structures/geohash.js'
import { Areas } from '../../structures/geohash-areas.js'
import { replyCoordinate } from './coordinate-text.js'
import { replyDistance } from './distance-text.js'
import { Matches } from './matches.js'
import { Search, SearchRequest } from './search-request.js'

const request = new SearchRequest()
const areas = new Areas()
const matches = new Matches()
const position = new Position()

/**
 * Runs a search.
 *
 * @param kind         bits of `Search`
 * @param sourceIndex  argument that names the sorted set
 */
export function search(call: Call, kind: number, sourceIndex: number): void {
  const entry = call.findRead(sourceIndex)
  if (entry !== 0 && !call.hasType(entry, Type.zset)) return
  const { view } = call.keyspace.zsets
  if (entry !== 0) view.open(entry)
  if (!request.read(call, kind, entry === 0 ? undefined : view)) return
  if (entry === 0) return request.storeIndex === 0 ? call.reply.emptyArray() : removeDestination(call)

  const { count, isAny, order, shape, storeIndex } = request
  areas.cover(shape)
  matches.collect(view, shape, areas, isAny ? count : 0)
  const wanted = count === 0 ? matches.count : Math.min(count, matches.count)
  matches.sort(order, wanted)
  if (storeIndex === 0) replyMatches(call, view, wanted)
  else if (wanted === 0) removeDestination(call)
  else store(call, view, wanted, (kind & Search.free) !== 0 ? 'geosearchstore' : 'georadiusstore')
  matches.release()
}

function replyMatches(call: Call, view: ZsetView, count: number): void {
  const { reply } = call
  const { withDistances, withHashes, withPositions } = request
  const parts = 1 + Number(withDistances) + Number(withHashes) + Number(withPositions)
  reply.array(count)
  for (let i = 0; i < count; i++) {
    const at = matches.order[i]!
    if (parts > 1) reply.array(parts)
    view.replyAt(reply, matches.places[at]!)
    if (withDistances) replyDistance(reply, matches.distances[at]! / request.shape.unitMeters)
    if (withHashes) replyHash(call, matches.scores[at]!)
    if (withPositions) replyPosition(call, matches.scores[at]!)
  }
}

/** Scores are searched up to 2^54 only, so that they are integers of two words. */
function replyHash(call: Call, score: number): void {
  const hash = Math.trunc(score)
  if (Number.isSafeInteger(hash)) call.reply.integer(hash)
  else call.reply.int64(Math.floor(hash / 2 ** 32), hash >>> 0)
}

function replyPosition(call: Call, score: number): void {
  decode(score, position)
  call.reply.array(2)
  replyCoordinate(call.reply, position.longitude)
  replyCoordinate(call.reply, position.latitude)
}

/** Gives the destination a sorted set of the first `count` matches; the source may be the same key. */
function store(call: Call, view: ZsetView, count: number, event: string): void {
  const { bytes, database, ends, keyspace, starts } = call
  const { target } = keyspace.zsets
  if (!build(view, target, count)) return call.fail(ErrorReply.outOfMemory)
  const at = request.storeIndex
  if (storeCollection(database, bytes, starts[at]!, ends[at]!, Type.zset, target.encoding, target.value) === 0) {
    target.discard(false)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(count, event, at)
  call.reply.integer(count)
}

/** Builds the result in `target`, which is nothing when this fails. */
function build(view: ZsetView, target: ZsetView, count: number): boolean {
  const { member } = view
  let longest = 0
  let total = 0
  if (!target.openNew(Encoding.skiplist)) return false
  for (let i = 0; i < count; i++) {
    const at = matches.order[i]!
    view.toPlace(matches.places[at]!)
    if (member.isInteger) member.spellInteger()
    const { bytes, end, length, start } = member
    const score = request.storesDistances ? exactDistance(matches.scores[at]!) : matches.scores[at]!
    // No member is in two ranges, but a look-up has to come before an addition.
    if (!target.find(bytes, start, end) && !target.add(bytes, start, end, score)) {
      target.discard(false)
      return false
    }
    longest = Math.max(longest, length)
    total += length
  }
  target.narrow(longest, total)
  return true
}

/** The distance of a match to the last digit, in the unit asked for. */
function exactDistance(score: number): number {
  decode(score, position)
  return request.shape.exactDistance(position.longitude, position.latitude) / request.shape.unitMeters
}

/** Deletes the destination, if it is there, and replies 0. */
function removeDestination(call: Call): void {
  const { bytes, database, ends, starts } = call
  const at = request.storeIndex
  const entry = database.find(bytes, starts[at]!, ends[at]!)
  if (entry !== 0) {
    database.remove(entry, call.keyspace.lazyFreesOverwritten)
    call.changed(1)
    call.notify(EventClass.generic, 'del', at)
  }
  call.reply.integer(0)
}
