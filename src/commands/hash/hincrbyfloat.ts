/** HINCRBYFLOAT. */

import { latin1Bytes } from '../../base/bytes.js'
import {
  addLongDouble,
  formatLongDouble,
  isFinite,
  LONG_DOUBLE_ZERO,
  type LongDouble,
  parseLongDouble,
} from '../../base/long-double.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { momentPart } from '../generic/expiry-time.js'
import { setField } from './set-fields.js'

/**
 * HINCRBYFLOAT key field increment
 *
 * Errors:  not a float (increment); NaN or Infinity (increment); WRONGTYPE (key holds another type); hash value is not a float;
 *          increment would produce NaN or Infinity.
 * Effects: creates key and field on demand; `hincrbyfloat`; replicated as HSET key field result, so that nobody else has to
 *          compute the same digits, and HPEXPIREAT when the field has an expiry time.
 */
export const hincrbyfloat = defineCommand({
  name: 'HINCRBYFLOAT',
  summary: 'Adds a fraction to the number in a field of a hash, starting from 0 when there is none.',
  since: '2.6.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'field:string', 'increment:double'],
  reply: 'bulk',

  run(call) {
    const increment = parseLongDouble(call.bytes, call.starts[3]!, call.ends[3]!)
    if (increment === undefined) return call.fail(ErrorReply.notAFloat)
    if (!isFinite(increment)) return call.fail(ErrorReply.nanOrInfinity)
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.hash)) return
    const value = readOld(call, entry)
    if (value === undefined) return call.fail(ErrorReply.hashNotAFloat)
    const sum = addLongDouble(value, increment)
    if (!isFinite(sum)) return call.fail(ErrorReply.incrementNotFinite)

    const text = latin1Bytes(formatLongDouble(sum))
    if (!setField(call, entry, text, text.length)) return
    call.changed(1, 'hincrbyfloat')
    call.reply.bulk(text, 0, text.length)
    if (call.propagates) propagate(call, text)
  },
})

/** HSET takes away the expiry time, which this command keeps. */
function propagate(call: Call, text: Uint8Array): void {
  const key = call.copyBytes(1)
  const field = call.copyBytes(2)
  call.propagateAs(['HSET', key, field, text])
  const due = call.keyspace.hashes.view.findDue(field, 0, field.length)
  if (due >= 0) call.propagateAs(['HPEXPIREAT', key, momentPart(due), 'FIELDS', 1, field])
}

function readOld(call: Call, entry: Pointer): LongDouble | undefined {
  if (entry === 0) return LONG_DOUBLE_ZERO
  const { view } = call.keyspace.hashes
  view.open(entry)
  if (!view.find(call.bytes, call.starts[2]!, call.ends[2]!)) return LONG_DOUBLE_ZERO
  const { content } = view
  if (content.isInteger) content.spellInteger()
  return parseLongDouble(content.bytes, content.start, content.end)
}
