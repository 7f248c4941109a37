/** XPENDING. */

import { Int64 } from '../../base/int64.js'
import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import {
  consumerPending,
  consumersOf,
  deliveredMs,
  findConsumer,
  groupPending,
  pendingConsumer,
  readDeliveries,
} from '../../structures/stream-groups.js'
import { StreamId } from '../../structures/stream-id.js'
import { indexCount, IndexCursor } from '../../structures/stream-index.js'
import { NameWalk } from '../../structures/stream-names.js'
import { findGroupIn, replyName, replyWide } from './group.js'
import { readEnd, readStart } from './ids.js'
import { replyId } from './reply.js'

const IDLE = latin1Bytes('idle')
/** Arguments with a range, at least and at most. */
const RANGE_ARGC_MIN = 6
const RANGE_ARGC_MAX = 9
/** With IDLE there are at least so many. */
const IDLE_ARGC_MIN = 8

/**
 * XPENDING key group [[IDLE min-idle-time] start end count [consumer]]
 *
 * Errors:  syntax; not an integer (idle time, count); not an id; WRONGTYPE (key holds another type); NOGROUP.
 */
export const xpending = defineCommand({
  name: 'XPENDING',
  summary: 'What a consumer group has yet to acknowledge: in sum, or entry by entry.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N = entries returned, or looked at with IDLE; in sum O(N), N = consumers',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['stream'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'group:string',
    {
      name: 'filters',
      type: 'block',
      isOptional: true,
      args: [
        'min-idle-time:integer token=IDLE optional since=6.2.0',
        'start:string',
        'end:string',
        'count:integer',
        'consumer:string optional',
      ],
    },
  ],
  tips: ['nondeterministic_output'],
  history: [['6.2.0', 'Takes IDLE, and ids can be left out of the range.']],
  reply: 'array',

  run(call) {
    if (call.argc === 3) return replySum(call)
    if (call.argc < RANGE_ARGC_MIN || call.argc > RANGE_ARGC_MAX) return call.fail(ErrorReply.syntax)
    const hasIdle = call.is(3, IDLE)
    const idleMs = hasIdle ? call.integer(4) : 0
    if (Number.isNaN(idleMs)) return
    if (hasIdle && call.argc < IDLE_ARGC_MIN) return call.fail(ErrorReply.syntax)
    replyRange(call, hasIdle ? 5 : 3, idleMs)
  },
})

const start = new StreamId()
const end = new StreamId()
const id = new StreamId()
const place = new IndexCursor()
const walk = new NameWalk()
const deliveries = new Int64()

function replySum(call: Call): void {
  const { arena, reply } = call
  const group = findGroupIn(call, call.findRead(1))
  if (group === 0) return
  const pending = groupPending(group)
  const count = indexCount(arena, pending)
  reply.array(4)
  reply.integer(count)
  if (count === 0) {
    reply.nil()
    reply.nil()
    return reply.nilArray()
  }
  place.toFirst(arena, pending)
  replyPlace(call)
  place.toLast(arena, pending)
  replyPlace(call)
  replyConsumers(call, group)
}

function replyPlace(call: Call): void {
  place.readId(call.arena, id)
  replyId(call.reply, id)
}

/** Consumers with something pending, and how much. */
function replyConsumers(call: Call, group: Pointer): void {
  const { arena, reply } = call
  const mark = reply.deferArray()
  let consumers = 0
  walk.start(arena, consumersOf(arena, group))
  for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
    const count = indexCount(arena, consumerPending(consumer))
    if (count === 0) continue
    reply.array(2)
    replyName(call, consumer)
    reply.bulkInteger(count)
    consumers++
  }
  reply.setArray(mark, consumers)
}

/** @param at  argument where the range begins */
function replyRange(call: Call, at: number, idleMs: number): void {
  const { arena, argc, bytes, ends, reply, starts } = call
  const count = call.integer(at + 2)
  if (Number.isNaN(count)) return
  if (!readStart(call, at, start) || !readEnd(call, at + 1, end)) return
  const group = findGroupIn(call, call.findRead(1))
  if (group === 0) return
  let pending = groupPending(group)
  if (at + 3 < argc) {
    const consumer = findConsumer(arena, group, bytes, starts[at + 3]!, ends[at + 3]!)
    if (consumer === 0) return reply.emptyArray()
    pending = consumerPending(consumer)
  }
  replyPending(call, pending, count, idleMs)
}

function replyPending(call: Call, pending: Pointer, count: number, idleMs: number): void {
  const { arena, nowMs, reply } = call
  const mark = reply.deferArray()
  let entries = 0
  let isThere = count > 0 && place.toCeiling(arena, pending, start)
  for (; isThere && entries < count && place.compare(arena, end) <= 0; isThere = place.next(arena)) {
    const entry = place.value(arena)
    const elapsedMs = nowMs - deliveredMs(arena, entry)
    if (idleMs !== 0 && elapsedMs < idleMs) continue
    reply.array(4)
    replyPlace(call)
    replyName(call, pendingConsumer(arena, entry))
    reply.integer(elapsedMs > 0 ? elapsedMs : 0)
    readDeliveries(arena, entry, deliveries)
    replyWide(call, deliveries)
    entries++
  }
  reply.setArray(mark, entries)
}
