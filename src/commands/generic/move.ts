/** MOVE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { ErrorReply } from '../../protocol/errors.js'
import { announceIn } from './announce.js'
import { databaseArgument } from './database-argument.js'

/**
 * MOVE key db
 *
 * Errors:  not in cluster mode; not an integer, out of range (db); source and destination are the same.
 * Effects: `move_from` here and `move_to` there; the expiry time goes along; replicated as sent. 0 when there is no such key
 *          here, or one there.
 */
export const move = defineCommand({
  name: 'MOVE',
  summary: 'Moves a key to another database, unless there is one of that name.',
  since: '1.0.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'db:integer'],
  reply: 'integer',

  run(call) {
    const { bytes, database, reply, store } = call
    if (store.config.values['cluster-enabled']) return call.fail(ErrorReply.moveInCluster)
    const target = databaseArgument(call, 2)
    if (target === undefined) return
    if (target === database) return call.fail(ErrorReply.sameObject)

    const start = call.starts[1]!
    const end = call.ends[1]!
    const entry = call.findWrite(1)
    if (entry === 0 || target.lookupWrite(bytes, start, end, call.touches) !== 0) return reply.integer(0)
    if (database.move(entry, target, bytes, start, end) === 0) return call.fail(ErrorReply.outOfMemory)
    call.changed(1)
    call.notify(EventClass.generic, 'move_from', 1)
    announceIn(call, target, 'move_to', 1)
    reply.integer(1)
  },
})
