/** PFCOUNT. */

import { Int64, isSafe, toNumber } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { countOf, countOfRegisters, isCacheStale, readCache, writeCache } from '../../structures/hyperloglog.js'
import { histogram, sketch, union, uniteKeys } from './registers.js'

/**
 * PFCOUNT key [key …]
 *
 * Errors:  WRONGTYPE (a key holds another type, or a string that is no HyperLogLog); INVALIDOBJ (the runs of a sparse one do not
 *          add up).
 * Effects: one key remembers the estimate; then it counts as changed, without an event, and is replicated as sent.
 */
export const pfcount = defineCommand({
  name: 'PFCOUNT',
  summary: 'Estimates how many different elements HyperLogLogs have seen together.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1) with one key, and almost always the estimate is at hand; O(N) with N keys, all of which are read',
  arity: -2,
  flags: Flag.readOnly | Flag.mayReplicate,
  acl: ['hyperloglog'],
  keys: [
    {
      at: 1,
      last: -1,
      step: 1,
      access: Access.readWrite | Access.returnsData,
      notes: 'Reading may write the estimate to the value, and then it is replicated.',
    },
  ],
  args: ['key:key multiple'],
  reply: 'integer',

  run(call) {
    if (call.argc > 2) {
      if (uniteKeys(call)) replyCount(call, countOfRegisters(union.registers, histogram))
      return
    }
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.integer(0)
    if (!sketch.showToChange(call, 1, entry)) return
    if (isCacheStale(sketch.bytes, sketch.start)) return countAgain(call)
    readCache(sketch.bytes, sketch.start, cached)
    if (isSafe(cached)) call.reply.integer(toNumber(cached))
    else call.reply.int64(cached.high, cached.low)
  },
})

const cached = new Int64()

function countAgain(call: Call): void {
  const count = countOf(sketch.bytes, sketch.start, sketch.end, histogram)
  if (count < 0) return call.fail(ErrorReply.corruptHyperLogLog)
  sketch.open(call)
  writeCache(sketch.bytes, sketch.start, count)
  call.changed(1)
  replyCount(call, count)
}

/** Registers that no hash could have made can stand for infinitely many; a real server's integer is the smallest then. */
function replyCount(call: Call, count: number): void {
  if (count === Infinity) call.reply.int64(1 << 31, 0)
  else call.reply.integer(count)
}
