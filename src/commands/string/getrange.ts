/** GETRANGE. */

import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { viewString } from '../../keyspace/types/string.js'
import { isReversed, startIn, stopIn } from './range.js'

/**
 * GETRANGE key start end
 *
 * Errors: not an integer (start, end); WRONGTYPE (key holds another type). What lies outside of the string is left out.
 */
export const getrange = defineCommand({
  name: 'GETRANGE',
  summary: 'Returns the part of a string between two positions.',
  since: '2.4.0',
  group: 'string',
  complexity: 'O(N), N = bytes returned',
  arity: 4,
  flags: Flag.readOnly,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'start:integer', 'end:integer'],
  reply: 'bulk',
  run: replyRange,
})

const view = new Slice()
const digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX)

/** Replies with the bytes between arguments 2 and 3 of the string at argument 1. */
export function replyRange(call: Call): void {
  const start = call.integer(2)
  if (Number.isNaN(start)) return
  const stop = call.integer(3)
  if (Number.isNaN(stop)) return
  const entry = call.findRead(1)
  if (entry === 0) return call.reply.bulk(digits, 0, 0)
  if (!call.hasType(entry, Type.string)) return

  viewString(call.arena, entry, view, digits)
  const length = view.end - view.start
  const first = startIn(length, start)
  const last = stopIn(length, stop)
  if (first > last || isReversed(call, 2, start, stop)) return call.reply.bulk(digits, 0, 0)
  call.reply.bulk(view.bytes, view.start + first, view.start + last + 1)
}
