/** DECR. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { incrementBy } from './incr-by.js'

/**
 * DECR key
 *
 * Errors:  WRONGTYPE; not an integer (value); overflow.
 * Effects: creates the key with -1; keeps the expiry time; `incrby`; replicated as sent.
 */
export const decr = defineCommand({
  name: 'DECR',
  summary: 'Takes one from the integer stored at a key, starting from 0 when there is none.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.write | Flag.denyOom | Flag.fast,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.returnsData | Access.update }],
  args: ['key:key'],
  reply: 'integer',

  run(call) {
    incrementBy(call, -1)
  },
})
