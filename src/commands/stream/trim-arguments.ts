/** The options that XADD and XTRIM share, and what trimming does to a stream. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { ClientFlag } from '../../engine/client.js'
import { EventClass } from '../../engine/key-events.js'
import type { EffectPart } from '../../engine/effects.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import { IdForm, IdText, parseId, StreamId } from '../../structures/stream-id.js'
import { isSign, readId } from './ids.js'
import { idText } from './reply.js'

const MAXLEN = latin1Bytes('maxlen')
const MINID = latin1Bytes('minid')
const LIMIT = latin1Bytes('limit')
const NOMKSTREAM = latin1Bytes('nomkstream')
const STAR = 0x2a
const TILDE = 0x7e
const EQUAL = 0x3d

/** Nodes that a coarse trim without a limit of its own may take away. */
const NODES_MAX = 100
/** What that limit is when nodes have none, and the most it may be. */
const ENTRIES_MAX_DEFAULT = 10_000
const ENTRIES_MAX = 1_000_000

export const Strategy = { none: 0, maxLength: 1, minId: 2 } as const

/** How the id of a new entry is told. */
export const IdGiven = { not: 0, ms: 1, whole: 2 } as const

export class TrimArguments {
  strategy: number
  isCoarse: boolean
  lengthMax: number
  readonly minId: StreamId
  /** Most entries that go; 0 is no limit. */
  limit: number
  /** The argument of `lengthMax` or `minId`; the sign stands in front when `isCoarse`. */
  thresholdIndex: number
  // Of XADD:
  readonly id: StreamId
  idGiven: number
  makesNoStream: boolean
  private hasLimit: boolean

  constructor() {
    this.strategy = Strategy.none
    this.isCoarse = false
    this.lengthMax = 0
    this.minId = new StreamId()
    this.limit = 0
    this.thresholdIndex = 0
    this.id = new StreamId()
    this.idGiven = IdGiven.not
    this.makesNoStream = false
    this.hasLimit = false
  }

  /**
   * Reads the arguments from 2 on.
   *
   * @returns the argument of the id (XADD) or the end (XTRIM); -1 when an error has been replied
   */
  read(call: Call, isAdd: boolean): number {
    this.strategy = Strategy.none
    this.isCoarse = false
    this.limit = 0
    this.idGiven = IdGiven.not
    this.makesNoStream = false
    this.hasLimit = false
    let at = 2
    while (at < call.argc) {
      if (isAdd && isSign(call, at, STAR)) break
      const next = this.readOption(call, at, isAdd)
      if (next < 0) return -1
      if (next === at) break
      at = next
    }
    return this.settle(call, isAdd) ? at : -1
  }

  /** Reads one option; returns what follows it, the same place at the id of XADD, or -1. */
  private readOption(call: Call, at: number, isAdd: boolean): number {
    const hasMore = at + 1 < call.argc
    if (hasMore && call.is(at, MAXLEN)) return this.readThreshold(call, at, Strategy.maxLength)
    if (hasMore && call.is(at, MINID)) return this.readThreshold(call, at, Strategy.minId)
    if (hasMore && call.is(at, LIMIT)) return this.readLimit(call, at + 1)
    if (isAdd && call.is(at, NOMKSTREAM)) {
      this.makesNoStream = true
      return at + 1
    }
    if (!isAdd) return failing(call, ErrorReply.syntax)
    const { bytes, ends, starts } = call
    const form = parseId(bytes, starts[at]!, ends[at]!, IdForm.openSequence, false, this.id)
    if (form === IdText.invalid) return failing(call, ErrorReply.streamId)
    this.idGiven = form === IdText.whole ? IdGiven.whole : IdGiven.ms
    return at
  }

  private readThreshold(call: Call, at: number, strategy: number): number {
    if (this.strategy !== Strategy.none) return failing(call, ErrorReply.streamMaxlenMinid)
    let index = at + 1
    this.isCoarse = false
    if (index + 1 < call.argc && (isSign(call, index, TILDE) || isSign(call, index, EQUAL))) {
      this.isCoarse = isSign(call, index, TILDE)
      index++
    }
    if (strategy === Strategy.minId) {
      if (!readId(call, index, this.minId)) return -1
    } else {
      this.lengthMax = call.integer(index)
      if (Number.isNaN(this.lengthMax)) return -1
      if (this.lengthMax < 0) return failing(call, ErrorReply.streamMaxlenNegative)
    }
    this.strategy = strategy
    this.thresholdIndex = index
    return index + 1
  }

  private readLimit(call: Call, index: number): number {
    this.limit = call.integer(index)
    if (Number.isNaN(this.limit)) return -1
    if (this.limit < 0) return failing(call, ErrorReply.streamLimitNegative)
    this.hasLimit = true
    return index + 1
  }

  private settle(call: Call, isAdd: boolean): boolean {
    if (this.strategy === Strategy.none) {
      if (this.limit !== 0) return refuse(call, ErrorReply.streamLimitAlone)
      if (!isAdd) return refuse(call, ErrorReply.streamTrimStrategy)
    }
    // What a primary or a file says has been decided there.
    if ((call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0) this.limit = 0
    else if (this.hasLimit) {
      if (!this.isCoarse) return refuse(call, ErrorReply.streamLimitExact)
    } else this.limit = this.isCoarse ? limitFor(call.keyspace.streams.nodeEntriesMax) : 0
    return true
  }
}

function limitFor(nodeEntriesMax: number): number {
  const limit = NODES_MAX * nodeEntriesMax
  return limit <= 0 ? ENTRIES_MAX_DEFAULT : Math.min(limit, ENTRIES_MAX)
}

function failing(call: Call, error: ErrorReply): number {
  call.fail(error)
  return -1
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}

/** Trims the stream at key 1 and announces it; returns how many entries went. */
export function trimStream(call: Call, stream: Stream, by: TrimArguments): number {
  const removed =
    by.strategy === Strategy.maxLength
      ? stream.trimToLength(by.lengthMax, by.isCoarse, by.limit)
      : stream.trimBelow(by.minId, by.isCoarse, by.limit)
  if (removed > 0) call.notify(EventClass.stream, 'xtrim', 1)
  return removed
}

const edge = new StreamId()

/** In the words of an effect: a coarse trim as the exact one to which it has come. */
export function exactTrim(words: EffectPart[], stream: Stream, by: TrimArguments): void {
  words[by.thresholdIndex - 1] = '='
  if (by.strategy === Strategy.maxLength) words[by.thresholdIndex] = stream.length
  else {
    stream.edgeId(true, false, edge)
    words[by.thresholdIndex] = idText(edge)
  }
}

/** The words of a call, to be told otherwise in part. */
export function wordsOf(call: Call): EffectPart[] {
  const words: EffectPart[] = [call.command.name]
  for (let i = 1; i < call.argc; i++) words.push(call.copyBytes(i))
  return words
}
