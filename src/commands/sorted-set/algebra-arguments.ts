/** The arguments of ZUNION, ZINTER, ZDIFF, what stores their results, and ZINTERCARD: the sorted sets, and what becomes of scores. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Type, typeOf } from '../../keyspace/entry.js'
import { ErrorReply } from '../../protocol/errors.js'
import { Source } from './source.js'

const WEIGHTS = latin1Bytes('weights')
const AGGREGATE = latin1Bytes('aggregate')
const WITHSCORES = latin1Bytes('withscores')
const LIMIT = latin1Bytes('limit')
const SUM = latin1Bytes('sum')
const MIN = latin1Bytes('min')
const MAX = latin1Bytes('max')

/** How the scores that a member has in several sets become one. */
export type Aggregate = (sum: number, score: number) => number

/** Opposite infinities make 0. */
const sum: Aggregate = (a, b) => {
  const total = a + b
  return Number.isNaN(total) ? 0 : total
}
const least: Aggregate = (a, b) => (b < a ? b : a)
const greatest: Aggregate = (a, b) => (b > a ? b : a)

/** What a command of the family allows. */
export interface AlgebraForm {
  readonly operation: 'union' | 'intersection' | 'difference'
  /** The result is stored at argument 1, returned, or only counted. */
  readonly outcome: 'stored' | 'returned' | 'counted'
}

export interface AlgebraQuery {
  readonly sources: Source[]
  aggregate: Aggregate
  hasScores: boolean
  /** Members counted at most; 0 for all. */
  limit: number
}

/** Reads all arguments, and opens the sets; undefined when an error has been replied. */
export function parseAlgebra(call: Call, form: AlgebraForm): AlgebraQuery | undefined {
  const at = form.outcome === 'stored' ? 2 : 1
  const keys = call.integer(at)
  if (Number.isNaN(keys)) return undefined
  if (keys < 1) return refuse(call, ErrorReply.inputKeyNeeded(call.command.fullName))
  if (keys > call.argc - at - 1) return refuse(call, ErrorReply.syntax)
  const sources = openSources(call, at + 1, keys)
  if (sources === undefined) return undefined
  const query: AlgebraQuery = { sources, aggregate: sum, hasScores: false, limit: 0 }
  for (let i = at + 1 + keys; i < call.argc;) {
    const words = readOption(call, i, form, query)
    if (words === 0) return undefined
    i += words
  }
  return query
}

function openSources(call: Call, first: number, keys: number): Source[] | undefined {
  const { sets, zsets } = call.keyspace
  const sources: Source[] = []
  for (let i = 0; i < keys; i++) {
    const entry = call.findRead(first + i)
    if (entry === 0) {
      sources.push(new Source(undefined, undefined))
      continue
    }
    const type = typeOf(call.arena, entry)
    if (type !== Type.zset && type !== Type.set) return refuse(call, ErrorReply.wrongType)
    const zset = type === Type.zset ? zsets.viewAt(i) : undefined
    const set = type === Type.set ? sets.viewAt(i) : undefined
    zset?.open(entry)
    set?.open(entry)
    sources.push(new Source(zset, set))
  }
  return sources
}

/** How many words an option takes; 0 when an error has been replied. */
function readOption(call: Call, at: number, form: AlgebraForm, into: AlgebraQuery): number {
  const left = call.argc - at
  const isWeighed = form.operation !== 'difference' && form.outcome !== 'counted'
  const keys = into.sources.length
  if (isWeighed && left > keys && call.is(at, WEIGHTS)) return readWeights(call, at + 1, into) ? keys + 1 : 0
  if (isWeighed && left >= 2 && call.is(at, AGGREGATE)) return readAggregate(call, at + 1, into) ? 2 : 0
  if (form.outcome === 'returned' && call.is(at, WITHSCORES)) {
    into.hasScores = true
    return 1
  }
  if (form.outcome === 'counted' && left >= 2 && call.is(at, LIMIT)) {
    into.limit = call.parseInteger(at + 1)
    if (into.limit >= 0) return 2
    call.fail(ErrorReply.limitNegative)
    return 0
  }
  call.fail(ErrorReply.syntax)
  return 0
}

function readWeights(call: Call, first: number, { sources }: AlgebraQuery): boolean {
  for (let i = 0; i < sources.length; i++) {
    const weight = call.float(first + i)
    if (Number.isNaN(weight)) {
      call.fail(ErrorReply.weightNotAFloat)
      return false
    }
    sources[i]!.weight = weight
  }
  return true
}

function readAggregate(call: Call, at: number, into: AlgebraQuery): boolean {
  if (call.is(at, SUM)) into.aggregate = sum
  else if (call.is(at, MIN)) into.aggregate = least
  else if (call.is(at, MAX)) into.aggregate = greatest
  else {
    call.fail(ErrorReply.syntax)
    return false
  }
  return true
}

function refuse(call: Call, error: ErrorReply): undefined {
  call.fail(error)
  return undefined
}
