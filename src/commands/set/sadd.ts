/** SADD. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { addCollection } from '../../keyspace/types/collection-entry.js'
import { Added, type SetView } from '../../keyspace/types/set-view.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * SADD key member [member …]
 *
 * Errors:  WRONGTYPE (key holds another type).
 * Effects: creates the key on demand; `sadd` if anything was added; replicated as sent.
 */
export const sadd = defineCommand({
  name: 'SADD',
  summary: 'Adds members to a set, which is created when missing.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N = members given',
  arity: -3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['set'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'member:string multiple'],
  history: [['2.4.0', 'Takes several members.']],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, starts } = call
    const { view } = call.keyspace.sets
    const entry = call.findWrite(1)
    if (entry === 0) return create(call)
    if (!call.hasType(entry, Type.set)) return
    view.openToChange(entry, database, bytes, starts[1]!, ends[1]!)
    if (!view.expect(call.argc - 2)) return call.fail(ErrorReply.outOfMemory)
    const added = addAll(call, view)
    if (added < 0) return added === NONE_ADDED ? undefined : call.changed(~added, 'sadd')
    if (added !== 0) call.changed(added, 'sadd')
    call.reply.integer(added)
  },
})

function create(call: Call): void {
  const { bytes, database, ends, starts } = call
  const { hash } = database.keys
  const { view } = call.keyspace.sets
  if (!view.openFor(bytes, starts[2]!, ends[2]!, call.argc - 2)) return call.fail(ErrorReply.outOfMemory)
  const added = addAll(call, view)
  if (added < 0) return view.discard(false)
  const stored = addCollection(database, hash, bytes, starts[1]!, ends[1]!, Type.set, view.encoding, view.value)
  if (stored === 0) {
    view.discard(false)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(added, 'sadd')
  call.reply.integer(added)
}

/** Without memory from the start: `addAll` had added nothing. */
const NONE_ADDED = ~0

/** Adds the members from argument 2 on; how many were new, or `~` of that, with the error replied, when memory ran out. */
function addAll(call: Call, view: SetView): number {
  const { argc, bytes, ends, starts } = call
  let added = 0
  for (let i = 2; i < argc; i++) {
    const outcome = view.add(bytes, starts[i]!, ends[i]!)
    if (outcome === Added.noMemory) {
      call.fail(ErrorReply.outOfMemory)
      return ~added
    }
    added += outcome
  }
  return added
}
