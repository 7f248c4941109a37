/** CLIENT PAUSE. */

import { latin1Bytes } from '../../../base/bytes.js'
import { compare, fromNumber, Int64, subtract } from '../../../base/int64.js'
import type { Call } from '../../../engine/call.js'
import { defineCommand, Flag } from '../../../engine/command.js'
import { ErrorReply } from '../../../protocol/errors.js'

const WRITE = latin1Bytes('write')
const ALL = latin1Bytes('all')

/**
 * CLIENT PAUSE milliseconds [WRITE | ALL]
 *
 * A pause under way neither ends earlier nor pauses less by another.
 *
 * Errors: mode must be WRITE or ALL; timeout is not an integer, negative, or so large that its end cannot be told.
 */
export const clientPause = defineCommand({
  name: 'PAUSE',
  summary: 'Holds back commands of all clients, or those that write, for a time.',
  since: '3.0.0',
  group: 'connection',
  complexity: 'O(1)',
  arity: -3,
  flags: Flag.admin | Flag.noScript | Flag.loading | Flag.stale | Flag.sentinel,
  acl: ['connection'],
  args: [
    'timeout:integer',
    {
      name: 'mode',
      type: 'oneof',
      since: '6.2.0',
      isOptional: true,
      args: ['write:pure-token token=WRITE', 'all:pure-token token=ALL'],
    },
  ],
  history: [['6.2.0', 'Mode `WRITE`, with the option that chooses it.']],
  reply: 'ok',

  run(call) {
    if (call.argc > 4) return call.fail(ErrorReply.unknownSubcommandOrArity(call.text(1), 'client'))
    const isWrite = call.argc === 4 && call.is(3, WRITE)
    if (call.argc === 4 && !isWrite && !call.is(3, ALL)) return call.fail(ErrorReply.clientPauseMode)
    const endMs = readEnd(call, 2)
    if (Number.isNaN(endMs)) return
    call.store.pause.start('command', endMs, !isWrite)
    call.reply.ok()
  },
})

/** The moment that many ms from now (now itself for 0); NaN, with the error replied, when there is no such moment. */
function readEnd(call: Call, index: number): number {
  const given = call.parseInteger(index)
  if (Number.isNaN(given)) call.fail(ErrorReply.timeoutNotAnInteger)
  else if (given < 0) call.fail(ErrorReply.timeoutNegative)
  else if (given === Infinity && overflows(call, index)) call.fail(ErrorReply.timeoutOutOfRange)
  else return Math.min(Number.MAX_SAFE_INTEGER, call.nowMs + given)
  return NaN
}

/** True when that many ms from now lie beyond 64 bits. */
function overflows(call: Call, index: number): boolean {
  const given = new Int64()
  call.int64(index, given)
  const most = new Int64()
  fromNumber(call.nowMs, most)
  subtract(new Int64(0x7fffffff, 0xffffffff), most, most)
  return compare(given, most) > 0
}
