/** The arguments of ZRANGE and its kin: what part of a sorted set is asked for, and how. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { LexRange, ScoreRange } from '../../keyspace/types/score-range.js'
import { ErrorReply } from '../../protocol/errors.js'

const WITHSCORES = latin1Bytes('withscores')
const LIMIT = latin1Bytes('limit')
const REV = latin1Bytes('rev')
const BYLEX = latin1Bytes('bylex')
const BYSCORE = latin1Bytes('byscore')

export const RangeKind = { unknown: 0, rank: 1, score: 2, lex: 3 } as const
export type RangeKind = (typeof RangeKind)[keyof typeof RangeKind]

/** What a command's name says already about the range it returns. */
export interface RangeForm {
  /** `unknown` where BYSCORE and BYLEX decide. */
  readonly kind: RangeKind
  /** undefined where REV decides. */
  readonly isReverse: boolean | undefined
  /** It stores the range: scores are never asked for. */
  readonly stores: boolean
}

/** Instances are reused. */
export class RangeQuery {
  kind: RangeKind
  isReverse: boolean
  hasScores: boolean
  /** Members passed over, and members returned at most; negative: none at all, and all of them. */
  offset: number
  limit: number
  /** Ranks, counted from the end when negative. */
  start: number
  stop: number
  readonly scores: ScoreRange
  readonly lex: LexRange

  constructor() {
    this.kind = RangeKind.rank
    this.isReverse = false
    this.hasScores = false
    this.offset = 0
    this.limit = -1
    this.start = 0
    this.stop = 0
    this.scores = new ScoreRange()
    this.lex = new LexRange()
  }

  /** Reads what follows the key at argument `key`; false when an error has been replied. */
  parse(call: Call, key: number, form: RangeForm): boolean {
    this.kind = form.kind
    this.isReverse = form.isReverse === true
    this.hasScores = false
    this.offset = 0
    this.limit = -1
    for (let i = key + 3; i < call.argc;) {
      const words = this.readOption(call, i, form)
      if (words === 0) return false
      i += words
    }
    if (this.kind === RangeKind.unknown) this.kind = RangeKind.rank
    if (this.limit !== -1 && this.kind === RangeKind.rank) return refuse(call, ErrorReply.rangeLimitAlone)
    if (this.hasScores && this.kind === RangeKind.lex) return refuse(call, ErrorReply.rangeScoresByLex)
    return this.readBounds(call, key + 1)
  }

  /** How many words an option takes; 0 when an error has been replied. */
  private readOption(call: Call, at: number, form: RangeForm): number {
    if (!form.stores && call.is(at, WITHSCORES)) this.hasScores = true
    else if (call.is(at, LIMIT) && at + 2 < call.argc) return this.readLimit(call, at) ? 3 : 0
    else if (form.isReverse === undefined && !this.isReverse && call.is(at, REV)) this.isReverse = true
    else if (this.kind === RangeKind.unknown && call.is(at, BYLEX)) this.kind = RangeKind.lex
    else if (this.kind === RangeKind.unknown && call.is(at, BYSCORE)) this.kind = RangeKind.score
    else {
      call.fail(ErrorReply.syntax)
      return 0
    }
    return 1
  }

  private readLimit(call: Call, at: number): boolean {
    this.offset = call.integer(at + 1)
    if (Number.isNaN(this.offset)) return false
    this.limit = call.integer(at + 2)
    return !Number.isNaN(this.limit)
  }

  private readBounds(call: Call, at: number): boolean {
    if (this.kind === RangeKind.rank) return this.readRanks(call, at)
    const min = this.isReverse ? at + 1 : at
    const max = this.isReverse ? at : at + 1
    return this.kind === RangeKind.score ? parseScores(call, min, max, this.scores) : parseLex(call, min, max, this.lex)
  }

  /** Reads two ranks; false when an error has been replied. */
  readRanks(call: Call, at: number): boolean {
    this.start = call.integer(at)
    if (Number.isNaN(this.start)) return false
    this.stop = call.integer(at + 1)
    return !Number.isNaN(this.stop)
  }

  /** Makes the ranks ones of a sorted set of so many members; false when none of them is in the range. */
  fitRanks(size: number): boolean {
    if (this.start < 0) this.start = Math.max(0, size + this.start)
    if (this.stop < 0) this.stop += size
    if (this.start > this.stop || this.start >= size) return false
    if (this.stop >= size) this.stop = size - 1
    return true
  }
}

/** Reads the scores at two arguments; false when an error has been replied. */
export function parseScores(call: Call, min: number, max: number, into: ScoreRange): boolean {
  const { bytes, ends, starts } = call
  const isRange = into.parse(bytes, starts[min]!, ends[min]!, starts[max]!, ends[max]!)
  return isRange || refuse(call, ErrorReply.rangeNotAFloat)
}

/** The same for members. */
export function parseLex(call: Call, min: number, max: number, into: LexRange): boolean {
  const { bytes, ends, starts } = call
  const isRange = into.parse(bytes, starts[min]!, ends[min]!, starts[max]!, ends[max]!)
  return isRange || refuse(call, ErrorReply.rangeNotAString)
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
