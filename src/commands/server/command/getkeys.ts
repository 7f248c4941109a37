/** COMMAND GETKEYS. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { INNER_START, innerKeys } from './lookup.js'

/**
 * COMMAND GETKEYS command [arg …]
 *
 * Errors: invalid command; the command has no key arguments; invalid number of arguments; invalid arguments.
 */
export const commandGetkeys = defineCommand({
  name: 'GETKEYS',
  summary: 'Returns which arguments of a call are keys.',
  since: '2.8.13',
  group: 'server',
  complexity: 'O(N), N = arguments of the call',
  arity: -3,
  flags: Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: ['command:string', 'arg:string optional multiple'],
  reply: 'array',

  run(call) {
    const found = innerKeys(call)
    if (found === undefined) return
    call.reply.array(found.count)
    for (const index of found.indexes) {
      call.reply.bulk(call.bytes, call.starts[index + INNER_START]!, call.ends[index + INNER_START]!)
    }
  },
})
