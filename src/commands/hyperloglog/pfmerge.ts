/** PFMERGE. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { REGISTERS } from '../../structures/hyperloglog-dense.js'
import { sketch, union, uniteKeys } from './registers.js'
import { Raised } from './sketch.js'

/**
 * PFMERGE destkey [sourcekey …]
 *
 * Errors:  WRONGTYPE (a key holds another type, or a string that is no HyperLogLog); INVALIDOBJ (the runs of a sparse one do not
 *          add up). Nothing has changed then.
 * Effects: creates the destination on demand, which is one of the sources; `pfadd`; replicated as sent. With a dense source the
 *          destination becomes dense.
 */
export const pfmerge = defineCommand({
  name: 'PFMERGE',
  summary: 'Merges HyperLogLogs into one, which has seen what each of them has.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(N), N = keys, all of which are read',
  arity: -2,
  flags: Flag.write | Flag.denyOom,
  acl: ['hyperloglog'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.insert },
    { at: 2, last: -1, step: 1, access: Access.readOnly | Access.returnsData },
  ],
  args: ['destkey:key', 'sourcekey:key optional multiple'],
  reply: 'ok',

  run(call) {
    if (!uniteKeys(call)) return
    const entry = call.findWrite(1)
    if (entry === 0 ? !sketch.create(call, 1) : !sketch.showToChange(call, 1, entry)) return
    const isWhole = !(union.hasDense && sketch.makeDense(call) < 0) && raiseRegisters(call)
    sketch.markStale(call)
    call.changed(1, 'pfadd') // also of a part, and of a key that was only created: both are in the data set
    if (!isWhole) return call.fail(ErrorReply.outOfMemory)
    call.reply.ok()
  },
})

/** @returns false without memory; the destination may have got a part of the union then, which merging again completes */
function raiseRegisters(call: Call): boolean {
  const { registers } = union
  for (let i = 0; i < REGISTERS; i++) {
    if (registers[i] !== 0 && sketch.raise(call, i, registers[i]!) === Raised.noMemory) return false
  }
  return true
}
