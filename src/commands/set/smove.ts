/** SMOVE. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { addCollection } from '../../keyspace/types/collection-entry.js'
import { Added } from '../../keyspace/types/set-view.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { removeEmpty } from '../remove-empty.js'

/**
 * SMOVE source destination member
 *
 * Errors:  WRONGTYPE (either key holds another type).
 * Effects: creates the destination on demand, deletes the source with its last member; `srem`, `del`, `sadd`; replicated as
 *          sent. The member is added before it is removed, so that it is not lost for want of memory.
 */
export const smove = defineCommand({
  name: 'SMOVE',
  summary: 'Moves a member from one set to another.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.fast,
  acl: ['set'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert },
  ],
  args: ['source:key', 'destination:key', 'member:string'],
  reply: 'integer',

  run(call) {
    const { bytes, database, ends, starts } = call
    const source = call.findWrite(1)
    const destination = call.findWrite(2)
    if (source === 0) return call.reply.integer(0)
    if (!call.hasType(source, Type.set)) return
    if (destination !== 0 && !call.hasType(destination, Type.set)) return
    const { view } = call.keyspace.sets
    view.openToChange(source, database, bytes, starts[1]!, ends[1]!)
    if (!view.has(bytes, starts[3]!, ends[3]!)) return call.reply.integer(0)
    if (source === destination) return call.reply.integer(1)

    const outcome = addTo(call, destination)
    if (outcome === Added.noMemory) return call.fail(ErrorReply.outOfMemory)
    view.remove(bytes, starts[3]!, ends[3]!)
    call.changed(1, 'srem')
    if (view.size === 0) removeEmpty(call, source, 1)
    if (outcome === Added.added) call.changed(1, 'sadd', 2)
    call.reply.integer(1)
  },
})

/** Adds the member to the destination; see `Added`. */
function addTo(call: Call, destination: Pointer): number {
  const { bytes, database, ends, starts } = call
  const { target } = call.keyspace.sets
  if (destination !== 0) {
    target.openToChange(destination, database, bytes, starts[2]!, ends[2]!)
    return target.add(bytes, starts[3]!, ends[3]!)
  }
  if (!target.openFor(bytes, starts[3]!, ends[3]!, 1)) return Added.noMemory
  if (target.add(bytes, starts[3]!, ends[3]!) === Added.added) {
    const hash = database.keys.hashOf(bytes, starts[2]!, ends[2]!)
    const { encoding, value } = target
    if (addCollection(database, hash, bytes, starts[2]!, ends[2]!, Type.set, encoding, value) !== 0) return Added.added
  }
  target.discard(false)
  return Added.noMemory
}
