/** LINDEX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ListCursor, replyElement } from '../../keyspace/types/list.js'
import { ListpackElement } from '../../structures/listpack.js'

const cursor = new ListCursor()
const shown = new ListpackElement()

/**
 * LINDEX key index
 *
 * Errors: WRONGTYPE (key holds another type); not an integer (index; asked only when there is a list).
 */
export const lindex = defineCommand({
  name: 'LINDEX',
  summary: 'Reads the element at a place in a list, counted from 0, or backwards from -1.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N), N = elements between the place and the nearer end; whole nodes of long lists are stepped over',
  arity: 3,
  flags: Flag.readOnly,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'index:integer'],
  reply: 'bulk|nil',

  run(call) {
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.list)) return
    const index = call.integer(2)
    if (Number.isNaN(index)) return
    if (!cursor.toIndex(call.arena, entry, index)) return call.reply.nil()
    cursor.read(shown)
    replyElement(call.reply, shown)
  },
})
