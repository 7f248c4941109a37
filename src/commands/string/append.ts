/** APPEND. */

import { copy } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { metaOf, Type } from '../../keyspace/entry.js'
import { openString, setString, stringLength, valueBytes, valueStart } from '../../keyspace/types/string.js'
import { ErrorReply } from '../../protocol/errors.js'
import { allowsLength } from './size-limit.js'

/**
 * APPEND key value
 *
 * Errors:  WRONGTYPE (key holds another type); string exceeds maximum allowed size.
 * Effects: creates the key on demand; `append`, even if nothing is added; replicated as sent.
 */
export const append = defineCommand({
  name: 'APPEND',
  summary: 'Adds bytes to the end of the string at a key, which is empty at first.',
  since: '2.0.0',
  group: 'string',
  complexity: 'O(N), N = bytes to add; the string itself is copied as often as it grows by an eighth',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'value:string'],
  reply: 'integer',

  run(call) {
    const { arena, bytes, database, starts, ends } = call
    const entry = call.findWrite(1)
    if (entry === 0) return create(call)
    if (!call.hasType(entry, Type.string)) return
    const before = stringLength(arena, entry)
    const length = before + call.length(2)
    if (!allowsLength(call, length)) return

    const opened = openString(database, entry, bytes, starts[1]!, ends[1]!, length, 0, before)
    if (opened === 0) return call.fail(ErrorReply.outOfMemory)
    const meta = metaOf(arena, opened)
    copy(bytes, starts[2]!, ends[2]!, valueBytes(arena, opened, meta), valueStart(arena, opened, meta) + before)
    call.changed(1, 'append')
    call.reply.integer(length)
  },
})

function create(call: Call): void {
  const { bytes, starts, ends } = call
  const stored = setString(call.database, 0, bytes, starts[1]!, ends[1]!, bytes, starts[2]!, ends[2]!, NO_EXPIRY)
  if (stored === 0) return call.fail(ErrorReply.outOfMemory)
  call.changed(1, 'append')
  call.reply.integer(call.length(2))
}
