/** HRANDFIELD. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { HashView } from '../../keyspace/types/hash-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { drawPlaces, isBeyondHalf, isClosing, sampleCount, SelectionSample } from '../sample.js'

const WITHVALUES = latin1Bytes('withvalues')

/**
 * HRANDFIELD key [count [WITHVALUES]]
 *
 * With a count, so many different fields, or all there are; with a negative one, so many independent picks. In RESP3 a field
 * and its value come as a pair.
 *
 * Errors: not an integer, or value out of range (count); syntax; WRONGTYPE (key holds another type).
 */
export const hrandfield = defineCommand({
  name: 'HRANDFIELD',
  summary: 'Returns random fields of a hash.',
  since: '6.2.0',
  group: 'hash',
  complexity: 'O(N), N = fields returned',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    {
      name: 'options',
      type: 'block',
      isOptional: true,
      args: ['count:integer', 'withvalues:pure-token token=WITHVALUES optional'],
    },
  ],
  tips: ['nondeterministic_output'],
  reply: 'bulk|nil|array',

  run(call) {
    const hasCount = call.argc >= 3
    const count = hasCount ? sampleCount(call, 2) : 1
    if (Number.isNaN(count)) return
    if (call.argc > 4 || (call.argc === 4 && !call.is(3, WITHVALUES))) return call.fail(ErrorReply.syntax)
    if (call.argc === 4 && isBeyondHalf(call, 2)) return call.fail(ErrorReply.outOfRange)
    const entry = call.findRead(1)
    if (entry === 0) return hasCount ? call.reply.emptyArray() : call.reply.nil()
    if (!call.hasType(entry, Type.hash)) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    if (hasCount) return replySample(call, view, count, call.argc === 4)
    if (view.size === 0) return call.reply.nil()
    view.random()
    view.replyField(call.reply)
  },
})

const selection = new SelectionSample()
function replySample(call: Call, view: HashView, count: number, hasValues: boolean): void {
  const { reply } = call
  const { size } = view
  // All fields may have run out of time.
  const wanted = count < 0 && size !== 0 ? -count : Math.min(Math.abs(count), size)
  reply.array(hasValues && reply.protocol === 2 ? wanted * 2 : wanted)
  if (count < 0) {
    for (let left = wanted; left > 0 && !isClosing(call); left--) {
      view.random()
      replyShown(call, view, hasValues)
    }
    return
  }
  if (drawPlaces(wanted, size)) return replyDrawn(call, view, wanted, hasValues)
  selection.begin(wanted, size, call.keyspace.random)
  view.rewind()
  while (view.next()) if (selection.takes()) replyShown(call, view, hasValues)
}

/** Few of many: picks until so many different ones have come up. */
function replyDrawn(call: Call, view: HashView, wanted: number, hasValues: boolean): void {
  const drawn = new Set<number>()
  while (drawn.size < wanted) {
    view.random()
    if (drawn.has(view.place)) continue
    drawn.add(view.place)
    replyShown(call, view, hasValues)
  }
}

function replyShown(call: Call, view: HashView, hasValues: boolean): void {
  const { reply } = call
  if (hasValues && reply.protocol === 3) reply.array(2)
  view.replyField(reply)
  if (hasValues) view.replyContent(reply)
}
