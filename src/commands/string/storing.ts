/** What the commands that give a key a value share. */

import type { Call } from '../../engine/call.js'
import { EventClass } from '../../engine/key-events.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { Type } from '../../keyspace/entry.js'
import { replyString, setString } from '../../keyspace/types/string.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'
import { momentPart } from '../generic/expiry-time.js'
import { type ExpiryOption, expiryMoment } from './string-options.js'

const NOTHING_WRITTEN = -1

/**
 * Stores an argument under the key at argument 1 and announces `set`; on failure the error is replied.
 *
 * @param entry     what `findWrite(1)` gave
 * @param expiryMs  ms since 1970, NO_EXPIRY or KEEP_EXPIRY
 * @param mark      where a reply begins that was written already, and that an error replaces
 */
export function store(
  call: Call, entry: Pointer, valueIndex: number, expiryMs: number, mark = NOTHING_WRITTEN,
): boolean {
  const { bytes, starts, ends } = call
  const stored = setString(
    call.database, entry, bytes, starts[1]!, ends[1]!, bytes, starts[valueIndex]!, ends[valueIndex]!, expiryMs,
  )
  if (stored === 0) {
    if (mark !== NOTHING_WRITTEN) call.reply.rollback(mark)
    call.fail(ErrorReply.outOfMemory)
    return false
  }
  call.changed(1, 'set')
  return true
} // prettier-ignore

/** Announces the time of a key that has just been stored, and tells the feed the moment rather than the client's words. */
export function announceExpiry(call: Call, valueIndex: number, expiryMs: number): void {
  call.notify(EventClass.generic, 'expire', 1)
  if (!call.propagates) return
  call.propagateAs(['SET', call.copyBytes(1), call.copyBytes(valueIndex), 'PXAT', momentPart(expiryMs)])
}

/** SETEX and PSETEX: key, time, value. */
export function setWithTime(call: Call, option: ExpiryOption): void {
  const expiryMs = expiryMoment(call, 2, option)
  if (Number.isNaN(expiryMs)) return
  if (!store(call, call.findWrite(1), 3, expiryMs)) return
  announceExpiry(call, 3, expiryMs)
  call.reply.ok()
}

/** MSET and MSETNX, once it is sure that they act: pairs from argument 1 on. */
export function storePairs(call: Call): boolean {
  const { argc, bytes, database, starts, ends } = call
  for (let i = 1; i < argc; i += 2) {
    call.lookAhead(i, 2)
    const entry = call.findWrite(i)
    const end = ends[i]!
    const stored = setString(database, entry, bytes, starts[i]!, end, bytes, starts[i + 1]!, ends[i + 1]!, NO_EXPIRY)
    if (stored === 0) return failPairs(call, i)
    call.changed(1, 'set', i)
  }
  return true
}

/** Memory has run out between two pairs: the feed is told of those that were stored. */
function failPairs(call: Call, failedIndex: number): false {
  if (failedIndex > 1 && call.propagates) {
    const words: (Uint8Array | string)[] = ['MSET']
    for (let i = 1; i < failedIndex; i++) words.push(call.copyBytes(i))
    call.propagateAs(words)
  }
  call.fail(ErrorReply.outOfMemory)
  return false
}

/** Replies with the string of an entry, or nil for 0, as GET does; false when the error of another type has been replied. */
export function replyOld(call: Call, entry: Pointer): boolean {
  if (entry === 0) call.reply.nil()
  else if (!call.hasType(entry, Type.string)) return false
  else replyString(call.arena, entry, call.reply)
  return true
}

/** What to write to after `findRead(1)`: reading may only hide a key past its time, which would be in the way. */
export function entryToWrite(call: Call, entry: Pointer): Pointer {
  return entry !== 0 ? entry : call.findWrite(1)
}
