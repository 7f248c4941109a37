/** GETEX. */

import type { Call } from '../../engine/call.js'
import { Access, defineCommand, Flag } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { expiryOf, Type } from '../../keyspace/entry.js'
import { replyString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { momentPart } from '../generic/expiry-time.js'
import { ExpiryOption, expiryMoment, isAbsolute, parseGetexOptions, StringOptions } from './string-options.js'
import { ErrorReply } from '../../protocol/errors.js'

/**
 * GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST]
 *
 * Errors:  syntax (option clash or unknown); WRONGTYPE; not an integer, invalid expire time (time, of keys that exist).
 * Effects: sets or takes away the expiry time: `expire` or `persist`, replicated as PEXPIREAT or PERSIST; a moment that has
 *          passed deletes the key: `del`, replicated as DEL or UNLINK. Without options nothing happens.
 */
export const getex = defineCommand({
  name: 'GETEX',
  summary: 'Returns the string stored at a key and changes its time to live on demand.',
  since: '6.2.0',
  group: 'string',
  complexity: 'O(1)',
  arity: -2,
  flags: Flag.write | Flag.fast,
  acl: ['string'],
  keys: [
    {
      at: 1,
      last: 0,
      step: 1,
      access: Access.readWrite | Access.returnsData | Access.update,
      notes: 'Written to because the time to live changes',
    },
  ],
  args: [
    'key:key',
    {
      name: 'expiration',
      type: 'oneof',
      isOptional: true,
      args: [
        'seconds:integer token=EX',
        'milliseconds:integer token=PX',
        'unix-time-seconds:unix-time token=EXAT',
        'unix-time-milliseconds:unix-time token=PXAT',
        'persist:pure-token token=PERSIST',
      ],
    },
  ],
  reply: 'bulk|nil',

  run(call) {
    if (!parseGetexOptions(call, options)) return
    const entry = call.findRead(1)
    if (entry === 0) return call.reply.nil()
    if (!call.hasType(entry, Type.string)) return
    const { expiry } = options
    let expiryMs = NO_EXPIRY
    if (options.timeIndex !== 0) {
      expiryMs = expiryMoment(call, options.timeIndex, expiry)
      if (Number.isNaN(expiryMs)) return
    }
    const mark = call.reply.mark()
    replyString(call.arena, entry, call.reply)
    if (expiry === ExpiryOption.none) return
    if (isAbsolute(expiry) && hasPassed(call, expiryMs)) deleteExpired(call, entry)
    else changeExpiry(call, entry, expiryMs, mark)
  },
})

const options = new StringOptions()

/** Replicas and a store that is loading leave it to others, or to later, to delete what has expired. */
function hasPassed(call: Call, expiryMs: number): boolean {
  return expiryMs <= call.nowMs && !call.keyspace.isLoading && !call.store.isReplica
}

function deleteExpired(call: Call, entry: Pointer): void {
  const isLazy = call.keyspace.lazyFreesExpired
  call.database.remove(entry, isLazy)
  call.changed(1)
  call.notify(EventClass.generic, 'del', 1)
  if (call.propagates) call.propagateAs([isLazy ? 'UNLINK' : 'DEL', call.copyBytes(1)])
}

/**
 * @param expiryMs  NO_EXPIRY for PERSIST
 * @param mark      where the reply began; an error takes its place when memory is out
 */
function changeExpiry(call: Call, entry: Pointer, expiryMs: number, mark: number): void {
  const persists = expiryMs === NO_EXPIRY
  if (persists && expiryOf(call.arena, entry) < 0) return
  if (call.database.setExpiry(entry, expiryMs) === 0) {
    call.reply.rollback(mark)
    return call.fail(ErrorReply.outOfMemory)
  }
  call.changed(1)
  call.notify(EventClass.generic, persists ? 'persist' : 'expire', 1)
  if (!call.propagates) return
  if (persists) call.propagateAs(['PERSIST', call.copyBytes(1)])
  else call.propagateAs(['PEXPIREAT', call.copyBytes(1), momentPart(expiryMs)])
}
