/** ASYNC and SYNC of SCRIPT FLUSH and FUNCTION FLUSH. What they free is left to the collector either way. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import type { Argument } from '../../engine/command.js'

const ASYNC = latin1Bytes('async')
const SYNC = latin1Bytes('sync')

export function flushModes(since?: string): readonly Argument[] {
  return [
    {
      name: 'flush-type',
      type: 'oneof',
      isOptional: true,
      ...(since === undefined ? {} : { since }),
      args: ['async:pure-token token=ASYNC', 'sync:pure-token token=SYNC'],
    },
  ]
}

/** Whether the arguments name no other mode than these, once at most. */
export function hasFlushMode(call: Call): boolean {
  return call.argc === 2 || (call.argc === 3 && (call.is(2, ASYNC) || call.is(2, SYNC)))
}
