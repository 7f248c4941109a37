/** SRANDMEMBER. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { SetView } from '../../keyspace/types/set-view.js'
import { ErrorReply } from '../../protocol/errors.js'
import { drawPlaces, isClosing, sampleCount, SelectionSample } from '../sample.js'

/**
 * SRANDMEMBER key [count]
 *
 * With a count, so many different members, or all there are; with a negative one, so many independent picks.
 *
 * Errors: not an integer, or value out of range (count); syntax; WRONGTYPE (key holds another type).
 */
export const srandmember = defineCommand({
  name: 'SRANDMEMBER',
  summary: 'Returns random members of a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1); with a count O(N), N = its absolute value',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'count:integer optional since=2.6.0'],
  history: [['2.6.0', 'Takes a count.']],
  tips: ['nondeterministic_output'],
  reply: 'bulk|nil|array',

  run(call) {
    if (call.argc > 3) return call.fail(ErrorReply.syntax)
    const count = call.argc === 3 ? sampleCount(call, 2) : NaN
    if (call.argc === 3 && Number.isNaN(count)) return
    const entry = call.findRead(1)
    if (entry === 0) return call.argc === 3 ? call.reply.emptyArray() : call.reply.nil()
    if (!call.hasType(entry, Type.set)) return
    const { view } = call.keyspace.sets
    view.open(entry)
    if (call.argc === 3) return replySample(call, view, count)
    view.random()
    view.reply(call.reply)
  },
})

const selection = new SelectionSample()

function replySample(call: Call, view: SetView, count: number): void {
  const { reply } = call
  const { size } = view
  if (count < 0) {
    reply.array(-count)
    for (let left = -count; left > 0 && !isClosing(call); left--) {
      view.random()
      view.reply(reply)
    }
    return
  }
  const wanted = Math.min(count, size)
  reply.array(wanted)
  if (drawPlaces(wanted, size)) return replyDrawn(call, view, wanted)
  selection.begin(wanted, size, call.keyspace.random)
  view.rewind()
  while (view.next()) if (selection.takes()) view.reply(reply)
}

/** Few of many: picks until so many different ones have come up. */
function replyDrawn(call: Call, view: SetView, wanted: number): void {
  const drawn = new Set<number>()
  while (drawn.size < wanted) {
    view.random()
    if (drawn.has(view.place)) continue
    drawn.add(view.place)
    view.reply(call.reply)
  }
}
