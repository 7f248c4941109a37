/** ON or OFF, as several subcommands of CLIENT take it. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { ErrorReply } from '../../../protocol/errors.js'

const ON = latin1Bytes('on')
const OFF = latin1Bytes('off')

/** Sets or clears a flag of the client as argument 2 says, and replies. */
export function switchFlag(call: Call, flag: number): void {
  if (call.is(2, ON)) call.client.flags |= flag
  else if (call.is(2, OFF)) call.client.flags &= ~flag
  else return call.fail(ErrorReply.syntax)
  call.reply.ok()
}
