/** COMMAND GETKEYSANDFLAGS. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { replyAccess } from '../../../introspection/command-docs.js'
import { INNER_START, innerKeys } from './lookup.js'

/**
 * COMMAND GETKEYSANDFLAGS command [arg …]
 *
 * Errors: as COMMAND GETKEYS.
 */
export const commandGetkeysandflags = defineCommand({
  name: 'GETKEYSANDFLAGS',
  summary: 'Returns which arguments of a call are keys, and what the call does with them.',
  since: '7.0.0',
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
    for (let i = 0; i < found.count; i++) {
      const at = found.indexes[i]! + INNER_START
      call.reply.array(2)
      call.reply.bulk(call.bytes, call.starts[at]!, call.ends[at]!)
      replyAccess(found.access[i]!, call.reply)
    }
  },
})
