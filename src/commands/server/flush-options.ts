/** What FLUSHALL and FLUSHDB share: the choice between freeing now and freeing in the background. */

import { latin1Bytes } from '../../base/bytes.js'
import { type Call, Propagation } from '../../engine/call.js'
import type { Argument } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const ASYNC = latin1Bytes('async')
const SYNC = latin1Bytes('sync')

export const flushArguments: readonly Argument[] = [
  {
    name: 'flush-type',
    type: 'oneof',
    isOptional: true,
    args: ['async:pure-token token=ASYNC since=4.0.0', 'sync:pure-token token=SYNC since=6.2.0'],
  },
]

export const flushHistory: readonly (readonly [string, string])[] = [
  ['4.0.0', 'Added the `ASYNC` flushing mode modifier.'],
  ['6.2.0', 'Added the `SYNC` flushing mode modifier.'],
]

/**
 * Empties a database, or all with -1. Propagated even if there was nothing to remove, since a replica may hold keys that
 * are past their time here.
 *
 * @param before  called once it is clear that it will be done
 */
export function flush(call: Call, databaseIndex: number, before?: () => void): boolean {
  const isLazy = asksForBackground(call)
  if (isLazy === undefined) {
    call.fail(ErrorReply.syntax)
    return false
  }
  before?.()
  call.store.dirty += call.keyspace.flush(databaseIndex, isLazy)
  call.propagation = Propagation.forced
  call.reply.ok()
  return true
}

/** Undefined when the arguments are none that are known. */
function asksForBackground(call: Call): boolean | undefined {
  if (call.argc === 1) return call.store.config.values['lazyfree-lazy-user-flush']
  if (call.argc === 2 && call.is(1, ASYNC)) return true
  if (call.argc === 2 && call.is(1, SYNC)) return false
  return undefined
}
