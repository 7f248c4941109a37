/** The limit of proto-max-bulk-len, which strings that grow by a command keep as well. */

import type { Call } from '../../engine/call.js'
import { ClientFlag } from '../../engine/client.js'
import { ErrorReply } from '../../protocol/errors.js'

/** Bytes that a string of this caller may have: what a primary or the append-only file asks for was allowed once. */
export function stringBytesMax(call: Call): number {
  if ((call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0) return Infinity
  return call.store.config.values['proto-max-bulk-len']
}

/** Whether a string may become so long; replies with the error when it may not. */
export function allowsLength(call: Call, length: number): boolean {
  if (length <= stringBytesMax(call)) return true
  call.fail(ErrorReply.stringTooLong)
  return false
}
