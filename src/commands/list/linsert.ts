/** LINSERT. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { growList, insertAtCursor, ListCursor, listLength } from '../../keyspace/types/list.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

const AFTER = latin1Bytes('after')
const BEFORE = latin1Bytes('before')

const cursor = new ListCursor()

/**
 * LINSERT key BEFORE|AFTER pivot element: the new length, 0 without the key, -1 without the pivot.
 *
 * Errors:  syntax error; WRONGTYPE (key holds another type).
 * Effects: `linsert`; replicated as sent.
 */
export const linsert = defineCommand({
  name: 'LINSERT',
  summary: 'Puts an element in front of another one, the first from the head that equals it, or behind it.',
  since: '2.2.0',
  group: 'list',
  complexity: 'O(N), N = elements in front of the pivot',
  arity: 5,
  flags: Flag.write | Flag.denyOom,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: [
    'key:key',
    { name: 'where', type: 'oneof', args: ['before:pure-token token=BEFORE', 'after:pure-token token=AFTER'] },
    'pivot:string',
    'element:string',
  ],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, starts } = call
    const isBehind = call.is(2, AFTER)
    if (!isBehind && !call.is(2, BEFORE)) return call.fail(ErrorReply.syntax)
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.integer(0)
    if (!call.hasType(entry, Type.list)) return
    if (!growList(database, entry, call.length(4), 1)) return call.fail(ErrorReply.outOfMemory)
    if (!findPivot(call, entry)) return call.reply.integer(-1)
    const isDone = insertAtCursor(
      database, entry, bytes, starts[1]!, ends[1]!, cursor, isBehind, bytes, starts[4]!, ends[4]!,
    ) // prettier-ignore
    if (!isDone) return call.fail(ErrorReply.outOfMemory)
    call.changed(1, 'linsert')
    call.reply.integer(listLength(call.arena, entry))
  },
})

function findPivot(call: Call, entry: Pointer): boolean {
  const { arena, bytes } = call
  const start = call.starts[3]!
  const end = call.ends[3]!
  for (let isThere = cursor.toIndex(arena, entry, 0); isThere; isThere = cursor.next()) {
    if (cursor.equals(bytes, start, end)) return true
  }
  return false
}
