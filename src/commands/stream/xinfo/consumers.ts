/** XINFO CONSUMERS. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import {
  activeMs,
  consumerCount,
  consumerPending,
  consumersOf,
  findGroup,
  NEVER,
  seenMs,
} from '../../../structures/stream-groups.js'
import { indexCount } from '../../../structures/stream-index.js'
import { NameWalk } from '../../../structures/stream-names.js'
import { openToRead, replyGroupName } from './figures.js'

/**
 * XINFO CONSUMERS key group
 *
 * Errors:  no such key; WRONGTYPE (key holds another type); NOGROUP.
 */
export const xinfoConsumers = defineCommand({
  name: 'CONSUMERS',
  summary: 'Lists the consumers of a group, what is pending for each and when it was last there.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N = consumers',
  arity: 4,
  flags: Flag.readOnly,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly | Access.returnsData }],
  args: ['key:key', 'group:string'],
  tips: ['nondeterministic_output'],
  history: [['7.2.0', 'Shows inactive.']],
  reply: 'array',

  run(call) {
    const { arena, bytes, ends, nowMs, reply, starts } = call
    if (!openToRead(call)) return
    const group = findGroup(call.keyspace.streams.view, bytes, starts[3]!, ends[3]!)
    if (group === 0) return call.fail(ErrorReply.noGroup(call.text(3), call.text(2)))
    reply.array(consumerCount(arena, group))
    walk.start(arena, consumersOf(arena, group))
    for (let consumer = walk.next(arena); consumer !== 0; consumer = walk.next(arena)) {
      const active = activeMs(arena, consumer)
      reply.map(4)
      replyGroupName(call, consumer)
      reply.bulkText('pending')
      reply.integer(indexCount(arena, consumerPending(consumer)))
      reply.bulkText('idle')
      reply.integer(Math.max(nowMs - seenMs(arena, consumer), 0))
      reply.bulkText('inactive')
      reply.integer(active === NEVER ? NEVER : nowMs - active)
    }
  },
})

const walk = new NameWalk()
