/** HEXPIREAT. */

import { defineCommand, Flag } from '../../engine/command.js'
import { fieldArguments } from './field-arguments.js'
import { fieldCondition, fieldExpiryKeys, setFieldExpiry } from './field-expiry.js'

/**
 * HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field …]
 *
 * Errors:  unsupported option; options that clash; not an integer; count of fields; invalid expire time (negative, or beyond 64
 *          bits of ms); WRONGTYPE (key holds another type).
 * Effects: `hexpire`, replicated as HPEXPIREAT of the fields it was set for. A time that has passed deletes fields: `hexpired`,
 *          replicated as HDEL, and `del` when no field is left.
 */
export const hexpireat = defineCommand({
  name: 'HEXPIREAT',
  summary: 'Lets fields of a hash live until a Unix time in seconds.',
  since: '7.4.0',
  group: 'hash',
  complexity: 'O(N log M), N = fields given, M = fields with an expiry time',
  arity: -6,
  flags: Flag.write | Flag.fast,
  acl: ['hash'],
  keys: fieldExpiryKeys,
  args: ['key:key', 'unix-time-seconds:unix-time', fieldCondition, fieldArguments],
  reply: 'array',

  run(call) {
    setFieldExpiry(call, true, false)
  },
})
