/** FLUSHDB. */

import { defineCommand, Flag } from '../../engine/command.js'
import { flush, flushArguments, flushHistory } from './flush-options.js'

/**
 * FLUSHDB [ASYNC | SYNC]
 *
 * Errors:  syntax.
 * Effects: empties the selected database; no event; always replicated as sent.
 */
export const flushdb = defineCommand({
  name: 'FLUSHDB',
  summary: 'Removes all keys of the selected database.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1) for the command with ASYNC; freeing takes O(N), N = keys in the database',
  arity: -1,
  flags: Flag.write,
  acl: ['keyspace', 'dangerous'],
  args: flushArguments,
  history: flushHistory,
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    flush(call, call.database.index)
  },
})
