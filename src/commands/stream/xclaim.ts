/** XCLAIM. */

import { Int64, parseInt64 } from '../../base/int64.js'
import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import {
  countDelivery,
  deliver,
  deliveredMs,
  findPending,
  giveTo,
  readGroupLastId,
  removePending,
  setActiveMs,
  setDeliveredMs,
  setDeliveries,
  setGroupLastId,
  setSeenMs,
} from '../../structures/stream-groups.js'
import { compareIds, setIdZero, StreamId } from '../../structures/stream-id.js'
import { findGroupIn, findOrAddConsumer, propagateClaim, propagateGroupId } from './group.js'
import { IdList, isId, readId } from './ids.js'
import { hasEntry, replyEntryOf, replyId } from './reply.js'

const FORCE = latin1Bytes('force')
const JUSTID = latin1Bytes('justid')
const IDLE = latin1Bytes('idle')
const TIME = latin1Bytes('time')
const RETRYCOUNT = latin1Bytes('retrycount')
const LASTID = latin1Bytes('lastid')
const FIRST_ID_ARGUMENT = 5

/**
 * XCLAIM key group consumer min-idle-time id [id …] [IDLE ms] [TIME ms] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID id]
 *
 * Errors:  WRONGTYPE (key holds another type); NOGROUP; numbers that are none, each with a text of its own; unknown option.
 * Effects: creates the consumer, `xgroup-createconsumer`; replicated as one XCLAIM for each entry, which says all there is. Entries that
 *          are no longer in the stream are no longer pending then.
 */
export const xclaim = defineCommand({
  name: 'XCLAIM',
  summary: 'Makes a consumer the one that has to acknowledge given entries, which were delivered to another.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N) for each id, N = entries pending in the group',
  arity: -6,
  flags: Flag.write | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: [
    'key:key',
    'group:string',
    'consumer:string',
    'min-idle-time:string',
    'ID:string multiple',
    'ms:integer token=IDLE optional',
    'unix-time-milliseconds:unix-time token=TIME optional',
    'count:integer token=RETRYCOUNT optional',
    'force:pure-token token=FORCE optional',
    'justid:pure-token token=JUSTID optional',
    'lastid:string token=LASTID optional',
  ],
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    const group = findGroupIn(call, call.findRead(1))
    if (group === 0 || !options.read(call)) return
    call.propagateNothing()
    claimAll(call, group)
  },
})

class ClaimArguments {
  /** Entries that were delivered later ago are left alone. */
  idleMs: number
  readonly ids: IdList
  readonly lastId: StreamId
  /** What becomes the time of delivery. */
  timeMs: number
  hasDeliveries: boolean
  readonly deliveries: Int64
  isForced: boolean
  isIdOnly: boolean
  private readonly id: StreamId

  constructor() {
    this.idleMs = 0
    this.ids = new IdList()
    this.lastId = new StreamId()
    this.timeMs = 0
    this.hasDeliveries = false
    this.deliveries = new Int64()
    this.isForced = false
    this.isIdOnly = false
    this.id = new StreamId()
  }

  /** False when an error has been replied. */
  read(call: Call): boolean {
    this.idleMs = call.parseInteger(4)
    if (Number.isNaN(this.idleMs)) return refuse(call, ErrorReply.claimMinIdle)
    this.timeMs = call.nowMs
    this.hasDeliveries = false
    this.isForced = false
    this.isIdOnly = false
    setIdZero(this.lastId)
    this.ids.clear()
    let at = FIRST_ID_ARGUMENT
    for (; at < call.argc && isId(call, at, this.id); at++) this.ids.add(this.id)
    while (at < call.argc) {
      at = this.readOption(call, at)
      if (at < 0) return false
    }
    // Clients reckon with clocks of their own: a time that cannot be is now.
    if (!(this.timeMs >= 0 && this.timeMs <= call.nowMs)) this.timeMs = call.nowMs
    return true
  }

  private readOption(call: Call, at: number): number {
    const hasMore = at + 1 < call.argc
    if (call.is(at, FORCE)) this.isForced = true
    else if (call.is(at, JUSTID)) this.isIdOnly = true
    else if (hasMore) return this.readValue(call, at)
    else return failing(call, ErrorReply.claimOption(call.text(at)))
    return at + 1
  }

  private readValue(call: Call, at: number): number {
    const value = at + 1
    if (call.is(at, LASTID)) return readId(call, value, this.lastId) ? at + 2 : -1
    if (call.is(at, IDLE)) {
      const idleMs = call.parseInteger(value)
      if (Number.isNaN(idleMs)) return failing(call, ErrorReply.claimIdle)
      this.timeMs = call.nowMs - idleMs
    } else if (call.is(at, TIME)) {
      this.timeMs = call.parseInteger(value)
      if (Number.isNaN(this.timeMs)) return failing(call, ErrorReply.claimTime)
    } else if (call.is(at, RETRYCOUNT)) {
      const { deliveries } = this
      if (!parseInt64(call.bytes, call.starts[value]!, call.ends[value]!, deliveries)) {
        return failing(call, ErrorReply.claimRetryCount)
      }
      this.hasDeliveries = deliveries.high >= 0
    } else return failing(call, ErrorReply.claimOption(call.text(at)))
    return at + 2
  }
}

const options = new ClaimArguments()
const id = new StreamId()
const groupId = new StreamId()

function claimAll(call: Call, group: Pointer): void {
  const { arena, database, reply } = call
  const { view } = call.keyspace.streams
  const dirtyBefore = call.store.dirty
  database.beforeQuietWrite(call.bytes, call.starts[1]!, call.ends[1]!)
  const consumer = findOrAddConsumer(call, group, 1, 3)
  if (consumer === 0) return call.fail(ErrorReply.outOfMemory)
  const created = call.store.dirty - dirtyBefore
  readGroupLastId(arena, group, groupId)
  const isMoved = compareIds(options.lastId, groupId) > 0
  if (isMoved) setGroupLastId(arena, group, options.lastId)
  setSeenMs(arena, consumer, call.nowMs)
  const mark = reply.deferArray()
  let claimed = 0
  for (let i = 0; i < options.ids.count; i++) {
    options.ids.get(i, id)
    const outcome = claimOne(call, view, group, consumer, FIRST_ID_ARGUMENT + i)
    if (outcome < 0) break
    claimed += outcome
  }
  if (isMoved && call.store.dirty === dirtyBefore + created) {
    propagateGroupId(call, 1, 2, group)
    call.changed(1)
  }
  reply.setArray(mark, claimed)
}

/**
 * Claims the entry of `id`, which argument `at` told, and replies with it.
 *
 * @returns entries claimed, -1 when memory could not be had
 */
function claimOne(call: Call, stream: Stream, group: Pointer, consumer: Pointer, at: number): number {
  const { arena, nowMs, reply } = call
  const { cursor } = call.keyspace.streams
  let pending = findPending(arena, group, id)
  if (!hasEntry(cursor, stream, id)) {
    if (pending !== 0) forget(call, group, pending, at)
    return 0
  }
  if (pending === 0) {
    if (!options.isForced) return 0
    pending = deliver(arena, group, consumer, id, nowMs)
    if (pending === 0) return -1
  } else {
    if (options.idleMs > 0 && nowMs - deliveredMs(arena, pending) < options.idleMs) return 0
    if (!giveTo(arena, pending, id, consumer)) return -1
  }
  setDeliveredMs(arena, pending, options.timeMs)
  if (options.hasDeliveries) setDeliveries(arena, pending, options.deliveries)
  else if (!options.isIdOnly) countDelivery(arena, pending)
  if (options.isIdOnly) replyId(reply, id)
  else replyEntryOf(reply, cursor, stream, id)
  setActiveMs(arena, consumer, nowMs)
  propagateClaim(call, 1, 2, call.copyBytes(at), group, pending)
  call.changed(1)
  return 1
}

/** An entry that is no longer in the stream is no longer pending. */
function forget(call: Call, group: Pointer, pending: Pointer, at: number): void {
  propagateClaim(call, 1, 2, call.copyBytes(at), group, pending)
  call.changed(1)
  removePending(call.arena, group, pending, id)
}

function failing(call: Call, error: ErrorReply): number {
  call.fail(error)
  return -1
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
