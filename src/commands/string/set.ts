/** SET. */

import { equalsIgnoreCase, latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag, type KeyFinderCall } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { KEEP_EXPIRY, NO_EXPIRY } from '../../keyspace/database.js'
import type { Pointer } from '../../memory/pointer.js'
import { Condition, ExpiryOption, expiryMoment, parseSetOptions, StringOptions } from './string-options.js'
import { announceExpiry, entryToWrite, replyOld, store } from './storing.js'

const GET = latin1Bytes('get')

/**
 * SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *
 * Errors:  syntax (option clash or unknown); not an integer, invalid expire time (time); WRONGTYPE (with GET only).
 * Effects: replaces a value of any type; `set`, and `expire` when a time is given. Replicated without GET; with EX, PX or EXAT as
 *          SET key value PXAT, for NX and XX have done their part then and a relative time would mean another moment later.
 */
export const set = defineCommand({
  name: 'SET',
  summary: 'Stores a string at a key, with conditions and a time to live on demand.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  arity: -3,
  flags: Flag.write | Flag.denyOom,
  acl: ['string'],
  keys: [
    {
      at: 1,
      last: 0,
      step: 1,
      access: Access.readWrite | Access.returnsData | Access.update | Access.variableFlags,
      notes: 'Read and returned only with `GET`; overwritten blindly without',
    },
  ],
  args: [
    'key:key',
    'value:string',
    {
      name: 'condition',
      type: 'oneof',
      since: '2.6.12',
      isOptional: true,
      args: ['nx:pure-token token=NX', 'xx:pure-token token=XX'],
    },
    'get:pure-token token=GET since=6.2.0 optional',
    {
      name: 'expiration',
      type: 'oneof',
      isOptional: true,
      args: [
        'seconds:integer token=EX since=2.6.12',
        'milliseconds:integer token=PX since=2.6.12',
        'unix-time-seconds:unix-time token=EXAT since=6.2.0',
        'unix-time-milliseconds:unix-time token=PXAT since=6.2.0',
        'keepttl:pure-token token=KEEPTTL since=6.0.0',
      ],
    },
  ],
  history: [
    ['2.6.12', 'Options: `EX`, `PX`, `NX`, `XX`.'],
    ['6.0.0', 'Option: `KEEPTTL`.'],
    ['6.2.0', 'Options: `GET`, `EXAT`, `PXAT`.'],
    ['7.0.0', '`NX` no longer excludes `GET`.'],
  ],
  reply: 'ok|nil|bulk',

  keyAccess,

  run(call) {
    if (call.argc > 3) return setWithOptions(call)
    if (store(call, call.findWrite(1), 2, NO_EXPIRY)) call.reply.ok()
  },
})

const options = new StringOptions()

function setWithOptions(call: Call): void {
  if (!parseSetOptions(call, options)) return
  const { condition, expiry, returnsOld } = options
  let expiryMs: number = expiry === ExpiryOption.keepTtl ? KEEP_EXPIRY : NO_EXPIRY
  if (options.timeIndex !== 0) {
    expiryMs = expiryMoment(call, options.timeIndex, expiry)
    if (Number.isNaN(expiryMs)) return
  }
  const mark = call.reply.mark()
  let entry: Pointer
  if (returnsOld) {
    entry = call.findRead(1)
    if (!replyOld(call, entry)) return
    entry = entryToWrite(call, entry)
  } else entry = call.findWrite(1)

  if (condition !== Condition.none && (condition === Condition.present) !== (entry !== 0)) {
    if (!returnsOld) call.reply.nil()
    return
  }
  if (!store(call, entry, 2, expiryMs, mark)) return
  if (expiry === ExpiryOption.pxat) call.notify(EventClass.generic, 'expire', 1)
  else if (expiryMs >= 0) announceExpiry(call, 2, expiryMs)
  else if (returnsOld && call.propagates) call.propagateAs(wordsWithoutGet(call))
  if (!returnsOld) call.reply.ok()
}

/** What the feed is told: the old value is nobody's business there. */
function wordsWithoutGet(call: Call): Uint8Array[] {
  const words: Uint8Array[] = []
  for (let i = 0; i < call.argc; i++) if (i < 3 || !call.is(i, GET)) words.push(call.copyBytes(i))
  return words
}

/** The key is read only if GET asks for the old value. */
function keyAccess({ argc, bytes, ends, starts }: KeyFinderCall): number {
  for (let i = 3; i < argc; i++) {
    if (equalsIgnoreCase(bytes, starts[i]!, ends[i]!, GET)) return Access.readWrite | Access.returnsData | Access.update
  }
  return Access.overwrite | Access.update
}
