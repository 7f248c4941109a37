/** ZSCAN. */

import { formatDouble17 } from '../../base/double.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import type { ZsetView } from '../../keyspace/types/zset-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { viewField } from '../../structures/dict-element.js'
import { ListpackElement, readText } from '../../structures/listpack.js'
import { matchesPattern, parseScanArguments, type ScanArguments, scanCursor } from '../scan-arguments.js'
import { collectElements, replyEmptyScan } from '../scan-elements.js'

/**
 * ZSCAN key cursor [MATCH pattern] [COUNT count]
 *
 * A member that is there from the first call to the last is returned at least once. What is compact is returned whole. Scores
 * are text in RESP3, too; those of a skiplist have 17 digits.
 *
 * Errors: invalid cursor; WRONGTYPE (key holds another type); syntax (also for a count below 1); not an integer (count).
 */
export const zscan = defineCommand({
  name: 'ZSCAN',
  summary: 'Walks through the members and scores of a sorted set, some at a time.',
  since: '2.8.0',
  group: 'sorted-set',
  complexity: 'O(1) a call; O(N) for the whole walk, N = members',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['sortedset'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'cursor:integer', 'pattern:pattern token=MATCH optional', 'count:integer token=COUNT optional'],
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    const cursor = scanCursor(call, 2)
    if (cursor < 0) return
    const entry = call.findRead(1)
    if (entry === 0) return replyEmptyScan(call)
    if (!call.hasType(entry, Type.zset)) return
    const options = parseScanArguments(call, 3, false)
    if (options === undefined) return
    const { view } = call.keyspace.zsets
    view.open(entry)
    if (view.encoding === Encoding.skiplist) scanTable(call, view, cursor, options)
    else replyWhole(call, view, options)
  },
})

const found: Pointer[] = []
const element = new ListpackElement()

function scanTable(call: Call, view: ZsetView, cursor: number, options: ScanArguments): void {
  const { arena, reply } = call
  const next = collectElements(view.skiplist.dict, cursor, options.count, found)
  reply.array(2)
  reply.bulkInteger(next)
  const mark = reply.deferArray()
  let count = 0
  for (let i = 0; i < found.length; i++) {
    viewField(arena, found[i]!, element)
    if (!matchesPattern(call, options, element.bytes, element.start, element.end)) continue
    reply.bulk(element.bytes, element.start, element.end)
    reply.bulkText(formatDouble17(view.skiplist.score(found[i]!)))
    count += 2
  }
  reply.setArray(mark, count)
  found.length = 0
}

function replyWhole(call: Call, view: ZsetView, options: ScanArguments): void {
  const { reply } = call
  const { member } = view
  reply.array(2)
  reply.bulkInteger(0)
  const mark = reply.deferArray()
  let count = 0
  for (let isThere = view.toFirst(); isThere; isThere = view.next()) {
    if (member.isInteger) member.spellInteger()
    if (!matchesPattern(call, options, member.bytes, member.start, member.end)) continue
    view.reply(reply)
    readText(view.bytes, view.scorePlace, element)
    reply.bulk(element.bytes, element.start, element.end)
    count += 2
  }
  reply.setArray(mark, count)
}
