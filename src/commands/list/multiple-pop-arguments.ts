/** numkeys key [key …] LEFT|RIGHT [COUNT count]: the arguments that LMPOP and BLMPOP share; MIN|MAX with ZMPOP and BZMPOP. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'
import { endArgument } from './ends.js'

const COUNT = latin1Bytes('count')

export interface MultiplePop {
  /** Argument of the first key. */
  first: number
  keys: number
  atHead: boolean
  count: number
}

/**
 * Reads the arguments from that of numkeys on; false when an error has been replied.
 *
 * @param endAt  reads the word for an end; see `endArgument`
 */
export function parseMultiplePop(call: Call, at: number, into: MultiplePop, endAt = endArgument): boolean {
  const keys = call.parseInteger(at)
  if (!(keys >= 1)) return refuse(call, ErrorReply.numkeysNotPositive)
  const whereAt = at + keys + 1
  if (whereAt >= call.argc) return refuse(call, ErrorReply.syntax)
  const end = endAt(call, whereAt)
  if (end < 0) return false
  into.first = at + 1
  into.keys = keys
  into.atHead = end === 1
  into.count = 1
  const rest = call.argc - whereAt - 1
  if (rest === 0) return true
  if (rest === 1 || !call.is(whereAt + 1, COUNT)) return refuse(call, ErrorReply.syntax)
  into.count = call.parseInteger(whereAt + 2)
  if (!(into.count >= 1)) return refuse(call, ErrorReply.countNotPositive)
  return rest === 2 || refuse(call, ErrorReply.syntax)
}

function refuse(call: Call, error: ErrorReply): boolean {
  call.fail(error)
  return false
}
