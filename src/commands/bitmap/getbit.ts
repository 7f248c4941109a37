/** GETBIT. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { bitPosition } from './bit-arguments.js'
import { BitmapView } from './bitmap-view.js'

/**
 * GETBIT key offset
 *
 * Errors: bit offset is not an integer or out of range; WRONGTYPE (key holds another type). Behind the end there are zeros.
 */
export const getbit = defineCommand({
  name: 'GETBIT',
  summary: 'Returns one bit of the string at a key.',
  since: '2.2.0',
  group: 'bitmap',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly | Flag.fast,
  acl: ['bitmap'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'offset:integer'],
  reply: 'integer',

  run(call) {
    const position = bitPosition(call, 2)
    if (position < 0) return
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.string)) return
    view.show(call.arena, entry)
    const at = view.start + Math.floor(position / 8)
    call.reply.integer(at < view.end ? (view.bytes[at]! >>> (7 - (position & 7))) & 1 : 0)
  },
})

const view = new BitmapView()
