/** PFSELFTEST. */

import { defineCommand, Flag } from '../../engine/command.js'
import { ErrorReply } from '../../protocol/errors.js'
import { selfTest } from './self-test.js'

/**
 * PFSELFTEST
 *
 * Errors: TESTFAILED and what was found.
 */
export const pfselftest = defineCommand({
  name: 'PFSELFTEST',
  summary: 'Tests the HyperLogLog of this server with random elements; takes a moment, in which nothing else happens.',
  since: '2.8.9',
  group: 'hyperloglog',
  complexity: 'O(1), but of a million elements',
  arity: 1,
  flags: Flag.admin,
  docFlags: ['syscmd'],
  acl: ['hyperloglog'],
  reply: 'ok',

  run(call) {
    const finding = selfTest(call.keyspace.random, call.store.config.values['hll-sparse-max-bytes'])
    if (finding === undefined) call.reply.ok()
    else call.fail(ErrorReply.hyperLogLogSelfTest(finding))
  },
})
