/** LPOP. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { popGeneric } from './pop-elements.js'

/**
 * LPOP key [count]
 *
 * Errors:  value is out of range, must be positive (count); WRONGTYPE (key holds another type).
 * Effects: `lpop`, and `del` when the list is empty then; replicated as sent.
 */
export const lpop = defineCommand({
  name: 'LPOP',
  summary: 'Takes the first element, or the first few, out of a list; the key goes with its last element.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N), N = elements taken',
  arity: -2,
  flags: Flag.write | Flag.fast,
  acl: ['list'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.delete }],
  args: ['key:key', 'count:integer optional since=6.2.0'],
  history: [['6.2.0', 'Takes a count.']],
  reply: 'bulk|nil|array|nil-array',

  run(call) {
    popGeneric(call, true)
  },
})
