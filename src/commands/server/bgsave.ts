/** BGSAVE. */

import { latin1Bytes } from '../../base/bytes.js'
import { defineCommand, Flag } from '../../engine/command.js'
import { saves } from '../../persistence/snapshot/saves.js'
import { walks } from '../../persistence/snapshot/walks.js'
import { ErrorReply } from '../../protocol/errors.js'

const SCHEDULE = latin1Bytes('schedule')

/**
 * BGSAVE [SCHEDULE]
 *
 * In a transaction the save begins after it.
 *
 * Errors:  syntax; background save in progress; another snapshot (for the append-only file, or a replica) is being written,
 *          unless SCHEDULE.
 */
export const bgsave = defineCommand({
  name: 'BGSAVE',
  summary: 'Writes a snapshot of all databases to disk in the background.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  arity: -1,
  flags: Flag.admin | Flag.noScript | Flag.noAsyncLoading,
  args: ['schedule:pure-token token=SCHEDULE since=3.2.2 optional'],
  history: [['3.2.2', 'Added the `SCHEDULE` option.']],
  reply: 'simple',

  run(call) {
    const { services } = call.store
    const isSchedule = call.argc === 2 && call.is(1, SCHEDULE)
    if (call.argc > 1 && !isSchedule) return call.fail(ErrorReply.syntax)
    if (!services.has(saves)) return call.fail(ErrorReply.noFiles)
    const service = services.get(saves)
    if (service.isRunning) return call.fail(ErrorReply.saveInProgress)
    const isInTransaction = call.store.executor.depth > 1
    if (services.get(walks).active === undefined && !isInTransaction) {
      service.start()
      return call.reply.simple('Background saving started')
    }
    if (!isSchedule && !isInTransaction) return call.fail(ErrorReply.saveChildActive)
    service.schedule()
    call.reply.simple('Background saving scheduled')
  },
})
