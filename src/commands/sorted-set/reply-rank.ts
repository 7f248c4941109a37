/** ZRANK and ZREVRANK. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { ErrorReply } from '../../protocol/errors.js'

const WITHSCORE = latin1Bytes('withscore')

export function replyRank(call: Call, isReverse: boolean): void {
  const { bytes, ends, reply, starts } = call
  if (call.argc > 4) return call.fail(ErrorReply.wrongArity(call.command.fullName))
  const hasScore = call.argc === 4
  if (hasScore && !call.is(3, WITHSCORE)) return call.fail(ErrorReply.syntax)
  const entry = call.findRead(1)
  if (entry !== 0 && !call.hasType(entry, Type.zset)) return
  const { view } = call.keyspace.zsets
  if (entry !== 0) view.open(entry)
  if (entry === 0 || !view.find(bytes, starts[2]!, ends[2]!)) return hasScore ? reply.nilArray() : reply.nil()
  const { rank } = view
  if (hasScore) reply.array(2)
  reply.integer(isReverse ? view.size - 1 - rank : rank)
  if (hasScore) reply.double(view.score)
}
