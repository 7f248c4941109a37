/** ECHO. */

import { defineCommand, Flag } from '../../engine/command.js'

/** ECHO message */
export const echo = defineCommand({
  name: 'ECHO',
  summary: 'Returns what it was given.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.loading | Flag.stale | Flag.fast,
  acl: ['connection'],
  args: ['message:string'],
  reply: 'bulk',

  run(call) {
    call.reply.bulk(call.bytes, call.starts[1]!, call.ends[1]!)
  },
})
