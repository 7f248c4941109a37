/** SETBIT. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { metaOf, Type } from '../../keyspace/entry.js'
import { makeRaw, openString, valueBytes, valueStart } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { bitPosition } from './bit-arguments.js'
import { BitmapView } from './bitmap-view.js'

/**
 * SETBIT key offset value
 *
 * Errors:  bit offset, bit is not an integer or out of range; WRONGTYPE (key holds another type).
 * Effects: zeros fill the gap up to the byte of the bit; `setbit`; replicated as sent. Writing the bit that is there already
 *          changes nothing but the encoding, to raw.
 */
export const setbit = defineCommand({
  name: 'SETBIT',
  summary: 'Sets or clears one bit of the string at a key, and lengthens it on demand; returns the bit that was there.',
  since: '2.2.0',
  group: 'bitmap',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom,
  acl: ['bitmap'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'offset:integer', 'value:integer'],
  reply: 'integer',

  run(call) {
    const position = bitPosition(call, 2)
    if (position < 0) return
    const bit = call.parseInteger(3)
    if (bit !== 0 && bit !== 1) return call.fail(ErrorReply.bitValue)
    const entry = call.findWrite(1)
    if (entry !== 0 && !call.hasType(entry, Type.string)) return

    view.show(call.arena, entry)
    const byte = Math.floor(position / 8)
    const isThere = byte < view.length
    const old = isThere ? (view.bytes[view.start + byte]! >>> (7 - (position & 7))) & 1 : 0
    if (isThere && old === bit) {
      if (makeRaw(call.database, entry) === 0) return call.fail(ErrorReply.outOfMemory)
    } else if (!write(call, entry, byte, 0x80 >>> (position & 7), bit)) return
    call.reply.integer(old)
  },
})

const view = new BitmapView()

function write(call: Call, entry: Pointer, byte: number, mask: number, bit: number): boolean {
  const { arena, bytes, database, starts, ends } = call
  const length = Math.max(view.length, byte + 1)
  const opened = openString(database, entry, bytes, starts[1]!, ends[1]!, length, length, byte, byte + 1)
  if (opened === 0) {
    call.fail(ErrorReply.outOfMemory)
    return false
  }
  const meta = metaOf(arena, opened)
  const value = valueBytes(arena, opened, meta)
  const at = valueStart(arena, opened, meta) + byte
  value[at] = bit === 1 ? value[at]! | mask : value[at]! & ~mask
  call.changed(1, 'setbit')
  return true
}
