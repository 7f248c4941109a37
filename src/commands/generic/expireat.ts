/** EXPIREAT. */

import { defineCommand, Flag } from '../../engine/command.js'
import { expiryCondition, expiryHistory, expiryKeys, setExpiryTime } from './expiry-time.js'

/**
 * EXPIREAT key unix-time-seconds [NX | XX | GT | LT]
 *
 * Errors:  unsupported option; options that clash; not an integer; invalid expire time (beyond 64 bits of ms).
 * Effects: `expire`, replicated as PEXPIREAT; a moment that has passed deletes the key: `del`, replicated as DEL or UNLINK.
 */
export const expireat = defineCommand({
  name: 'EXPIREAT',
  summary: 'Lets a key live until a Unix time in seconds.',
  since: '1.2.0',
  group: 'generic',
  complexity: 'O(1)',
  arity: -3,
  flags: Flag.write | Flag.fast,
  acl: ['keyspace'],
  keys: expiryKeys,
  args: ['key:key', 'unix-time-seconds:unix-time', expiryCondition],
  history: expiryHistory,
  reply: 'integer',

  run(call) {
    setExpiryTime(call, true, false)
  },
})
