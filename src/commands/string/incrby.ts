/** INCRBY. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { incrementByArgument } from './incr-by.js'

/**
 * INCRBY key increment
 *
 * Errors:  not an integer (increment, value); WRONGTYPE; overflow.
 * Effects: creates the key on demand; keeps the expiry time; `incrby`; replicated as sent.
 */
export const incrby = defineCommand({
  name: 'INCRBY',
  summary: 'Adds a number to the integer stored at a key, starting from 0 when there is none.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key', 'increment:integer'],
  reply: 'integer',

  run(call) {
    incrementByArgument(call, false)
  },
})
