/** SETRANGE. */

import { copy } from '../../base/bytes.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { metaOf, Type } from '../../keyspace/entry.js'
import { openString, stringLength, valueBytes, valueStart } from '../../keyspace/types/string.js'
import { ErrorReply } from '../../protocol/errors.js'
import { allowsLength } from './size-limit.js'

/**
 * SETRANGE key offset value
 *
 * Errors:  not an integer, out of range (offset); WRONGTYPE (key holds another type); string exceeds maximum allowed size.
 * Effects: zeros fill the gap up to the offset; `setrange`; replicated as sent. An empty value changes and creates nothing.
 */
export const setrange = defineCommand({
  name: 'SETRANGE',
  summary: 'Writes bytes over those of a string from a position on, and lengthens it on demand.',
  since: '2.2.0',
  group: 'string',
  complexity: 'O(N), N = bytes to write; the string itself is copied as often as it grows by an eighth',
  arity: 4,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: ['key:key', 'offset:integer', 'value:string'],
  reply: 'integer',

  run(call) {
    const { arena, bytes, database, starts, ends } = call
    const offset = call.integer(2)
    if (Number.isNaN(offset)) return
    if (offset < 0) return call.fail(ErrorReply.offsetOutOfRange)
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.string)) return
    const before = entry === 0 ? 0 : stringLength(arena, entry)
    const count = call.length(3)
    if (count === 0) return call.reply.integer(before)
    if (!allowsLength(call, offset + count)) return

    const length = Math.max(before, offset + count)
    const opened = openString(
      database, entry, bytes, starts[1]!, ends[1]!, length, offset, offset, offset + count,
    ) // prettier-ignore
    if (opened === 0) return call.fail(ErrorReply.outOfMemory)
    const meta = metaOf(arena, opened)
    copy(bytes, starts[3]!, ends[3]!, valueBytes(arena, opened, meta), valueStart(arena, opened, meta) + offset)
    call.changed(1, 'setrange')
    call.reply.integer(length)
  },
})
