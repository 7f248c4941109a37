/** XGROUP CREATE. */

import type { Call } from '../../../engine/call.js'
import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { EventClass } from '../../../engine/key-events.js'
import { cellPointer } from '../../../keyspace/types/cell.js'
import { addStream } from '../../../keyspace/types/stream.js'
import type { Pointer } from '../../../memory/pointer.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { addGroup } from '../../../structures/stream-groups.js'
import { setIdZero, StreamId } from '../../../structures/stream-id.js'
import { isSign, readId } from '../ids.js'
import { failSyntax, groupNamed, GroupOptions, openStream } from './find.js'

const DOLLAR = 0x24
const ARGC_MAX = 8

/**
 * XGROUP CREATE key group id|$ [MKSTREAM] [ENTRIESREAD entries-read]
 *
 * Errors:  not an integer, or below -1 (entries-read); unknown option; WRONGTYPE (key holds another type); no such key, without MKSTREAM;
 *          not an id; BUSYGROUP.
 * Effects: creates the key with MKSTREAM; `xgroup-create`; replicated as sent.
 */
export const xgroupCreate = defineCommand({
  name: 'CREATE',
  summary: 'Makes a consumer group.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N), N = groups',
  arity: -5,
  flags: Flag.write | Flag.denyOom,
  acl: ['stream'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: [
    'key:key',
    'group:string',
    { name: 'id-selector', type: 'oneof', args: ['id:string', 'new-id:pure-token token=$'] },
    'mkstream:pure-token token=MKSTREAM optional',
    'entries-read:integer token=ENTRIESREAD optional',
  ],
  history: [['7.0.0', 'Takes ENTRIESREAD.']],
  reply: 'ok',

  run(call) {
    if (!options.read(call, true)) return
    const found = openStream(call)
    if (found < 0) return
    if (found === 0 && !options.makesStream) return call.fail(ErrorReply.groupNeedsKey)
    if (call.argc > ARGC_MAX) return failSyntax(call)
    if (!readFirstId(call, found > 0)) return
    if (found > 0 && groupNamed(call) !== 0) return call.fail(ErrorReply.busyGroup)
    create(call, found > 0)
  },
})

const options = new GroupOptions()
const id = new StreamId()

function readFirstId(call: Call, isThere: boolean): boolean {
  if (!isSign(call, 4, DOLLAR)) return readId(call, 4, id)
  if (isThere) call.keyspace.streams.view.readLastId(id)
  else setIdZero(id)
  return true
}

function create(call: Call, isThere: boolean): void {
  const { bytes, database, ends, starts } = call
  const { view } = call.keyspace.streams
  let made: Pointer = 0
  if (isThere) database.beforeQuietWrite(bytes, starts[2]!, ends[2]!)
  else {
    made = addStream(database, bytes, starts[2]!, ends[2]!)
    if (made === 0) return call.fail(ErrorReply.outOfMemory)
    view.open(cellPointer(call.arena, made))
  }
  if (addGroup(view, bytes, starts[3]!, ends[3]!, id, options.entriesRead) === 0) {
    if (made !== 0) database.remove(made, false)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(1)
  call.notify(EventClass.stream, 'xgroup-create', 2)
  call.reply.ok()
}
