/** What ZADD, ZINCRBY and GEOADD share: adding members, or moving their scores, under conditions. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { addCollection } from '../../keyspace/types/collection-entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

const NX = latin1Bytes('nx')
const XX = latin1Bytes('xx')
const GT = latin1Bytes('gt')
const LT = latin1Bytes('lt')
const CH = latin1Bytes('ch')
const INCR = latin1Bytes('incr')
const LETTERS = 0x41
const SCORES_KEPT_MAX = 1 << 16

/** What became of a member. */
const Outcome = { unfit: 0, same: 1, added: 2, updated: 3, notANumber: 4, noMemory: 5 } as const
type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** Members with scores, and on what conditions they are added. Instances are reused. */
export class Additions {
  /** Members that exist stay as they are. */
  onlyNew: boolean
  /** Members that do not exist are not added. */
  onlyOld: boolean
  /** Scores only grow, or only shrink. */
  onlyGreater: boolean
  onlyLess: boolean
  /** The reply counts changed scores as well. */
  countsChanges: boolean
  /** Scores are added to what is there, and the reply is the sum. */
  increments: boolean
  count: number
  scores: Float64Array
  /** The members are arguments: the first of them, and how far the next is. */
  memberIndex: number
  memberStep: number
  /** The score of the last member that met the conditions. */
  result: number

  constructor() {
    this.onlyNew = false
    this.onlyOld = false
    this.onlyGreater = false
    this.onlyLess = false
    this.countsChanges = false
    this.increments = false
    this.count = 0
    this.scores = new Float64Array(16)
    this.memberIndex = 0
    this.memberStep = 2
    this.result = 0
  }

  reset(): void {
    this.onlyNew = false
    this.onlyOld = false
    this.onlyGreater = false
    this.onlyLess = false
    this.countsChanges = false
    this.increments = false
  }

  /** Makes room for the scores of so many members. */
  setCount(count: number): void {
    this.count = count
    const isTooLarge = this.scores.length > SCORES_KEPT_MAX && count <= SCORES_KEPT_MAX
    if (count > this.scores.length || isTooLarge) this.scores = new Float64Array(Math.max(count, 16))
  }
}

const additions = new Additions()

/** ZADD, and with `increments` ZINCRBY, which takes the same options. */
export function addGeneric(call: Call, increments: boolean): void {
  additions.reset()
  additions.increments = increments
  const first = readOptions(call, additions)
  const words = call.argc - first
  if (words === 0 || words % 2 !== 0) return call.fail(ErrorReply.syntax)
  const { increments: increases, onlyGreater, onlyLess, onlyNew, onlyOld } = additions
  if (onlyNew && onlyOld) return call.fail(ErrorReply.zaddXxNx)
  if ((onlyNew && (onlyGreater || onlyLess)) || (onlyGreater && onlyLess)) return call.fail(ErrorReply.zaddGtLtNx)
  if (increases && words > 2) return call.fail(ErrorReply.zaddIncrPairs)
  additions.setCount(words >>> 1)
  additions.memberIndex = first + 1
  for (let i = 0; i < additions.count; i++) {
    const score = call.float(first + i * 2)
    if (Number.isNaN(score)) return call.fail(ErrorReply.notAFloat)
    additions.scores[i] = score
  }
  addScores(call, additions)
}

/** Reads the options; returns the argument behind them. */
function readOptions(call: Call, into: Additions): number {
  let at = 2
  for (; at < call.argc && call.bytes[call.starts[at]!]! >= LETTERS; at++) {
    if (call.is(at, NX)) into.onlyNew = true
    else if (call.is(at, XX)) into.onlyOld = true
    else if (call.is(at, CH)) into.countsChanges = true
    else if (call.is(at, INCR)) into.increments = true
    else if (call.is(at, GT)) into.onlyGreater = true
    else if (call.is(at, LT)) into.onlyLess = true
    else break
  }
  return at
}

/** Adds to the key at argument 1 and replies: the number of new members (changed ones), or the sum, or nil where it was not to be. */
export function addScores(call: Call, what: Additions): void {
  const { bytes, database, ends, starts } = call
  const entry = call.findWrite(1)
  if (entry !== 0 && !call.hasType(entry, Type.zset)) return
  if (entry === 0 && what.onlyOld) return what.increments ? call.reply.nil() : call.reply.integer(0)
  const { view } = call.keyspace.zsets
  const { hash } = database.keys
  if (!open(call, entry, what)) return fail(call, entry, 0, what)
  let added = 0
  let updated = 0
  let last: Outcome = Outcome.unfit
  for (let i = 0; i < what.count; i++) {
    const member = what.memberIndex + i * what.memberStep
    last = addOne(view, what, bytes, starts[member]!, ends[member]!, what.scores[i]!)
    if (last === Outcome.added) added++
    else if (last === Outcome.updated) updated++
    else if (last === Outcome.notANumber) return call.fail(ErrorReply.nanScore)
    else if (last === Outcome.noMemory) return fail(call, entry, added + updated, what)
  }
  if (entry === 0 && !storeNew(call, hash)) return
  if (added + updated !== 0) call.changed(added + updated, what.increments ? 'zincr' : 'zadd')
  if (!what.increments) return call.reply.integer(what.countsChanges ? added + updated : added)
  if (last === Outcome.unfit) call.reply.nil()
  else call.reply.double(what.result)
}

function open(call: Call, entry: Pointer, what: Additions): boolean {
  const { view } = call.keyspace.zsets
  if (entry === 0) return view.openFor(what.count, call.length(what.memberIndex))
  view.openToChange(entry, call.database, call.bytes, call.starts[1]!, call.ends[1]!)
  return view.expect(what.count)
}

function addOne(
  view: ZsetView, what: Additions, bytes: Uint8Array, start: number, end: number, score: number,
): Outcome {
  if (!view.find(bytes, start, end)) {
    if (what.onlyOld) return Outcome.unfit
    what.result = score
    return view.add(bytes, start, end, score) ? Outcome.added : Outcome.noMemory
  }
  if (what.onlyNew) return Outcome.unfit
  const old = view.score
  const wanted = what.increments ? old + score : score
  if (Number.isNaN(wanted)) return Outcome.notANumber
  if ((what.onlyLess && wanted >= old) || (what.onlyGreater && wanted <= old)) return Outcome.unfit
  what.result = wanted
  if (wanted === old) return Outcome.same
  return view.setScore(bytes, start, end, wanted) ? Outcome.updated : Outcome.noMemory
} // prettier-ignore

/** Adds the key with the sorted set that the view is open on; false, with the error replied, without memory. */
function storeNew(call: Call, hash: number): boolean {
  const { bytes, database, ends, starts } = call
  const { view } = call.keyspace.zsets
  const { encoding, value } = view
  if (addCollection(database, hash, bytes, starts[1]!, ends[1]!, Type.zset, encoding, value) !== 0) return true
  view.discard(false)
  call.fail(ErrorReply.outOfMemory)
  return false
}

/** Replies that there is no memory; what has been done so far stays, where the sorted set was there before. */
function fail(call: Call, entry: Pointer, done: number, what: Additions): void {
  const { view } = call.keyspace.zsets
  if (entry !== 0 && done !== 0) call.changed(done, what.increments ? 'zincr' : 'zadd')
  else if (entry === 0 && view.value !== 0) view.discard(false)
  call.fail(ErrorReply.outOfMemory)
}
