/** HPEXPIRETIME. */

import { defineCommand, Flag } from '../../engine/command.js'
import { fieldArguments } from './field-arguments.js'
import { fieldTimeKeys, replyFieldTimes } from './field-times.js'

/**
 * HPEXPIRETIME key FIELDS numfields field [field …]
 *
 * Errors: syntax; not an integer; count of fields; WRONGTYPE (key holds another type).
 */
export const hpexpiretime = defineCommand({
  name: 'HPEXPIRETIME',
  summary: 'Returns until which Unix time, in milliseconds, fields of a hash live.',
  since: '7.4.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -5,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: fieldTimeKeys,
  args: ['key:key', fieldArguments],
  reply: 'array',

  run(call) {
    replyFieldTimes(call, false, false)
  },
})
