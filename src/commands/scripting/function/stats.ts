/** FUNCTION STATS. */

import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { ENGINE_NAME } from '../../../scripting/function-libraries.js'
import { scripting, type Scripting } from '../../../scripting/scripting.js'

/**
 * FUNCTION STATS
 *
 * Errors:  BUSY while a script of EVAL runs.
 */
export const functionStats = defineCommand({
  name: 'STATS',
  summary: 'Returns the running function, and how many libraries and functions there are.',
  since: '7.0.0',
  group: 'scripting',
  complexity: 'O(1)',
  arity: 2,
  flags: Flag.noScript | Flag.allowBusy,
  acl: ['scripting'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  reply: 'map',

  run(call) {
    const { reply } = call
    const service = call.store.services.get(scripting)
    if (service.running?.isEval === true) return call.fail(ErrorReply.busyEval)
    reply.map(2)
    reply.bulkText('running_script')
    replyRunning(reply, service)
    reply.bulkText('engines')
    reply.map(1)
    reply.bulkText(ENGINE_NAME)
    reply.map(2)
    reply.bulkText('libraries_count')
    reply.integer(service.libraries.libraries.size)
    reply.bulkText('functions_count')
    reply.integer(service.libraries.functions.size)
  },
})

function replyRunning(reply: Call['reply'], service: Scripting): void {
  const { running } = service
  if (running?.request === undefined) return reply.nil()
  const { bytes, starts, ends, argc } = running.request
  reply.map(3)
  reply.bulkText('name')
  reply.bulkLatin1(running.name)
  reply.bulkText('command')
  reply.array(argc)
  for (let i = 0; i < argc; i++) reply.bulk(bytes, starts[i]!, ends[i]!)
  reply.bulkText('duration_ms')
  reply.integer(service.runningMs)
}
