/** SELECT. */

import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'

const INT_MIN = -0x80000000
const INT_MAX = 0x7fffffff

/**
 * SELECT index
 *
 * Errors: not an integer, or not one of 32 bits; not allowed in cluster mode (but for 0); DB index is out of range.
 */
export const select = defineCommand({
  name: 'SELECT',
  summary: 'Chooses the database that further commands of this connection work on.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.loading | Flag.stale | Flag.fast,
  acl: ['connection'],
  args: ['index:integer'],
  reply: 'ok',

  run(call) {
    const { client, keyspace, store } = call
    const index = call.integer(1)
    if (Number.isNaN(index)) return
    if (index < INT_MIN || index > INT_MAX) return call.fail(ErrorReply.outOfRangeBetween(INT_MIN, INT_MAX))
    if (store.config.values['cluster-enabled'] && index !== 0) return call.fail(ErrorReply.selectInCluster)
    const database = keyspace.databases[index]
    if (database === undefined) return call.fail(ErrorReply.databaseOutOfRange)
    client.database = database
    call.reply.ok()
  },
})
