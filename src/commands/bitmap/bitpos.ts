/** BITPOS. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ErrorReply } from '../../protocol/errors.js'
import { findBit } from '../../structures/bitmap.js'
import { startIn, stopIn } from '../string/range.js'
import { rangeUnit, Unit } from './bit-arguments.js'
import { BitmapView } from './bitmap-view.js'

/**
 * BITPOS key bit [start [end [BYTE | BIT]]]
 *
 * Errors: not an integer (bit, start, end); the bit argument must be 1 or 0; WRONGTYPE (key holds another type); syntax.
 *
 * Without an end, zeros follow the string, and the first of them may be the answer; with one, and in an empty range, what is
 * not found is -1. A missing key is all zeros.
 */
export const bitpos = defineCommand({
  name: 'BITPOS',
  summary: 'Returns the position of the first bit that is set, or that is clear.',
  since: '2.8.7',
  group: 'bitmap',
  complexity: 'O(N), N = bytes to look at',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['bitmap'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    'bit:integer',
    {
      name: 'range',
      type: 'block',
      isOptional: true,
      args: [
        'start:integer',
        {
          name: 'end-unit-block',
          type: 'block',
          isOptional: true,
          args: [
            'end:integer',
            {
              name: 'unit',
              type: 'oneof',
              isOptional: true,
              since: '7.0.0',
              args: ['byte:pure-token token=BYTE', 'bit:pure-token token=BIT'],
            },
          ],
        },
      ],
    },
  ],
  history: [['7.0.0', 'Ranges may count in bits: `BYTE`, `BIT`.']],
  reply: 'integer',

  run(call) {
    const bit = call.integer(2)
    if (Number.isNaN(bit)) return
    if (bit !== 0 && bit !== 1) return call.fail(ErrorReply.bitArgument)
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(bit === 1 ? -1 : 0)
    if (!call.hasType(entry, Type.string)) return
    view.show(call.arena, entry)
    if (call.argc > 6) return call.fail(ErrorReply.syntax)
    if (parseRange(call)) call.reply.integer(search(bit === 1, call.argc >= 5))
  },
})

const view = new BitmapView()
/** The first and the last bit to look at. */
const range = { first: 0, last: 0 }

function parseRange(call: Call): boolean {
  range.first = 0
  range.last = view.length * 8 - 1
  if (call.argc === 3) return true
  const start = call.integer(3)
  if (Number.isNaN(start)) return false
  const unit = call.argc === 6 ? rangeUnit(call, 5) : Unit.byte
  if (unit < 0) return false
  const stop = call.argc >= 5 ? call.integer(4) : -1
  if (Number.isNaN(stop)) return false

  const bits = unit === Unit.bit ? 1 : 8
  const length = unit === Unit.bit ? view.length * 8 : view.length
  range.first = startIn(length, start) * bits
  range.last = (stopIn(length, stop) + 1) * bits - 1
  return true
}

function search(value: boolean, hasEnd: boolean): number {
  const { first, last } = range
  if (first > last) return -1
  const found = findBit(view.bytes, view.words, view.start, value, first, last)
  return found < 0 && !value && !hasEnd ? last + 1 : found
}
