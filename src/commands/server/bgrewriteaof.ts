/** BGREWRITEAOF. */

import { defineCommand, Flag } from '../../engine/command.js'
import { appendOnlyFile } from '../../persistence/aof/append-only-file.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * BGREWRITEAOF
 *
 * Errors:  a rewrite is under way; it cannot be started (the log says why).
 *
 * While a snapshot is being written, and within a transaction, the rewrite is put off until it can start. It may be asked for with the
 * append-only file switched off: then it leaves a base.
 */
export const bgrewriteaof = defineCommand({
  name: 'BGREWRITEAOF',
  summary: 'Rewrites the append-only file in the background, as short as the data allows.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 1,
  flags: Flag.noAsyncLoading | Flag.admin | Flag.noScript,
  reply: 'simple',

  run(call) {
    const { services } = call.store
    if (!services.has(appendOnlyFile)) return call.fail(ErrorReply.rewriteFailed)
    const file = services.get(appendOnlyFile)
    const { rewriter } = file
    if (rewriter.isRunning) return call.fail(ErrorReply.rewriteInProgress)
    if (rewriter.isBlocked || file.isInTransaction) {
      rewriter.isScheduled = true
      rewriter.consecutiveFailures = 0
      call.reply.simple('Background append only file rewriting scheduled')
    } else if (rewriter.start()) call.reply.simple('Background append only file rewriting started')
    else call.fail(ErrorReply.rewriteFailed)
  },
})
