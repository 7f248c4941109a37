/** BITCOUNT. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ErrorReply } from '../../protocol/errors.js'
import { countBits, countBitsBetween } from '../../structures/bitmap.js'
import { isReversed, startIn, stopIn } from '../string/range.js'
import { rangeUnit, Unit } from './bit-arguments.js'
import { BitmapView } from './bitmap-view.js'

/**
 * BITCOUNT key [start end [BYTE | BIT]]
 *
 * Errors: WRONGTYPE (key holds another type); not an integer (start, end); syntax. A missing key has no bits, whatever the
 *         other arguments are.
 */
export const bitcount = defineCommand({
  name: 'BITCOUNT',
  summary: 'Counts the bits that are set in a string or in part of it.',
  since: '2.6.0',
  group: 'bitmap',
  complexity: 'O(N), N = bytes to look at',
  arity: -2,
  flags: Flag.readOnly,
  acl: ['bitmap'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: [
    'key:key',
    {
      name: 'range',
      type: 'block',
      isOptional: true,
      args: [
        'start:integer',
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
  history: [['7.0.0', 'Ranges may count in bits: `BYTE`, `BIT`.']],
  reply: 'integer',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.string)) return
    view.show(call.arena, entry)
    if (call.argc === 2) call.reply.integer(countBits(view.bytes, view.words, view.start, view.end))
    else if (call.argc === 4 || call.argc === 5) countRange(call)
    else call.fail(ErrorReply.syntax)
  },
})

const view = new BitmapView()

function countRange(call: Call): void {
  const start = call.integer(2)
  if (Number.isNaN(start)) return
  const stop = call.integer(3)
  if (Number.isNaN(stop)) return
  if (isReversed(call, 2, start, stop)) return call.reply.integer(0)
  const unit = call.argc === 5 ? rangeUnit(call, 4) : Unit.byte
  if (unit < 0) return

  const length = unit === Unit.bit ? view.length * 8 : view.length
  const first = startIn(length, start)
  const last = stopIn(length, stop)
  let count = 0
  if (first <= last && unit === Unit.bit) count = countBitsBetween(view.bytes, view.words, view.start, first, last)
  else if (first <= last) count = countBits(view.bytes, view.words, view.start + first, view.start + last + 1)
  call.reply.integer(count)
}
