/** ZMPOP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { type MultiplePop, parseMultiplePop } from '../list/multiple-pop-arguments.js'
import { endArgument, endSpec } from './ends.js'
import { popSomeWithKey } from './pop-scores.js'

const pop: MultiplePop = { first: 0, keys: 0, atHead: false, count: 0 }

/**
 * ZMPOP numkeys key [key …] MIN|MAX [COUNT count]
 *
 * Errors:  numkeys or count not above 0; syntax; WRONGTYPE (the first key that exists holds another type).
 * Effects: `zpopmin` or `zpopmax`, and `del` when the sorted set is empty then; replicated as ZPOPMIN or ZPOPMAX with a count.
 */
export const zmpop = defineCommand({
  name: 'ZMPOP',
  summary: 'Takes members from an end of the first sorted set that has any.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity: 'O(K + M*log N), K = keys, N = members, M = members taken',
  arity: -4,
  flags: Flag.write,
  acl: ['sortedset'],
  keys: [
    { at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readWrite | Access.returnsData | Access.delete },
  ],
  args: ['numkeys:integer', 'key:key multiple', endSpec('where'), 'count:integer token=COUNT optional'],
  reply: 'array|nil-array',

  run(call) {
    if (!parseMultiplePop(call, 1, pop, endArgument)) return
    const { atHead, count, first, keys } = pop
    for (let key = first; key < first + keys; key++) {
      const entry = call.findWrite(key)
      if (entry === 0) continue
      if (call.hasType(entry, Type.zset)) popSomeWithKey(call, entry, key, !atHead, count)
      return
    }
    call.reply.nilArray()
  },
})
