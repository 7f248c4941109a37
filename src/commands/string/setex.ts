/** SETEX. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { ExpiryOption } from './string-options.js'
import { setWithTime } from './storing.js'

/**
 * SETEX key seconds value
 *
 * Errors:  not an integer, invalid expire time (seconds).
 * Effects: replaces a value of any type; `set`, `expire`; replicated as SET key value PXAT.
 */
export const setex = defineCommand({
  name: 'SETEX',
  summary: 'Stores a string at a key for a number of seconds.',
  since: '2.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: 4,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [{ at: 1, last: 0, step: 1, access: Access.overwrite | Access.update }],
  args: ['key:key', 'seconds:integer', 'value:string'],
  reply: 'ok',
  deprecatedSince: '2.6.12',
  replacedBy: '`SET` with `EX`',
  docFlags: ['deprecated'],

  run(call) {
    setWithTime(call, ExpiryOption.ex)
  },
})
