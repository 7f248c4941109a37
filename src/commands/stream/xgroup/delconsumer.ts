/** XGROUP DELCONSUMER. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { EventClass } from '../../../engine/key-events.js'
import { consumerPending, findConsumer, removeConsumer } from '../../../structures/stream-groups.js'
import { indexCount } from '../../../structures/stream-index.js'
import { findExistingGroup } from './find.js'

/**
 * XGROUP DELCONSUMER key group consumer
 *
 * Errors:  WRONGTYPE (key holds another type); no such key; NOGROUP.
 * Effects: `xgroup-delconsumer` if it was there; replicated as sent.
 */
export const xgroupDelconsumer = defineCommand({
  name: 'DELCONSUMER',
  summary: 'Removes a consumer from a group; what is pending for it is lost, and counted.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N log M), N = entries pending for it, M = in the group',
  arity: 5,
  flags: Flag.write,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'group:string', 'consumer:string'],
  reply: 'integer',

  run(call) {
    const { arena, bytes, ends, starts } = call
    const group = findExistingGroup(call)
    if (group === 0) return
    const consumer = findConsumer(arena, group, bytes, starts[4]!, ends[4]!)
    if (consumer === 0) return call.reply.integer(0)
    call.database.beforeQuietWrite(bytes, starts[2]!, ends[2]!)
    const pending = indexCount(arena, consumerPending(consumer))
    removeConsumer(arena, group, consumer)
    call.changed(1)
    call.notify(EventClass.stream, 'xgroup-delconsumer', 2)
    call.reply.integer(pending)
  },
})
