/** HPTTL. */

import { defineCommand, Flag } from '../../engine/command.js'
import { fieldArguments } from './field-arguments.js'
import { fieldTimeKeys, replyFieldTimes } from './field-times.js'

/**
 * HPTTL key FIELDS numfields field [field …]
 *
 * Errors: syntax; not an integer; count of fields; WRONGTYPE (key holds another type).
 */
export const hpttl = defineCommand({
  name: 'HPTTL',
  summary: 'Returns how many milliseconds fields of a hash have left to live.',
  since: '7.4.0',
  group: 'hash',
  complexity: 'O(N), N = fields given',
  arity: -5,
  flags: Flag.readOnly | Flag.fast,
  acl: ['hash'],
  keys: fieldTimeKeys,
  args: ['key:key', fieldArguments],
  tips: ['nondeterministic_output'],
  reply: 'array',

  run(call) {
    replyFieldTimes(call, false, true)
  },
})
