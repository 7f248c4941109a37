/** LEFT and RIGHT: which end of a list an argument names. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { ArgumentSpec } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const LEFT = latin1Bytes('left')
const RIGHT = latin1Bytes('right')

/** 1 for LEFT, the head; 0 for RIGHT; -1 when an error has been replied. */
export function endArgument(call: Call, index: number): number {
  if (call.is(index, LEFT)) return 1
  if (call.is(index, RIGHT)) return 0
  call.fail(ErrorReply.syntax)
  return -1
}

/** The argument for COMMAND DOCS. */
export function endSpec(name: string): ArgumentSpec {
  return { name, type: 'oneof', args: ['left:pure-token token=LEFT', 'right:pure-token token=RIGHT'] }
}
