/** HINCRBY. */

import { add, assign, fromNumber, Int64, isSafe, parseInt64, toNumber, writeInt64 } from '../../base/int64.js'
import { INTEGER_TEXT_BYTES_MAX } from '../../base/integer.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { setField } from './set-fields.js'

const old = new Int64()
const delta = new Int64()
const sum = new Int64()
const digits = new Uint8Array(INTEGER_TEXT_BYTES_MAX)

/**
 * HINCRBY key field increment
 *
 * Errors:  not an integer (increment); WRONGTYPE (key holds another type); hash value is not an integer; overflow.
 * Effects: creates key and field on demand; `hincrby`; replicated as sent.
 */
export const hincrby = defineCommand({
  name: 'HINCRBY',
  summary: 'Adds to the integer in a field of a hash, starting from 0 when there is none.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hash'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'field:string', 'increment:integer'],
  reply: 'integer',

  run(call) {
    if (!parseInt64(call.bytes, call.starts[3]!, call.ends[3]!, delta)) return call.fail(ErrorReply.notAnInteger)
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.hash)) return
    if (!readOld(call, entry)) return call.fail(ErrorReply.hashNotAnInteger)
    if (!add(old, delta, sum)) return call.fail(ErrorReply.incrementOverflow)
    if (!setField(call, entry, digits, writeInt64(sum, digits, 0))) return
    call.changed(1, 'hincrby')
    if (isSafe(sum)) call.reply.integer(toNumber(sum))
    else call.reply.int64(sum.high, sum.low)
  },
})

/** Reads the value into `old`; a missing one counts as 0. */
function readOld(call: Call, entry: Pointer): boolean {
  fromNumber(0, old)
  if (entry === 0) return true
  const { view } = call.keyspace.hashes
  view.open(entry)
  if (!view.find(call.bytes, call.starts[2]!, call.ends[2]!)) return true
  const { content } = view
  if (!content.isInteger) return parseInt64(content.bytes, content.start, content.end, old)
  if (content.value - content.value === 0) fromNumber(content.value, old)
  else assign(content.int64, old)
  return true
}
