/** OBJECT IDLETIME. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { lruIdleSeconds } from '../../../keyspace/access-clock.js'
import { CLOCK_MASK, clockWordOf } from '../../../keyspace/entry.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { findQuietly } from '../lookup.js'

/**
 * OBJECT IDLETIME key: nil when there is no such key.
 *
 * Errors: under the LFU policies no time of last use is tracked.
 */
export const objectIdletime = defineCommand({
  name: 'IDLETIME',
  summary: 'Tells for how many seconds a key has not been used.',
  since: '2.2.3',
  group: 'generic',
  complexity: 'O(1)',
  arity: 3,
  flags: Flag.readOnly,
  acl: ['keyspace'],
  keys: [{ at: 2, last: 0, step: 1, access: Access.readOnly }],
  args: ['key:key'],
  tips: ['nondeterministic_output'],
  reply: 'integer|nil',

  run(call) {
    const { keyspace } = call
    const entry = findQuietly(call, 2)
    if (entry === 0) return call.reply.nil()
    if (keyspace.isLfu) return call.fail(ErrorReply.idleTimeUnderLfu)
    call.reply.integer(lruIdleSeconds(clockWordOf(call.arena, entry) & CLOCK_MASK, keyspace.nowMs))
  },
})
