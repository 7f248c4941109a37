/** CONFIG REWRITE. */

import { defineCommand, Flag } from '../../../engine/command.js'

/**
 * CONFIG REWRITE
 *
 * Errors:  no config file (the server was started without one); rewriting (the file cannot be written).
 */
export const configRewrite = defineCommand({
  name: 'REWRITE',
  summary: 'Brings the configuration file up to date with the running server, keeping its comments and order.',
  since: '2.8.0',
  group: 'server',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale,
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    const error = call.store.config.rewriteFile()
    if (error !== undefined) call.fail(error)
    else call.reply.ok()
  },
})
