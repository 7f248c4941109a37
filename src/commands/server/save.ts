/** SAVE. */

import { defineCommand, Flag } from '../../engine/command.js'
import { saves } from '../../persistence/snapshot/saves.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * SAVE
 *
 * Everybody waits until the data set is on disk.
 *
 * Errors:  background save in progress; a bare ERR when saving failed, with the reason in the log; nowhere to save to (an
 *          embedded store without files).
 */
export const save = defineCommand({
  name: 'SAVE',
  summary: 'Writes a snapshot of all databases to disk and waits for it.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(N), N = keys in all databases',
  arity: 1,
  flags: Flag.admin | Flag.noScript | Flag.noAsyncLoading | Flag.noMulti,
  reply: 'ok',

  run(call) {
    const { services } = call.store
    if (!services.has(saves)) return call.fail(ErrorReply.noFiles)
    const service = services.get(saves)
    if (service.isRunning) return call.fail(ErrorReply.saveInProgress)
    if (service.saveNow()) call.reply.ok()
    else call.fail(ErrorReply.bare)
  },
})
