/** HSCAN. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Encoding, Type } from '../../keyspace/entry.js'
import type { HashView } from '../../keyspace/types/hash-view.js'
import type { Pointer } from '../../memory/pointer.js'
import {
  elementFieldBytes,
  elementFieldLength,
  elementFieldStart,
  elementValueBytes,
  elementValueLength,
  elementValueStart,
} from '../../structures/dict-element.js'
import { matchesPattern, parseScanArguments, type ScanArguments, scanCursor } from '../scan-arguments.js'
import { collectElements, replyEmptyScan } from '../scan-elements.js'

/**
 * HSCAN key cursor [MATCH pattern] [COUNT count]
 *
 * A field that is there from the first call to the last is returned at least once. What is compact is returned whole.
 *
 * Errors: invalid cursor; WRONGTYPE (key holds another type); syntax (also for a count below 1); not an integer (count).
 */
export const hscan = defineCommand({
  name: 'HSCAN',
  summary: 'Walks through the fields and values of a hash, some at a time.',
  since: '2.8.0',
  group: 'hash',
  complexity: 'O(1) a call; O(N) for the whole walk, N = fields',
  arity: -3,
  flags: Flag.readOnly,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'cursor:integer', 'pattern:pattern token=MATCH optional', 'count:integer token=COUNT optional'],
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    const cursor = scanCursor(call, 2)
    if (cursor < 0) return
    const entry = call.findRead(1)
    if (entry === 0) return replyEmptyScan(call)
    if (!call.hasType(entry, Type.hash)) return
    const options = parseScanArguments(call, 3, false)
    if (options === undefined) return
    const { view } = call.keyspace.hashes
    view.open(entry)
    if (view.encoding === Encoding.hashtable) scanTable(call, view, cursor, options)
    else replyWhole(call, view, options)
  },
})

const found: Pointer[] = []

function scanTable(call: Call, view: HashView, cursor: number, options: ScanArguments): void {
  const { arena, reply } = call
  const next = collectElements(view.dict, cursor, options.count, found)
  reply.array(2)
  reply.bulkInteger(next)
  const mark = reply.deferArray()
  let count = 0
  for (let i = 0; i < found.length; i++) {
    const element = found[i]!
    if (view.isTimed && view.hides(element)) continue
    const start = elementFieldStart(arena, element)
    const bytes = elementFieldBytes(arena, element)
    const end = start + elementFieldLength(arena, element)
    if (!matchesPattern(call, options, bytes, start, end)) continue
    reply.bulk(bytes, start, end)
    const valueStart = elementValueStart(arena, element)
    reply.bulk(elementValueBytes(arena, element), valueStart, valueStart + elementValueLength(arena, element))
    count += 2
  }
  reply.setArray(mark, count)
  found.length = 0
}

function replyWhole(call: Call, view: HashView, options: ScanArguments): void {
  const { reply } = call
  const { field } = view
  reply.array(2)
  reply.bulkInteger(0)
  const mark = reply.deferArray()
  let count = 0
  view.rewind()
  while (view.next()) {
    if (field.isInteger) field.spellInteger()
    if (!matchesPattern(call, options, field.bytes, field.start, field.end)) continue
    view.replyField(reply)
    view.replyContent(reply)
    count += 2
  }
  reply.setArray(mark, count)
}
