/** ZUNION, ZINTER, ZDIFF, what stores their results, and ZINTERCARD. */

import type { Call } from '../../engine/call.js'
import { Encoding } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { type Aggregate, type AlgebraForm, type AlgebraQuery, parseAlgebra } from './algebra-arguments.js'
import { replyMember } from './reply-range.js'
import type { Source } from './source.js'
import { storeResult } from './store-result.js'

/** Computes a set as sorted set and returns or stores it. */
export function computeAlgebra(call: Call, form: AlgebraForm, event: string): void {
  const query = parseAlgebra(call, form)
  if (query === undefined) return
  const { target } = call.keyspace.zsets
  if (!target.openNew(Encoding.skiplist)) return call.fail(ErrorReply.outOfMemory)
  const result = new Gathering(target)
  if (!gather(form, query, result)) {
    target.discard(false)
    return call.fail(ErrorReply.outOfMemory)
  }
  target.skiplist.order()
  if (form.outcome === 'returned') return replyResult(call, target, query.hasScores)
  result.narrow()
  storeResult(call, target, event)
}

/** ZINTERCARD. */
export function countIntersection(call: Call): void {
  const query = parseAlgebra(call, { operation: 'intersection', outcome: 'counted' })
  if (query === undefined) return
  const sources = bySize(query.sources)
  const first = sources[0]!
  let count = 0
  first.rewind()
  while (first.next()) {
    if (Number.isNaN(scoreInAll(sources, query.aggregate))) continue
    if (++count === query.limit) break
  }
  call.reply.integer(count)
}

function replyResult(call: Call, result: ZsetView, hasScores: boolean): void {
  const { size } = result
  call.reply.array(hasScores && call.reply.protocol === 2 ? size * 2 : size)
  for (let isThere = result.toFirst(); isThere; isThere = result.next()) replyMember(call, result, hasScores)
  result.discard(call.keyspace.lazyFreesOverwritten)
}

/** Gathers what the operation leaves; false without memory. */
function gather({ operation }: AlgebraForm, { aggregate, sources }: AlgebraQuery, into: Gathering): boolean {
  if (operation === 'union') return gatherUnion(bySize(sources), aggregate, into)
  if (operation === 'intersection') return gatherIntersection(bySize(sources), aggregate, into)
  return gatherDifference(sources, into)
}

/** The smallest first; the order also decides in which scores are added up. */
function bySize(sources: readonly Source[]): Source[] {
  return [...sources].sort((a, b) => a.size - b.size)
}

function gatherUnion(sources: readonly Source[], aggregate: Aggregate, into: Gathering): boolean {
  for (const source of sources) {
    source.rewind()
    while (source.next()) if (!into.add(source, weighed(source), aggregate)) return false
  }
  return true
}

function gatherIntersection(sources: readonly Source[], aggregate: Aggregate, into: Gathering): boolean {
  const first = sources[0]!
  first.rewind()
  while (first.next()) {
    const score = scoreInAll(sources, aggregate)
    if (!Number.isNaN(score) && !into.add(first, score, aggregate)) return false
  }
  return true
}

/** The score that the member to which the first source went gets; NaN when another one does not have it. */
function scoreInAll(sources: readonly Source[], aggregate: Aggregate): number {
  const first = sources[0]!
  const { member, score } = first
  let total = weighed(first)
  for (let i = 1; i < sources.length; i++) {
    const source = sources[i]!
    const found = source.isSameAs(first) ? score : source.scoreOf(member)
    if (Number.isNaN(found)) return NaN
    total = aggregate(total, found * source.weight)
  }
  return total
}

/** The score of the member to which a source went; infinity times nothing is 0. */
function weighed({ score, weight }: Source): number {
  const product = score * weight
  return Number.isNaN(product) ? 0 : product
}

function gatherDifference(sources: readonly Source[], into: Gathering): boolean {
  const first = sources[0]!
  const others = sources.slice(1)
  if (first.size === 0 || others.some((other) => other.isSameAs(first))) return true
  return prefersLookUps(first, others) ? gatherMissing(first, others, into) : gatherAndRemove(first, others, into)
}

/** Whether looking all members of the first set up is less work than taking those of the others out of a copy of it. */
function prefersLookUps(first: Source, others: readonly Source[]): boolean {
  let members = first.size
  for (const other of others) members += other.size
  return (first.size * (others.length + 1)) / 2 <= members
}

function gatherMissing(first: Source, others: readonly Source[], into: Gathering): boolean {
  const largest = [...others].sort((a, b) => b.size - a.size) // a large set is the more likely to have a member
  first.rewind()
  while (first.next()) {
    if (!isInAny(largest, first) && !into.add(first, first.score, undefined)) return false
  }
  return true
}

function isInAny(sources: readonly Source[], { member }: Source): boolean {
  for (let i = 0; i < sources.length; i++) if (!Number.isNaN(sources[i]!.scoreOf(member))) return true
  return false
}

function gatherAndRemove(first: Source, others: readonly Source[], into: Gathering): boolean {
  first.rewind()
  while (first.next()) if (!into.add(first, first.score, undefined)) return false
  for (const other of others) {
    other.rewind()
    while (other.next()) into.remove(other)
  }
  return true
}

/** A sorted set under construction: members with scores, yet without order. */
class Gathering {
  private readonly target: ZsetView
  private longest: number
  private total: number

  constructor(target: ZsetView) {
    this.target = target
    this.longest = 0
    this.total = 0
  }

  /** Adds the member to which a source went; a second time, the scores are aggregated. False without memory. */
  add(source: Source, score: number, aggregate: Aggregate | undefined): boolean {
    const { skiplist } = this.target
    const { bytes, end, start } = source.member
    const node = skiplist.find(bytes, start, end)
    if (node !== 0) {
      if (aggregate !== undefined) skiplist.regather(node, aggregate(skiplist.score(node), score))
      return true
    }
    this.total += end - start
    if (end - start > this.longest) this.longest = end - start
    return skiplist.gather(bytes, start, end, score) !== 0
  }

  remove(source: Source): void {
    const { skiplist } = this.target
    const { bytes, end, start } = source.member
    const node = skiplist.find(bytes, start, end)
    if (node !== 0) skiplist.ungather(node)
  }

  /** Makes a listpack of the result where it may be one. */
  narrow(): void {
    this.target.narrow(this.longest, this.total)
  }
}
