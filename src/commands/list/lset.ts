/** LSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { growList, ListCursor, replaceAtCursor, shrinkList } from '../../keyspace/types/list.js'
import { ErrorReply } from '../../protocol/errors.js'

const cursor = new ListCursor()

/**
 * LSET key index element
 *
 * Errors:  no such key; WRONGTYPE (key holds another type); not an integer (index); index out of range.
 * Effects: `lset`; replicated as sent.
 */
export const lset = defineCommand({
  name: 'LSET',
  summary: 'Puts another element in the place of the one at an index.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N), N = elements between the place and the nearer end; O(1) for the first and the last',
  arity: 4,
  flags: Flag.write | Flag.denyOom,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key', 'index:integer', 'element:string'],
  reply: 'ok',

  run(call) {
    const { bytes, database, ends, starts } = call
    const entry = call.findWrite(1)
    if (entry === 0) return call.fail(ErrorReply.noSuchKey)
    if (!call.hasType(entry, Type.list)) return
    const index = call.integer(2)
    if (Number.isNaN(index)) return
    if (!growList(database, entry, call.length(3), 1)) return call.fail(ErrorReply.outOfMemory)
    if (!cursor.toIndex(call.arena, entry, index)) return call.fail(ErrorReply.indexOutOfRange)
    const isDone = replaceAtCursor(database, entry, bytes, starts[1]!, ends[1]!, cursor, bytes, starts[3]!, ends[3]!)
    if (!isDone) return call.fail(ErrorReply.outOfMemory)
    call.reply.ok()
    call.changed(1, 'lset')
    shrinkList(database, entry)
  },
})
