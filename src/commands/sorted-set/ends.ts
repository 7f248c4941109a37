/** MIN and MAX: which end of a sorted set an argument names. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { ArgumentSpec } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const MIN = latin1Bytes('min')
const MAX = latin1Bytes('max')

/** 1 for MIN, the head; 0 for MAX; -1 when an error has been replied. */
export function endArgument(call: Call, index: number): number {
  if (call.is(index, MIN)) return 1
  if (call.is(index, MAX)) return 0
  call.fail(ErrorReply.syntax)
  return -1
}

/** The argument for COMMAND DOCS. */
export function endSpec(name: string): ArgumentSpec {
  return { name, type: 'oneof', args: ['min:pure-token token=MIN', 'max:pure-token token=MAX'] }
}
