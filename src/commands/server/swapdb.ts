/** SWAPDB. */

import type { Call } from '../../engine/call.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * SWAPDB index1 index2
 *
 * Errors:  not allowed in cluster mode; invalid first, invalid second index (not an integer); out of range.
 * Effects: clients of either database see the keys of the other from then on; replicated as sent.
 */
export const swapdb = defineCommand({
  name: 'SWAPDB',
  summary: 'Exchanges the keys of two databases.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N), N = clients that watch or wait for keys of either database',
  arity: 3,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace', 'dangerous'],
  args: ['index1:integer', 'index2:integer'],
  reply: 'ok',

  run(call) {
    if (call.store.config.values['cluster-enabled']) return call.fail(ErrorReply.swapdbInCluster)
    const first = databaseIndex(call, 1)
    if (Number.isNaN(first)) return call.fail(ErrorReply.firstDatabaseInvalid)
    const second = databaseIndex(call, 2)
    if (Number.isNaN(second)) return call.fail(ErrorReply.secondDatabaseInvalid)
    const { databases } = call.keyspace
    const one = databases[first]
    const other = databases[second]
    if (one === undefined || other === undefined) return call.fail(ErrorReply.databaseOutOfRange)
    call.keyspace.swap(one, other)
    call.store.dirty++
    call.reply.ok()
  },
})

const INT_MIN = -0x80000000
const INT_MAX = 0x7fffffff

/** Any 32-bit integer; NaN for what is none. */
function databaseIndex(call: Call, index: number): number {
  const value = call.parseInteger(index)
  return value >= INT_MIN && value <= INT_MAX ? value : NaN
}
