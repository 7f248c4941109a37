/** DEBUG POPULATE. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { NO_EXPIRY } from '../../../keyspace/database.js'
import { setBytes, setString } from '../../../keyspace/types/string.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { debugSubcommand } from './subcommand.js'

/** Keys that exist stay as they are, and nothing is propagated. */
export const populate = debugSubcommand(
  'POPULATE',
  [3, 5],
  [
    'POPULATE <count> [<prefix>] [<size>]',
    '    Adds <count> strings named <prefix>:<number>, of <size> bytes each. The prefix is',
    '    "key" if not given. Replicas are not told.',
  ],
  (call) => {
    const count = positiveInteger(call, 2)
    const size = call.argc === 5 ? positiveInteger(call, 4) : 0
    if (Number.isNaN(count) || Number.isNaN(size)) return
    const prefix = call.argc === 3 ? 'key' : call.text(3)
    for (let i = 0; i < count; i++) {
      if (!addKey(call, latin1Bytes(`${prefix}:${i}`), latin1Bytes(`value:${i}`), size)) {
        return call.fail(ErrorReply.debugExpand)
      }
    }
    call.reply.ok()
  },
)

/** False when memory ran out. */
function addKey(call: Call, key: Uint8Array, text: Uint8Array, size: number): boolean {
  const { database } = call
  if (database.lookupWrite(key, 0, key.length, false) !== 0) return true
  if (size === 0) return setString(database, 0, key, 0, key.length, text, 0, text.length, NO_EXPIRY) !== 0
  const value = new Uint8Array(size)
  value.set(text.subarray(0, size))
  return setBytes(database, 0, key, 0, key.length, value, 0, size, NO_EXPIRY) !== 0
}

/** An integer from 0 on; NaN when the error has been replied. */
function positiveInteger(call: Call, index: number): number {
  const value = call.parseInteger(index)
  if (value >= 0 && value !== Infinity) return value
  if (!call.hasFailed) call.fail(ErrorReply.outOfRangePositive)
  return NaN
}
