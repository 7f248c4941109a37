/** SLOWLOG GET. */

import { defineCommand, Flag } from '../../../engine/command.js'
import { type SlowlogEntry, slowlogService } from '../../../introspection/slowlog.js'
import { ErrorReply } from '../../../protocol/errors.js'
import type { ReplyWriter } from '../../../protocol/reply-writer.js'

const COUNT_DEFAULT = 10

/**
 * SLOWLOG GET [count]: -1 for all.
 *
 * Errors: count should be greater than or equal to -1 (also when it is no integer).
 */
export const slowlogGet = defineCommand({
  name: 'GET',
  summary: 'Returns the latest entries of the slow log.',
  since: '2.2.12',
  group: 'server',
  complexity: 'O(N), N = entries returned',
  arity: -2,
  flags: Flag.admin | Flag.loading | Flag.stale,
  args: ['count:integer optional'],
  history: [['4.0.0', 'Shows address, port and name of the client.']],
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  reply: 'array',

  run(call) {
    if (call.argc > 3) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'slowlog'))
    const wanted = call.argc === 3 ? call.parseInteger(2) : COUNT_DEFAULT
    if (!(wanted >= -1)) return call.fail(ErrorReply.slowlogCount)
    const slowlog = call.store.services.get(slowlogService)
    const count = wanted === -1 ? slowlog.length : Math.min(wanted, slowlog.length)
    call.reply.array(count)
    for (let i = 0; i < count; i++) replyEntry(slowlog.entry(i), call.reply)
  },
})

function replyEntry(entry: SlowlogEntry, reply: ReplyWriter): void {
  reply.array(6)
  reply.integer(entry.id)
  reply.integer(entry.timeSeconds)
  reply.integer(entry.durationUs)
  reply.array(entry.args.length)
  for (const arg of entry.args) reply.bulk(arg, 0, arg.length)
  reply.bulkLatin1(entry.address)
  reply.bulkLatin1(entry.name)
}
