/** LMOVE. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { endArgument, endSpec } from './ends.js'
import { moveElement } from './move-element.js'

/**
 * LMOVE source destination LEFT|RIGHT LEFT|RIGHT
 *
 * Errors:  syntax error; WRONGTYPE (either key holds another type).
 * Effects: `lpush` or `rpush` at the destination, `lpop` or `rpop` at the source, `del` when that is empty then;
 *          replicated as sent.
 */
export const lmove = defineCommand({
  name: 'LMOVE',
  summary: 'Takes an element from an end of one list, adds it at an end of another, and returns it.',
  since: '6.2.0',
  group: 'list',
  complexity: 'O(1)',
  arity: 5,
  flags: Flag.write | Flag.denyOom,
  acl: ['list'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert },
  ],
  args: ['source:key', 'destination:key', endSpec('wherefrom'), endSpec('whereto')],
  reply: 'bulk|nil',

  run(call) {
    const from = endArgument(call, 3)
    if (from < 0) return
    const to = endArgument(call, 4)
    if (to < 0) return
    const source = call.findWrite(1)
    if (source === 0) return call.reply.nil()
    if (call.hasType(source, Type.list)) moveElement(call, source, from === 1, to === 1)
  },
})
