/** INCRBYFLOAT. */

import { latin1Bytes } from '../../base/bytes.js'
import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import {
  addLongDouble,
  formatLongDouble,
  isFinite,
  LONG_DOUBLE_ZERO,
  type LongDouble,
  parseLongDouble,
} from '../../base/long-double.js'
import { Slice } from '../../base/slice.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { KEEP_EXPIRY } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import { setBytes, viewString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * INCRBYFLOAT key increment
 *
 * Errors:  WRONGTYPE (key holds another type); not a float (value, increment); increment would produce NaN or Infinity.
 * Effects: creates the key on demand; keeps the expiry time; `incrbyfloat`; replicated as SET key result KEEPTTL, so that
 *          nobody else has to compute the same digits.
 */
export const incrbyfloat = defineCommand({
  name: 'INCRBYFLOAT',
  summary: 'Adds a fraction to the number stored at a key, starting from 0 when there is none.',
  since: '2.6.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'increment:double'],
  reply: 'bulk',

  run(call) {
    const { bytes, starts, ends } = call
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.string)) return
    const value = readOld(call, entry)
    if (value === undefined) return call.fail(ErrorReply.notAFloat)
    const increment = parseLongDouble(bytes, starts[2]!, ends[2]!)
    if (increment === undefined) return call.fail(ErrorReply.notAFloat)
    const sum = addLongDouble(value, increment)
    if (!isFinite(sum)) return call.fail(ErrorReply.incrementNotFinite)

    const text = latin1Bytes(formatLongDouble(sum))
    const stored = setBytes(call.database, entry, bytes, starts[1]!, ends[1]!, text, 0, text.length, KEEP_EXPIRY)
    if (stored === 0) return call.fail(ErrorReply.outOfMemory)
    call.changed(1, 'incrbyfloat')
    call.reply.bulk(text, 0, text.length)
    if (call.propagates) call.propagateAs(['SET', call.copyBytes(1), text, 'KEEPTTL'])
  },
})

const view = new Slice()
const digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX)

function readOld(call: Call, entry: Pointer): LongDouble | undefined {
  if (entry === 0) return LONG_DOUBLE_ZERO
  viewString(call.arena, entry, view, digits)
  return parseLongDouble(view.bytes, view.start, view.end)
}
