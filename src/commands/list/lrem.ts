/** LREM. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { ListCursor, removeAtCursor, settleCursor } from '../../keyspace/types/list.js'
import type { Pointer } from '../../memory/pointer.js'
import { afterRemoval } from './pop-elements.js'

const cursor = new ListCursor()

/**
 * LREM key count element: how many went. A count above 0 searches from the head, below from the tail, 0 takes all.
 *
 * Errors:  not an integer (count); WRONGTYPE (key holds another type).
 * Effects: `lrem` if something went, and `del` when the list is empty then; replicated as sent.
 */
export const lrem = defineCommand({
  name: 'LREM',
  summary: 'Takes elements that equal a given one out of a list: all, or so many from either end.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N + M), N = elements of the list, M = elements that go',
  arity: 4,
  flags: Flag.write,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'count:integer', 'element:string'],
  reply: 'integer',

  run(call) {
    const count = call.integer(2)
    if (Number.isNaN(count)) return
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.list)) return
    const removed = removeEqual(call, entry, count === 0 ? Infinity : Math.abs(count), count < 0)
    if (removed > 0) afterRemoval(call, entry, 1, removed, 'lrem')
    call.reply.integer(removed)
  },
})

function removeEqual(call: Call, entry: Pointer, most: number, backward: boolean): number {
  const { arena, bytes, database, ends, starts } = call
  let removed = 0
  let isThere = cursor.toIndex(arena, entry, backward ? -1 : 0)
  while (isThere && removed < most) {
    if (!cursor.equals(bytes, starts[3]!, ends[3]!)) {
      isThere = backward ? cursor.previous() : cursor.next()
      continue
    }
    const node = cursor.inner.node
    const outcome = removeAtCursor(database, entry, bytes, starts[1]!, ends[1]!, cursor, backward)
    if (outcome < 0) break // no memory to look at the rest
    removed++
    isThere = outcome > 0
    if (cursor.inner.node !== node || !isThere) settleCursor(database, entry, cursor)
  }
  return removed
}
