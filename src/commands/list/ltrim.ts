/** LTRIM. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { listLength, removeElements } from '../../keyspace/types/list.js'
import { ErrorReply } from '../../protocol/errors.js'
import { afterRemoval } from './pop-elements.js'

/**
 * LTRIM key start stop
 *
 * Errors:  not an integer (start, stop); WRONGTYPE (key holds another type).
 * Effects: `ltrim`, even if nothing goes, and `del` when the list is empty then; replicated as sent if something goes.
 */
export const ltrim = defineCommand({
  name: 'LTRIM',
  summary: 'Cuts a list down to the elements from one index to another, both included.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N), N = elements that go',
  arity: 4,
  flags: Flag.write,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'start:integer', 'stop:integer'],
  reply: 'ok',

  run(call) {
    const { arena, bytes, database, ends, starts } = call
    let start = call.integer(2)
    if (Number.isNaN(start)) return
    let stop = call.integer(3)
    if (Number.isNaN(stop)) return
    const entry = call.findWrite(1)
    if (entry === 0) return call.reply.ok()
    if (!call.hasType(entry, Type.list)) return

    const length = listLength(arena, entry)
    if (start < 0) start += length
    if (stop < 0) stop += length
    if (start < 0) start = 0
    if (stop >= length) stop = length - 1
    const left = start > stop ? length : start
    const right = start > stop ? 0 : length - stop - 1
    database.beforeWrite(bytes, starts[1]!, ends[1]!) // even if nothing goes: watchers are told all the same
    const isDone =
      removeElements(database, entry, bytes, starts[1]!, ends[1]!, length - right, right) &&
      removeElements(database, entry, bytes, starts[1]!, ends[1]!, 0, left)
    const removed = length - listLength(arena, entry)
    afterRemoval(call, entry, 1, removed, 'ltrim')
    if (isDone) call.reply.ok()
    else call.fail(ErrorReply.outOfMemory)
  },
})
