/** PEXPIREAT. */

import { defineCommand, Flag } from '../../engine/command.js'
import { expiryCondition, expiryHistory, expiryKeys, setExpiryTime } from './expiry-time.js'

/**
 * PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]
 *
 * Errors:  unsupported option; options that clash; not an integer; invalid expire time (beyond 64 bits of ms).
 * Effects: `expire`, replicated as PEXPIREAT; a moment that has passed deletes the key: `del`, replicated as DEL or UNLINK.
 */
export const pexpireat = defineCommand({
  name: 'PEXPIREAT',
  summary: 'Lets a key live until a Unix time in milliseconds.',
  since: '2.6.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: expiryKeys,
  args: ['key:key', 'unix-time-milliseconds:unix-time', expiryCondition],
  history: expiryHistory,
  reply: 'integer',

  run(call) {
    setExpiryTime(call, false, false)
  },
})
