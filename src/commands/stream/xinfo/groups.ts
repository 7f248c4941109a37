/** XINFO GROUPS. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { consumerCount, groupPending } from '../../../structures/stream-groups.js'
import { indexCount } from '../../../structures/stream-index.js'
import { NameWalk } from '../../../structures/stream-names.js'
import { openToRead, replyGroupName, replyLastId, replyProgress } from './figures.js'

/**
 * XINFO GROUPS key
 *
 * Errors:  no such key; WRONGTYPE (key holds another type).
 */
export const xinfoGroups = defineCommand({
  name: 'GROUPS',
  summary: 'Lists the consumer groups of a stream and how far each has come.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N = groups',
  arity: 3,
  flags: Flag.readOnly,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key'],
  history: [['7.0.0', 'Shows entries-read and lag.']],
  reply: 'array',

  run(call) {
    const { arena, reply } = call
    if (!openToRead(call)) return
    const { view } = call.keyspace.streams
    reply.array(view.groupCount)
    walk.start(arena, view.groups)
    for (let group = walk.next(arena); group !== 0; group = walk.next(arena)) {
      reply.map(6)
      replyGroupName(call, group)
      reply.bulkText('consumers')
      reply.integer(consumerCount(arena, group))
      reply.bulkText('pending')
      reply.integer(indexCount(arena, groupPending(group)))
      replyLastId(call, group)
      replyProgress(call, group)
    }
  },
})

const walk = new NameWalk()
