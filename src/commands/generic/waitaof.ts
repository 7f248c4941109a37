/** WAITAOF. */

import { mayWait } from '../../engine/blocking.js'
import { deadlineFromMs } from '../../engine/blocking-timeout.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { type AppendOnlyFile, appendOnlyFile } from '../../persistence/aof/append-only-file.js'
import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * WAITAOF numlocal numreplicas timeout
 *
 * Waits for everything written so far, by other clients as well.
 *
 * Errors:  not an integer, or not 0 or 1 (numlocal); not a positive integer (numreplicas); not an integer, negative (timeout);
 *          on a replica; numlocal without an append-only file, also when that is switched off meanwhile.
 * Effects: none. Within a transaction it does not wait.
 */
export const waitaof = defineCommand({
  name: 'WAITAOF',
  summary: 'Waits until everything written before is on the disk, here or at so many replicas, and tells where it is.',
  since: '7.2.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.noScript,
  acl: ['connection'],
  args: ['numlocal:integer', 'numreplicas:integer', 'timeout:integer'],
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  reply: 'array',

  run(call) {
    const locals = call.integer(1)
    if (Number.isNaN(locals)) return
    if (locals < 0 || locals > 1) return call.fail(ErrorReply.outOfRangeBetween(0, 1))
    const replicas = call.parseInteger(2)
    if (!(replicas >= 0)) return call.fail(ErrorReply.outOfRangePositive)
    const deadlineMs = deadlineFromMs(call, 3)
    if (Number.isNaN(deadlineMs)) return
    const { isReplica, services } = call.store
    if (isReplica) return call.fail(ErrorReply.waitaofOnReplica)
    const file = services.has(appendOnlyFile) ? services.get(appendOnlyFile) : undefined
    if (locals === 1 && (file === undefined || file.state === 'off'))
      return call.fail(ErrorReply.waitaofWithoutAppendOnly)
    if (file === undefined) return replyNowhere(call)
    waitFor(call, file, locals, replicas, deadlineMs)
  },
})

function waitFor(call: Call, file: AppendOnlyFile, locals: number, replicas: number, deadlineMs: number): void {
  const { position } = file.writer
  const isDone = replicas === 0 && (locals === 0 || file.hasSynced(position))
  if (isDone || !mayWait(call.client)) return file.waiters.reply(call.client, position)
  file.waiters.park(call, position, locals === 1, replicas, deadlineMs)
}

/** A store without files has nothing to wait for. */
function replyNowhere({ reply }: Call): void {
  reply.array(2)
  reply.integer(0)
  reply.integer(0)
}
