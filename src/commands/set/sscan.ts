/** SSCAN. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import type { SetView } from '../../keyspace/types/set-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { elementFieldBytes, elementFieldLength, elementFieldStart } from '../../structures/dict-element.js'
import type { Dict } from '../../structures/dict.js'
import { matchesPattern, parseScanArguments, type ScanArguments, scanCursor } from '../scan-arguments.js'
import { collectElements, replyEmptyScan } from '../scan-elements.js'

/**
 * SSCAN key cursor [MATCH pattern] [COUNT count]
 *
 * A member that is there from the first call to the last is returned at least once. What is compact is returned whole.
 *
 * Errors: invalid cursor; WRONGTYPE (key holds another type); syntax (also for a count below 1); not an integer (count).
 */
export const sscan = defineCommand({
  name: 'SSCAN',
  summary: 'Walks through the members of a set, some at a time.',
  since: '2.8.0',
  group: 'set',
  complexity: 'O(1) a call; O(N) for the whole walk, N = members',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'cursor:integer', 'pattern:pattern token=MATCH optional', 'count:integer token=COUNT optional'],
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    const cursor = scanCursor(call, 2)
    if (cursor < 0) return
    const entry = call.findRead(1)
    if (entry === 0) return replyEmptyScan(call)
    if (!call.hasType(entry, Type.set)) return
    const options = parseScanArguments(call, 3, false)
    if (options === undefined) return
    const { view } = call.keyspace.sets
    view.open(entry)
    if (view.encoding === Encoding.hashtable) scanTable(call, view.dict, cursor, options)
    else replyWhole(call, view, options)
  },
})

const found: Pointer[] = []

function scanTable(call: Call, dict: Dict, cursor: number, options: ScanArguments): void {
  const { arena, reply } = call
  const next = collectElements(dict, cursor, options.count, found)
  reply.array(2)
  reply.bulkInteger(next)
  const mark = reply.deferArray()
  let count = 0
  for (let i = 0; i < found.length; i++) {
    const element = found[i]!
    const start = elementFieldStart(arena, element)
    const bytes = elementFieldBytes(arena, element)
    const end = start + elementFieldLength(arena, element)
    if (!matchesPattern(call, options, bytes, start, end)) continue
    reply.bulk(bytes, start, end)
    count++
  }
  reply.setArray(mark, count)
  found.length = 0
}

function replyWhole(call: Call, view: SetView, options: ScanArguments): void {
  const { reply } = call
  const { member } = view
  reply.array(2)
  reply.bulkInteger(0)
  const mark = reply.deferArray()
  let count = 0
  view.rewind()
  while (view.next()) {
    if (member.isInteger) member.spellInteger()
    if (!matchesPattern(call, options, member.bytes, member.start, member.end)) continue
    view.reply(reply)
    count++
  }
  reply.setArray(mark, count)
}
