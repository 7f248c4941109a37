/** MSET. */

import { Access, defineCommand, Flag } from '../../engine/command.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { setString } from '../../keyspace/types/string.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * MSET key value [key value …]
 *
 * Errors:  wrong number of arguments (a key without value).
 * Effects: replaces values of any type; `set` for each key; replicated as sent.
 */
export const mset = defineCommand({
  name: 'MSET',
  summary: 'Stores strings at several keys in one atomic step.',
  since: '1.0.1',
  group: 'string',
  complexity: 'O(N), N = keys to set',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [{ at: 1, last: -1, step: 2, access: Access.overwrite | Access.update }],
  args: [{ name: 'data', type: 'block', isMultiple: true, args: ['key:key', 'value:string'] }],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  reply: 'ok',

  run(call) {
    const { argc, bytes, database, starts, ends } = call
    if ((argc & 1) === 0) return call.fail(ErrorReply.wrongArity(call.command.fullName))
    for (let i = 1; i < argc; i += 2) {
      const entry = call.findWrite(i)
      const stored = setString(
        database, entry, bytes, starts[i]!, ends[i]!, bytes, starts[i + 1]!, ends[i + 1]!, NO_EXPIRY,
      ) // prettier-ignore
      if (stored === 0) return call.fail(ErrorReply.outOfMemory)
      call.changed(1, 'set', i)
    }
    call.reply.ok()
  },
})
