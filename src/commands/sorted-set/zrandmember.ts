/** ZRANDMEMBER. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { drawPlaces, isBeyondHalf, isClosing, sampleCount, SelectionSample } from '../sample.js'
import { replyMember } from './reply-range.js'

const WITHSCORES = latin1Bytes('withscores')

/**
 * ZRANDMEMBER key [count [WITHSCORES]]
 *
 * With a count, so many different members, or all there are; with a negative one, so many independent picks. In RESP3 a member
 * and its score come as a pair.
 *
 * Errors: not an integer, or value out of range (count); syntax; WRONGTYPE (key holds another type).
 */
export const zrandmember = defineCommand({
  name: 'ZRANDMEMBER',
  summary: 'Returns random members of a sorted set.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(N), N = members returned',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    {
      name: 'options',
      type: 'block',
      isOptional: true,
      args: ['count:integer', 'withscores:pure-token token=WITHSCORES optional'],
    },
  ],
  tips: ['nondeterministic_output'],
  reply: 'bulk|nil|array',

  run(call) {
    const hasCount = call.argc >= 3
    const count = hasCount ? sampleCount(call, 2) : 1
    if (Number.isNaN(count)) return
    if (call.argc > 4 || (call.argc === 4 && !call.is(3, WITHSCORES))) return call.fail(ErrorReply.syntax)
    if (call.argc === 4 && isBeyondHalf(call, 2)) return call.fail(ErrorReply.outOfRange)
    const entry = call.findRead(1)
    if (entry === 0) return hasCount ? call.reply.emptyArray() : call.reply.nil()
    if (!call.hasType(entry, Type.zset)) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    if (hasCount) return replySample(call, view, count, call.argc === 4)
    view.toRandom()
    view.reply(call.reply)
  },
})

const selection = new SelectionSample()

function replySample(call: Call, view: ZsetView, count: number, hasScores: boolean): void {
  const { reply } = call
  const { size } = view
  const wanted = count < 0 ? -count : Math.min(count, size)
  reply.array(hasScores && reply.protocol === 2 ? wanted * 2 : wanted)
  if (count < 0) {
    for (let left = wanted; left > 0 && !isClosing(call); left--) {
      view.toRandom()
      replyMember(call, view, hasScores)
    }
    return
  }
  if (drawPlaces(wanted, size)) return replyDrawn(call, view, wanted, hasScores)
  selection.begin(wanted, size, call.keyspace.random)
  for (let isThere = view.toFirst(); isThere; isThere = view.next()) {
    if (selection.takes()) replyMember(call, view, hasScores)
  }
}

/** Few of many: picks until so many different ones have come up. */
function replyDrawn(call: Call, view: ZsetView, wanted: number, hasScores: boolean): void {
  const drawn = new Set<number>()
  while (drawn.size < wanted) {
    view.toRandom()
    if (drawn.has(view.place)) continue
    drawn.add(view.place)
    replyMember(call, view, hasScores)
  }
}
