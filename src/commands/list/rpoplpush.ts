/** RPOPLPUSH. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { Type } from '../../keyspace/entry.js'
import { moveElement } from './move-element.js'

/**
 * RPOPLPUSH source destination
 *
 * Errors:  WRONGTYPE (either key holds another type).
 * Effects: `lpush` at the destination, `rpop` at the source, `del` when that is empty then; replicated as sent.
 */
export const rpoplpush = defineCommand({
  name: 'RPOPLPUSH',
  summary: 'Takes the last element of a list, adds it at the head of another, and returns it.',
  since: '1.2.0',
  group: 'list',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.denyOom,
  acl: ['list'],
  keys: [
    { at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete },
    { at: 2, last: 0, step: 1, access: Access.readWrite | Access.insert },
  ],
  args: ['source:key', 'destination:key'],
  deprecatedSince: '6.2.0',
  replacedBy: '`LMOVE` with the `RIGHT` and `LEFT` arguments',
  docFlags: ['deprecated'],
  reply: 'bulk|nil',

  run(call) {
    const source = call.findWrite(1)
    if (source === 0) return call.reply.nil()
    if (call.hasType(source, Type.list)) moveElement(call, source, false, true)
  },
})
