/** SET. */

import { latin1Bytes } from '../../base/bytes.js'
import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { KEEP_EXPIRY, NO_EXPIRY } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import { replyString, setString } from '../../keyspace/types/string.js'
import { ErrorReply } from '../../protocol/errors.js'
import { ExpiryOption, expiryMoment, expiryOption, takesTime } from './expiry-options.js'

const NX = latin1Bytes('nx')
const XX = latin1Bytes('xx')
const GET = latin1Bytes('get')

/**
 * SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *
 * Errors:  syntax (option clash or unknown); not an integer, invalid expire time (time); WRONGTYPE (with GET only).
 * Effects: replaces a value of any type; `set`, and `expire` when a time is given; replicated with the time as PXAT.
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
      notes: 'RW and ACCESS due to the optional `GET` argument',
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
    ['2.6.12', 'Added the `EX`, `PX`, `NX` and `XX` options.'],
    ['6.0.0', 'Added the `KEEPTTL` option.'],
    ['6.2.0', 'Added the `GET`, `EXAT` and `PXAT` option.'],
    ['7.0.0', 'Allowed the `NX` and `GET` options to be used together.'],
  ],
  reply: 'ok|nil|bulk',

  run(call) {
    if (call.argc > 3) return setWithOptions(call)
    const entry = call.findWrite(1)
    if (!store(call, entry, NO_EXPIRY, call.reply.mark())) return
    call.changed(1, 'set')
    call.reply.ok()
  },
})

/** Stores argument 2 under argument 1; false, with the error in place of what was replied since `mark`, when memory is out. */
function store(call: Call, entry: number, expiryMs: number, mark: number): boolean {
  const { bytes, starts, ends } = call
  const stored = setString(
    call.database, entry, bytes, starts[1]!, ends[1]!, bytes, starts[2]!, ends[2]!, expiryMs,
  ) // prettier-ignore
  if (stored !== 0) return true
  call.reply.rollback(mark)
  call.fail(ErrorReply.outOfMemory)
  return false
}

interface SetOptions {
  nx: boolean
  xx: boolean
  get: boolean
  /** NO_EXPIRY, KEEP_EXPIRY or ms since 1970. */
  expiryMs: number
}

function setWithOptions(call: Call): void {
  const options: SetOptions = { nx: false, xx: false, get: false, expiryMs: NO_EXPIRY }
  if (!parseSetOptions(call, options)) return
  // With GET the old value is read, and must be a string, before anything else.
  const entry = options.get ? call.findRead(1) : call.findWrite(1)
  const mark = call.reply.mark()
  if (options.get) {
    if (entry !== 0 && !call.hasType(entry, Type.string)) return
    if (entry === 0) call.reply.nil()
    else replyString(call.arena, entry, call.reply)
  }
  if ((options.nx && entry !== 0) || (options.xx && entry === 0)) {
    if (!options.get) call.reply.nil()
    return
  }
  const { expiryMs } = options
  if (!store(call, entry, expiryMs, mark)) return
  call.changed(1, 'set')
  if (expiryMs >= 0) {
    call.notify(EventClass.generic, 'expire', 1)
    // The words that decide (NX, XX, GET) have done so already, and a relative time would mean another moment later on.
    if (call.propagates) call.propagateAs(['SET', call.copyBytes(1), call.copyBytes(2), 'PXAT', expiryMs])
  } else if (options.get && call.propagates) call.propagateAs(wordsWithoutGet(call))
  if (!options.get) call.reply.ok()
}

function parseSetOptions(call: Call, options: SetOptions): boolean {
  let timeIndex = 0
  let chosen: ExpiryOption = ExpiryOption.none
  for (let i = 3; i < call.argc; i++) {
    const option = expiryOption(call, i)
    if (call.is(i, NX) && !options.xx) options.nx = true
    else if (call.is(i, XX) && !options.nx) options.xx = true
    else if (call.is(i, GET)) options.get = true
    else if (option === ExpiryOption.none || option === ExpiryOption.persist) return failSyntax(call)
    else if (chosen !== ExpiryOption.none && chosen !== option) return failSyntax(call)
    else {
      chosen = option
      if (takesTime(option) && ++i === call.argc) return failSyntax(call)
      timeIndex = i
    }
  }
  if (chosen === ExpiryOption.keepTtl) options.expiryMs = KEEP_EXPIRY
  else if (chosen !== ExpiryOption.none) {
    options.expiryMs = expiryMoment(call, timeIndex, chosen)
    if (Number.isNaN(options.expiryMs)) return false
  }
  return true
}

function wordsWithoutGet(call: Call): Uint8Array[] {
  const words: Uint8Array[] = []
  for (let i = 0; i < call.argc; i++) if (i < 3 || !call.is(i, GET)) words.push(call.copyBytes(i))
  return words
}

function failSyntax(call: Call): false {
  call.fail(ErrorReply.syntax)
  return false
}
