/** DEBUG PROTOCOL. */

import type { Call } from '../../../engine/call.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { debugSubcommand } from './subcommand.js'

const REPLIES: ReadonlyMap<string, (call: Call) => void> = new Map([
  ['string', ({ reply }: Call) => reply.bulkText('Hello World')],
  ['integer', ({ reply }: Call) => reply.integer(12345)],
  ['double', ({ reply }: Call) => reply.double(3141 / 1000)],
  ['bignum', ({ reply }: Call) => reply.bigNumber('1234567999999999999999999999999999999')],
  ['null', ({ reply }: Call) => reply.nil()],
  ['array', (call: Call) => replyThree(call, () => call.reply.array(3))],
  ['set', (call: Call) => replyThree(call, () => call.reply.set(3))],
  ['map', replyMap],
  ['attrib', replyAttribute],
  ['push', replyPush],
  ['verbatim', ({ reply }: Call) => reply.verbatim('txt', 'This is a verbatim\nstring')],
  ['true', ({ reply }: Call) => reply.boolean(true)],
  ['false', ({ reply }: Call) => reply.boolean(false)],
])

export const protocol = debugSubcommand(
  'PROTOCOL',
  [3, 3],
  [
    'PROTOCOL <type>',
    '    Replies with a sample of a type: string, integer, double, bignum, null, array,',
    '    set, map, attrib, push, verbatim, true, false.',
  ],
  (call) => {
    const reply = REPLIES.get(call.text(2).toLowerCase())
    if (reply === undefined) call.fail(ErrorReply.debugProtocolType)
    else reply(call)
  },
)

function replyThree({ reply }: Call, header: () => void): void {
  header()
  for (let i = 0; i < 3; i++) reply.integer(i)
}

function replyMap({ reply }: Call): void {
  reply.map(3)
  for (let i = 0; i < 3; i++) {
    reply.integer(i)
    reply.boolean(i === 1)
  }
}

function replyAttribute({ reply }: Call): void {
  if (reply.protocol === 3) {
    reply.attribute(1)
    reply.bulkText('key-popularity')
    reply.array(2)
    reply.bulkText('key:123')
    reply.integer(90)
  }
  reply.bulkText('Some real reply following the attribute')
}

/** The message stands behind the reply, as every message does that arises while a command of its client runs. */
function replyPush(call: Call): void {
  const { reply } = call
  if (reply.protocol === 2) return call.fail(ErrorReply.debugResp2)
  reply.bulkText('Some real reply following the push reply')
  reply.push(2)
  reply.bulkText('server-cpu-usage')
  reply.integer(42)
}
