/** XGROUP SETID. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { EventClass } from '../../../engine/key-events.js'
import { setEntriesRead, setGroupLastId } from '../../../structures/stream-groups.js'
import { StreamId } from '../../../structures/stream-id.js'
import { isSign, readSpecialId } from '../ids.js'
import { failSyntax, findExistingGroup, GroupOptions } from './find.js'

const DOLLAR = 0x24

/**
 * XGROUP SETID key group id|$ [ENTRIESREAD entries-read]
 *
 * Errors:  not an integer, or below -1 (entries-read); unknown option; WRONGTYPE (key holds another type); no such key; NOGROUP; not an id.
 * Effects: `xgroup-setid`; replicated as sent.
 */
export const xgroupSetid = defineCommand({
  name: 'SETID',
  summary: 'Sets the id above which a consumer group reads on.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N), N = groups',
  arity: -5,
  flags: Flag.write,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.update }],
  args: [
    'key:key',
    'group:string',
    { name: 'id-selector', type: 'oneof', args: ['id:string', 'new-id:pure-token token=$'] },
    'entriesread:integer token=ENTRIESREAD optional display=entries-read',
  ],
  history: [['7.0.0', 'Takes ENTRIESREAD.']],
  reply: 'ok',

  run(call) {
    if (!options.read(call, false)) return
    const group = findExistingGroup(call)
    if (group === 0) return
    if (call.argc !== 5 && call.argc !== 7) return failSyntax(call)
    if (isSign(call, 4, DOLLAR)) call.keyspace.streams.view.readLastId(id)
    else if (!readSpecialId(call, 4, id)) return
    call.database.beforeQuietWrite(call.bytes, call.starts[2]!, call.ends[2]!)
    setGroupLastId(call.arena, group, id)
    setEntriesRead(call.arena, group, options.entriesRead)
    call.changed(1)
    call.notify(EventClass.stream, 'xgroup-setid', 2)
    call.reply.ok()
  },
})

const options = new GroupOptions()
const id = new StreamId()
