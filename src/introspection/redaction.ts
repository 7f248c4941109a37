/** Arguments that logs must not show: what a command names as its secrets is shown as `(redacted)`. */

import { latin1Bytes } from '../base/bytes.js'
import type { Call } from '../engine/call.js'

export const REDACTED = latin1Bytes('(redacted)')

const NOTHING: readonly number[] = []

/** Indexes of the arguments of a call that are to be hidden. */
export function secretArguments(call: Call): readonly number[] {
  const { command } = call
  if (command.findSecrets === undefined) return NOTHING
  const indexes: number[] = []
  command.findSecrets(call, indexes)
  return indexes
}
