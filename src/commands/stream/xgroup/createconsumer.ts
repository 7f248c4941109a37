/** XGROUP CREATECONSUMER. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { findConsumer } from '../../../structures/stream-groups.js'
import { makeConsumer } from '../group.js'
import { findExistingGroup } from './find.js'

/**
 * XGROUP CREATECONSUMER key group consumer
 *
 * Errors:  WRONGTYPE (key holds another type); no such key; NOGROUP.
 * Effects: `xgroup-createconsumer` unless it was there; replicated as sent.
 */
export const xgroupCreateconsumer = defineCommand({
  name: 'CREATECONSUMER',
  summary: 'Makes a consumer in a group.',
  since: '6.2.0',
  group: 'stream',
  complexity: 'O(log N), N = consumers',
  arity: 5,
  flags: Flag.write | Flag.denyOom,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'group:string', 'consumer:string'],
  reply: 'integer',

  run(call) {
    const { arena, bytes, ends, starts } = call
    const group = findExistingGroup(call)
    if (group === 0) return
    if (findConsumer(arena, group, bytes, starts[4]!, ends[4]!) !== 0) return call.reply.integer(0)
    call.database.beforeQuietWrite(bytes, starts[2]!, ends[2]!)
    if (makeConsumer(call, group, 2, 4) === 0) return call.fail(ErrorReply.outOfMemory)
    call.reply.integer(1)
  },
})
