/** PING. */

import { defineCommand, Flag } from '../../engine/command.js'
import { Gate } from '../../engine/client.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * PING [message]
 *
 * Errors: wrong number of arguments (more than one message).
 */
export const ping = defineCommand({
  name: 'PING',
  summary: 'Answers, so that a client knows the server is there.',
  since: '1.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: -1,
  flags: Flag.fast,
  acl: ['connection'],
  args: ['message:string optional'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  reply: 'simple|bulk|array',

  run(call) {
    const { bytes, client, reply, starts, ends } = call
    if (call.argc > 2) return call.fail(ErrorReply.wrongArity('ping'))
    if ((client.gate & Gate.subscribed) !== 0 && reply.protocol === 2) {
      // A RESP2 subscriber receives arrays only, so PING answers with one.
      reply.array(2)
      reply.bulkText('pong')
      if (call.argc === 1) reply.bulkText('')
      else reply.bulk(bytes, starts[1]!, ends[1]!)
    } else if (call.argc === 1) reply.simple('PONG')
    else reply.bulk(bytes, starts[1]!, ends[1]!)
  },
})
