/** XAUTOCLAIM. */

import { latin1Bytes } from '../../base/bytes.js'
import { Int64, parseInt64, toNumber } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import type { Stream } from '../../structures/stream.js'
import {
  countDelivery,
  deliveredMs,
  giveTo,
  groupPending,
  removePending,
  setActiveMs,
  setDeliveredMs,
  setSeenMs,
} from '../../structures/stream-groups.js'
import { setIdZero, StreamId } from '../../structures/stream-id.js'
import { IndexCursor } from '../../structures/stream-index.js'
import { findGroupIn, findOrAddConsumer, propagateClaim } from './group.js'
import { IdList, readStart } from './ids.js'
import { hasEntry, idText, replyEntryOf, replyId } from './reply.js'

const COUNT = latin1Bytes('count')
const JUSTID = latin1Bytes('justid')
const COUNT_DEFAULT = 100
/** So many pending entries are looked at for each that may be claimed. */
const LOOKS = 10
/** COUNT may be a sixteenth of the 64-bit range, as ids of so many bytes are kept: the upper half of that. */
const COUNT_HIGH_MAX = 0x7ffffff
/** Ids that a reply with so many would not fit into the memory of any machine. */
const TRANSIENT_MAX = 2 ** 43

/**
 * XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]
 *
 * Replies with the id to go on from, 0-0 at the end; with what was claimed; and with the ids of entries that were pending but are no
 * longer in the stream.
 *
 * Errors:  idle time not an integer; not an id; COUNT below 1; syntax; WRONGTYPE (key holds another type); NOGROUP.
 * Effects: as XCLAIM.
 */
export const xautoclaim = defineCommand({
  name: 'XAUTOCLAIM',
  summary: 'Makes a consumer the one that has to acknowledge entries that have been pending for long.',
  since: '6.2.0',
  group: 'stream',
  complexity: 'O(log N) for each entry claimed, N = entries pending',
  arity: -6,
  flags: Flag.write | Flag.fast,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: [
    'key:key',
    'group:string',
    'consumer:string',
    'min-idle-time:string',
    'start:string',
    'count:integer token=COUNT optional',
    'justid:pure-token token=JUSTID optional',
  ],
  tips: ['nondeterministic_output'],
  history: [
    ['7.0.0', 'Entries that are gone are no longer pending afterwards, and their ids are a third part of the reply.'],
  ],
  reply: 'array',

  run(call) {
    const entry = call.findRead(1)
    if (!options.read(call)) return
    const group = findGroupIn(call, entry)
    if (group === 0) return
    if (options.count > TRANSIENT_MAX) return call.fail(ErrorReply.autoclaimMemory)
    call.propagateNothing()
    claimIdle(call, group)
  },
})

class AutoclaimArguments {
  idleMs: number
  readonly start: StreamId
  count: number
  isIdOnly: boolean

  constructor() {
    this.idleMs = 0
    this.start = new StreamId()
    this.count = 0
    this.isIdOnly = false
  }

  /** False when an error has been replied. */
  read(call: Call): boolean {
    this.count = COUNT_DEFAULT
    this.isIdOnly = false
    this.idleMs = call.parseInteger(4)
    if (Number.isNaN(this.idleMs)) return refuse(call, ErrorReply.autoclaimMinIdle)
    if (!readStart(call, 5, this.start)) return false
    for (let at = 6; at < call.argc; at++) {
      if (at + 1 < call.argc && call.is(at, COUNT)) {
        const isNumber = parseInt64(call.bytes, call.starts[++at]!, call.ends[at]!, wide)
        this.count = isNumber ? toNumber(wide) : 0
        if (this.count < 1 || wide.high > COUNT_HIGH_MAX) return refuse(call, ErrorReply.countMustBePositive)
      } else if (call.is(at, JUSTID)) this.isIdOnly = true
      else return refuse(call, ErrorReply.syntax)
    }
    return true
  }
}

const options = new AutoclaimArguments()
const claimed = new IdList()
const deleted = new IdList()
const place = new IndexCursor()
const id = new StreamId()
const wide = new Int64()

function claimIdle(call: Call, group: Pointer): void {
  const { arena } = call
  const { view } = call.keyspace.streams
  call.database.beforeQuietWrite(call.bytes, call.starts[1]!, call.ends[1]!)
  const consumer = findOrAddConsumer(call, group, 1, 3)
  if (consumer === 0) return call.fail(ErrorReply.outOfMemory)
  setSeenMs(arena, consumer, call.nowMs)
  claimed.clear()
  deleted.clear()
  const isMore = claimFrom(call, view, group, consumer)
  replyOutcome(call, view, isMore)
}

/** Claims from the start on; false when all that is pending has been looked at. `place` stands on the next otherwise. */
function claimFrom(call: Call, stream: Stream, group: Pointer, consumer: Pointer): boolean {
  const { arena, nowMs } = call
  const { cursor } = call.keyspace.streams
  const pendings = groupPending(group)
  let looks = options.count * LOOKS
  let isThere = place.toCeiling(arena, pendings, options.start)
  while (isThere && looks-- > 0 && claimed.count + deleted.count < options.count) {
    place.readId(arena, id)
    const pending = place.value(arena)
    if (!hasEntry(cursor, stream, id)) {
      forget(call, group, pending)
      isThere = place.toCeiling(arena, pendings, id)
      continue
    }
    if (options.idleMs <= 0 || nowMs - deliveredMs(arena, pending) >= options.idleMs) {
      if (!claim(call, group, consumer, pending)) break
    }
    isThere = place.next(arena)
  }
  return isThere
}

/** Takes over a pending entry; false when memory could not be had. */
function claim(call: Call, group: Pointer, consumer: Pointer, pending: Pointer): boolean {
  const { arena, nowMs } = call
  if (!giveTo(arena, pending, id, consumer)) return false
  setDeliveredMs(arena, pending, nowMs)
  if (!options.isIdOnly) countDelivery(arena, pending)
  setActiveMs(arena, consumer, nowMs)
  claimed.add(id)
  propagateClaim(call, 1, 2, idText(id), group, pending)
  call.changed(1)
  return true
}

/** An entry that is no longer in the stream is no longer pending. */
function forget(call: Call, group: Pointer, pending: Pointer): void {
  propagateClaim(call, 1, 2, idText(id), group, pending)
  call.changed(1)
  removePending(call.arena, group, pending, id)
  deleted.add(id)
}

function replyOutcome(call: Call, stream: Stream, isMore: boolean): void {
  const { arena, reply } = call
  const { cursor } = call.keyspace.streams
  if (isMore) place.readId(arena, id)
  else setIdZero(id)
  reply.array(3)
  replyId(reply, id)
  reply.array(claimed.count)
  for (let i = 0; i < claimed.count; i++) {
    claimed.get(i, id)
    if (options.isIdOnly) replyId(reply, id)
    else replyEntryOf(reply, cursor, stream, id)
  }
  reply.array(deleted.count)
  for (let i = 0; i < deleted.count; i++) {
    deleted.get(i, id)
    replyId(reply, id)
  }
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
