/** PFADD. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { positionOf, RANK_SHIFT, REGISTER_MASK } from '../../structures/hyperloglog.js'
import { sketch } from './registers.js'
import { Raised } from './sketch.js'

/**
 * PFADD key [element …]
 *
 * Errors:  WRONGTYPE (key holds another type, or a string that is no HyperLogLog); INVALIDOBJ (the runs of a sparse one end too
 *          early; what was added before stays).
 * Effects: creates the key on demand; `pfadd` if the key or a register is new; replicated as sent.
 */
export const pfadd = defineCommand({
  name: 'PFADD',
  summary: 'Counts elements in with a HyperLogLog, which is created on demand.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1) for each element',
  arity: -2,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['hyperloglog'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.insert }],
  args: ['key:key', 'element:string optional multiple'],
  reply: 'integer',

  run(call) {
    const entry = call.findWrite(1)
    const isNew = entry === 0
    if (isNew ? !sketch.create(call, 1) : !sketch.showToChange(call, 1, entry)) return
    const changes = addElements(call, isNew ? 1 : 0)
    if (changes < 0) return
    if (changes !== 0) tell(call, changes)
    call.reply.integer(changes !== 0 ? 1 : 0)
  },
})

/** Adds to `changes` how many elements raised a register; -1 with the error replied, after which what was changed stays and is told of. */
function addElements(call: Call, changes: number): number {
  const { argc, bytes, ends, starts } = call
  for (let i = 2; i < argc; i++) {
    const position = positionOf(bytes, starts[i]!, ends[i]!)
    const outcome = sketch.raise(call, position & REGISTER_MASK, position >>> RANK_SHIFT)
    if (outcome < 0) return failed(call, outcome, changes)
    changes += outcome
  }
  return changes
}

function failed(call: Call, outcome: Raised, changes: number): number {
  if (outcome === Raised.noMemory) {
    if (changes !== 0) tell(call, changes)
    call.fail(ErrorReply.outOfMemory)
  } else call.fail(ErrorReply.corruptHyperLogLog)
  return -1
}

function tell(call: Call, changes: number): void {
  sketch.markStale(call)
  call.changed(changes, 'pfadd')
}
