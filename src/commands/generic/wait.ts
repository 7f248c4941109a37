/** WAIT. */

import { mayWait, type WaiterKind } from '../../engine/blocking.js'
import { deadlineFromMs } from '../../engine/blocking-timeout.js'
import { defineCommand } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

/** Nothing ends the wait but its time: there are no replicas. */
const WAITER: WaiterKind = Object.freeze({
  type: undefined,
  minds: false,
  timedOut: (client) => client.reply.integer(0),
} satisfies WaiterKind)

/**
 * WAIT numreplicas timeout
 *
 * Errors:  on a replica; not an integer (numreplicas, then timeout); negative time-out.
 * Effects: none. Within a transaction or a script it does not wait.
 */
export const wait = defineCommand({
  name: 'WAIT',
  summary: 'Waits until so many replicas have got everything written before, and tells how many have.',
  since: '3.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: 0,
  acl: ['connection'],
  args: ['numreplicas:integer', 'timeout:integer'],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  reply: 'integer',

  run(call) {
    if (call.store.isReplica) return call.fail(ErrorReply.waitOnReplica)
    const replicas = call.integer(1)
    if (Number.isNaN(replicas)) return
    const deadlineMs = deadlineFromMs(call, 2)
    if (Number.isNaN(deadlineMs)) return
    if (replicas <= 0 || !mayWait(call.client)) return call.reply.integer(0)
    call.store.blocking.park(call, WAITER, 1, 0, deadlineMs)
  },
})
