/** OBJECT FREQ. */

import { Access, defineCommand, Flag } from '../../../engine/command.js'
import { lfuDecayed } from '../../../keyspace/access-clock.js'
import { CLOCK_MASK, clockWordOf } from '../../../keyspace/entry.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { findQuietly } from '../lookup.js'

/**
 * OBJECT FREQ key: nil when there is no such key.
 *
 * Errors: no frequency is tracked unless maxmemory-policy is one of the LFU policies.
 */
export const objectFreq = defineCommand({
  name: 'FREQ',
  summary: 'Tells how often a key is used, on a logarithmic scale.',
  since: '4.0.0',
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
    if (!keyspace.isLfu) return call.fail(ErrorReply.frequencyWithoutLfu)
    const clock = clockWordOf(call.arena, entry) & CLOCK_MASK
    call.reply.integer(lfuDecayed(clock, keyspace.nowMs, keyspace.lfuDecayMinutes))
  },
})
