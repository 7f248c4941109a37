/** LMPOP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { endSpec } from './ends.js'
import { type MultiplePop, parseMultiplePop } from './multiple-pop-arguments.js'
import { popSomeWithKey } from './pop-elements.js'

const pop: MultiplePop = { first: 0, keys: 0, atHead: false, count: 0 }

/**
 * LMPOP numkeys key [key …] LEFT|RIGHT [COUNT count]
 *
 * Errors:  numkeys or count not above 0; syntax error; WRONGTYPE (the first key that exists holds another type).
 * Effects: `lpop` or `rpop`, and `del` when the list is empty then; replicated as LPOP or RPOP with a count.
 */
export const lmpop = defineCommand({
  name: 'LMPOP',
  summary: 'Takes elements from an end of the first list that has any.',
  since: '7.0.0',
  group: 'list',
  complexity: 'O(N + M), N = keys, M = elements taken',
  arity: -4,
  flags: Flag.write,
  acl: ['list'],
  keys: [
    { at: 1, count: { index: 0, first: 1, step: 1 }, access: Access.readWrite | Access.returnsData | Access.delete },
  ],
  args: ['numkeys:integer', 'key:key multiple', endSpec('where'), 'count:integer token=COUNT optional'],
  reply: 'array|nil-array',

  run(call) {
    if (!parseMultiplePop(call, 1, pop)) return
    const { atHead, count, first, keys } = pop
    for (let key = first; key < first + keys; key++) {
      const entry = call.findWrite(key)
      if (entry === 0) continue
      if (call.hasType(entry, Type.list)) popSomeWithKey(call, entry, key, atHead, count)
      return
    }
    call.reply.nilArray()
  },
})
