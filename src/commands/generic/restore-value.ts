/** What RESTORE and RESTORE-ASKING do. */

import { latin1Bytes } from '../../base/bytes.js'
import { add, fromNumber, Int64, toNumber } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { State } from '../../engine/command.js'
import { EventClass } from '../../engine/key-events.js'
import { lfuWith, lruBefore } from '../../keyspace/access-clock.js'
import { NO_EXPIRY } from '../../keyspace/database.js'
import { CLOCK_MASK, clockWordOf, setClockWord } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { Status } from '../../persistence/rdb/decode-context.js'
import { type ValueCodec, valueCodec } from '../../persistence/rdb/value-codec.js'
import { ErrorReply } from '../../protocol/errors.js'

const REPLACE = latin1Bytes('replace')
const ABSTTL = latin1Bytes('absttl')
const IDLETIME = latin1Bytes('idletime')
const FREQ = latin1Bytes('freq')
const FREQUENCY_MAX = 255
const NOT_GIVEN = -1

interface RestoreOptions {
  replaces: boolean
  isAbsolute: boolean
  idleSeconds: number
  frequency: number
}

const moment = new Int64()
const now = new Int64()

export function restoreValue(call: Call): void {
  const options: RestoreOptions = { replaces: false, isAbsolute: false, idleSeconds: NOT_GIVEN, frequency: NOT_GIVEN }
  if (!parseOptions(call, options)) return
  if (!options.replaces && call.findWrite(1) !== 0) return call.fail(ErrorReply.busyKey)
  if (!call.int64(2, moment)) return
  if (moment.high < 0) return call.fail(ErrorReply.restoreTtl)
  const codec = call.store.services.get(valueCodec)
  if (!decode(call, codec)) return
  const isReplaced = options.replaces && removeOld(call)
  const expiryMs = expiryOf(call, options)
  if (expiryMs !== NO_EXPIRY && isPast(call, expiryMs)) {
    codec.drop()
    if (isReplaced) announceLoss(call)
    return call.reply.ok()
  }
  const entry = codec.put(call.database, call.bytes, call.starts[1]!, call.ends[1]!, expiryMs)
  if (entry === 0) {
    if (isReplaced) announceLoss(call)
    return call.fail(ErrorReply.outOfMemory)
  }
  noteUse(call, entry, options)
  if (expiryMs !== NO_EXPIRY && !options.isAbsolute && call.propagates) call.propagateAs(wordsWithMoment(call))
  call.changed(1, 'restore')
  call.reply.ok()
}

function parseOptions(call: Call, options: RestoreOptions): boolean {
  for (let i = 4; i < call.argc; i++) {
    const hasMore = i + 1 < call.argc
    if (call.is(i, REPLACE)) options.replaces = true
    else if (call.is(i, ABSTTL)) options.isAbsolute = true
    else if (call.is(i, IDLETIME) && hasMore && options.frequency === NOT_GIVEN) {
      options.idleSeconds = call.integer(++i)
      if (Number.isNaN(options.idleSeconds)) return false
      if (options.idleSeconds < 0) return refuse(call, ErrorReply.restoreIdleTime)
    } else if (call.is(i, FREQ) && hasMore && options.idleSeconds === NOT_GIVEN) {
      options.frequency = call.integer(++i)
      if (Number.isNaN(options.frequency)) return false
      if (options.frequency < 0 || options.frequency > FREQUENCY_MAX) return refuse(call, ErrorReply.restoreFrequency)
    } else return refuse(call, ErrorReply.syntax)
  }
  return true
}

function refuse(call: Call, error: ErrorReply): false {
  call.fail(error)
  return false
}

/** Builds the value; false, with the error replied, when that is not possible. */
function decode(call: Call, codec: ValueCodec): boolean {
  const start = call.starts[3]!
  const valueEnd = codec.verify(call.bytes, start, call.ends[3]!)
  if (valueEnd < 0) return refuse(call, ErrorReply.dumpPayload)
  const status = codec.decode(call.bytes, start, valueEnd, sanitizes(call))
  if (status === Status.done) return true
  return refuse(call, status === Status.noMemory ? ErrorReply.outOfMemory : ErrorReply.dumpFormat)
}

/** With `clients`, what a file says is trusted. */
function sanitizes({ store }: Call): boolean {
  const who = store.config.values['sanitize-dump-payload']
  return who === 'yes' || (who === 'clients' && (store.state & State.loading) === 0)
}

function removeOld(call: Call): boolean {
  const { bytes, database, ends, keyspace, starts } = call
  const entry = database.find(bytes, starts[1]!, ends[1]!)
  if (entry === 0) return false
  database.remove(entry, keyspace.lazyFreesOverwritten)
  return true
}

/** When the key is to expire; `moment` holds the argument, and the moment itself afterwards. */
function expiryOf(call: Call, { isAbsolute }: RestoreOptions): number {
  if (moment.high === 0 && moment.low === 0) return NO_EXPIRY
  if (!isAbsolute) add(moment, fromNumber(call.nowMs, now), moment)
  return toNumber(moment)
}

function isPast(call: Call, expiryMs: number): boolean {
  return expiryMs <= call.nowMs && !call.store.isReplica && (call.store.state & State.loading) === 0
}

/** The old key is gone and no new one has come. */
function announceLoss(call: Call): void {
  if (call.propagates) call.propagateAs([call.keyspace.lazyFreesOverwritten ? 'UNLINK' : 'DEL', call.copyBytes(1)])
  call.changed(1)
  call.notify(EventClass.generic, 'del', 1)
}

function noteUse({ arena, keyspace, nowMs }: Call, entry: Pointer, { frequency, idleSeconds }: RestoreOptions): void {
  const word = clockWordOf(arena, entry)
  let clock = word & CLOCK_MASK
  if (keyspace.isLfu && frequency !== NOT_GIVEN) clock = lfuWith(frequency, nowMs)
  else if (!keyspace.isLfu && idleSeconds !== NOT_GIVEN) clock = lruBefore(nowMs, idleSeconds)
  setClockWord(arena, entry, (word & ~CLOCK_MASK) | clock)
}

/** The same request with the moment instead of a time to live. */
function wordsWithMoment(call: Call): (Uint8Array | string | Int64)[] {
  const words: (Uint8Array | string | Int64)[] = []
  for (let i = 0; i < call.argc; i++) words.push(i === 2 ? moment : call.copyBytes(i))
  words.push('ABSTTL')
  return words
}
