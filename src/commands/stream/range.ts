/** XRANGE and XREVRANGE. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Type } from '../../keyspace/entry.js'
import { cellPointer } from '../../keyspace/types/cell.js'
import { ErrorReply } from '../../protocol/errors.js'
import { StreamId } from '../../structures/stream-id.js'
import { readEnd, readStart } from './ids.js'
import { replyEntries } from './reply.js'

const COUNT = latin1Bytes('count')
const start = new StreamId()
const end = new StreamId()

export function replyRange(call: Call, isBackward: boolean): void {
  if (!readStart(call, isBackward ? 3 : 2, start) || !readEnd(call, isBackward ? 2 : 3, end)) return
  const count = readCount(call)
  if (Number.isNaN(count)) return
  const entry = call.findRead(1)
  if (entry === 0) return call.reply.emptyArray()
  if (!call.hasType(entry, Type.stream)) return
  if (count === 0) return call.reply.nilArray()
  const { cursor, view } = call.keyspace.streams
  view.open(cellPointer(call.arena, entry))
  if (isBackward) cursor.backward(view, start, end)
  else cursor.forward(view, start, end, 0, 0)
  replyEntries(call.reply, cursor, count < 0 ? 0 : count)
}

/** @returns -1 when there is none, NaN when an error has been replied */
function readCount(call: Call): number {
  let count = -1
  for (let at = 4; at < call.argc; at += 2) {
    if (at + 1 >= call.argc || !call.is(at, COUNT)) {
      call.fail(ErrorReply.syntax)
      return NaN
    }
    count = call.integer(at + 1)
    if (Number.isNaN(count)) return NaN
    if (count < 0) count = 0
  }
  return count
}
