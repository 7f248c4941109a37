/** XGROUP DESTROY. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { EventClass } from '../../../engine/key-events.js'
import { Encoding } from '../../../keyspace/entry.js'
import { unlinkGroup } from '../../../structures/stream-groups.js'
import { groupNamed, openStreamThatIs } from './find.js'

/** More blocks than this are freed in slices, in the background. */
const FREED_AT_ONCE_MAX = 64

/**
 * XGROUP DESTROY key group
 *
 * Errors:  WRONGTYPE (key holds another type); no such key.
 * Effects: `xgroup-destroy`; replicated as sent. Who waits in the group gets NOGROUP.
 */
export const xgroupDestroy = defineCommand({
  name: 'DESTROY',
  summary: 'Removes a consumer group with all that is pending in it.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N), N = groups; memory is freed in the background',
  arity: 4,
  flags: Flag.write,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.delete }],
  args: ['key:key', 'group:string'],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, keyspace, starts } = call
    if (!openStreamThatIs(call)) return
    const group = groupNamed(call)
    if (group === 0) return call.reply.integer(0)
    const { groups, view } = keyspace.streams
    database.beforeQuietWrite(bytes, starts[2]!, ends[2]!)
    unlinkGroup(view, group)
    if (groups.effort(group) > FREED_AT_ONCE_MAX) keyspace.reclaimer.addValue(groups, group, Encoding.stream, false)
    else groups.free(group)
    call.changed(1)
    call.notify(EventClass.stream, 'xgroup-destroy', 2)
    call.reply.integer(1)
    call.store.blocking.keyFed(database, bytes, starts[2]!, ends[2]!)
  },
})
