/** FLUSHALL. */

import { defineCommand, Flag } from '../../engine/command.js'
import { saves } from '../../persistence/snapshot/saves.js'
import { flush, flushArguments, flushHistory } from './flush-options.js'

/**
 * FLUSHALL [ASYNC | SYNC]
 *
 * Errors:  syntax.
 * Effects: empties all databases; no event; always replicated as sent. A save in the background is given up; with save points,
 *          the empty data set is saved.
 */
export const flushall = defineCommand({
  name: 'FLUSHALL',
  summary: 'Removes all keys of all databases.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1) for the command; freeing takes O(N), N = keys in all databases',
  arity: -1,
  flags: Flag.write,
  acl: ['keyspace', 'dangerous'],
  args: flushArguments,
  history: flushHistory,
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    const { services } = call.store
    const service = services.has(saves) ? services.get(saves) : undefined
    // What is being saved is about to be unwanted.
    const isFlushed = flush(call, -1, () => service?.cancel())
    if (isFlushed) service?.dataFlushed()
  },
})
