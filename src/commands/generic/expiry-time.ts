/** What EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT share. */

import { latin1Bytes } from '../../base/bytes.js'
import { add, compare, fromNumber, Int64, subtract, toNumber } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { Access, type Argument, type KeySpec } from '../../engine/command.js'
import type { EffectPart } from '../../engine/effects.js'
import { expiryOf } from '../../keyspace/entry.js'
import type { Pointer } from '../../memory/pointer.js'
import { ErrorReply } from '../../protocol/errors.js'

const NX = 1
const XX = 2
const GT = 4
const LT = 8

const WORDS: readonly (readonly [Uint8Array, number])[] = [
  [latin1Bytes('nx'), NX],
  [latin1Bytes('xx'), XX],
  [latin1Bytes('gt'), GT],
  [latin1Bytes('lt'), LT],
]

const PEXPIREAT = latin1Bytes('PEXPIREAT')

export const expiryKeys: readonly KeySpec[] = [{ at: 1, last: 0, step: 1, access: Access.readWrite | Access.update }]

export const expiryCondition: Argument = {
  name: 'condition',
  type: 'oneof',
  since: '7.0.0',
  isOptional: true,
  args: ['nx:pure-token token=NX', 'xx:pure-token token=XX', 'gt:pure-token token=GT', 'lt:pure-token token=LT'],
}

export const expiryHistory: readonly (readonly [string, string])[] = [
  ['7.0.0', 'Gained the options `NX`, `XX`, `GT` and `LT`.'],
]

/** Gives the key at argument 1 the expiry time at argument 2, in seconds or ms, counted from now or from 1970. */
export function setExpiryTime(call: Call, isSeconds: boolean, isRelative: boolean): void {
  const options = expiryConditions(call, call.argc)
  if (options < 0) return
  const moment = momentOf(call, isSeconds, isRelative ? call.nowMs : 0)
  if (Number.isNaN(moment)) return

  const entry = call.findWrite(1)
  if (entry === 0 || !permits(options, expiryOf(call.arena, entry), moment)) return call.reply.integer(0)
  if (moment <= call.nowMs && !call.keyspace.isLoading && !call.store.isReplica) deleteExpired(call, entry)
  else {
    // A replica or a file being loaded may bring moments long past; the key is to expire, not to live on.
    if (call.database.setExpiry(entry, Math.max(moment, 0)) === 0) return call.fail(ErrorReply.outOfMemory)
    call.changed(1, 'expire')
    if (call.propagates) call.propagateAs(asAbsolute(call, moment))
  }
  call.reply.integer(1)
}

/** A moment as a word of an effect, or of a reply: whole beyond the safe integers, where a double is not exact any more. */
export function momentPart(momentMs: number): number | Int64 {
  if (Number.isSafeInteger(momentMs)) return momentMs
  return momentMs >= INT64_MAX_NUMBER ? INT64_MAX : fromNumber(momentMs, new Int64())
}

const INT64_MAX_NUMBER = 2 ** 63
const INT64_MAX = Object.freeze(new Int64(0x7fffffff, 0xffffffff))

/** The options from argument 3 up to `end` as bits; -1, with the error replied, when there is something wrong with them. */
export function expiryConditions(call: Call, end: number): number {
  let options = 0
  for (let i = 3; i < end; i++) {
    const option = conditionAt(call, i)
    if (option === 0) {
      call.fail(ErrorReply.expireUnsupportedOption(call.text(i)))
      return -1
    }
    options |= option
  }
  if ((options & NX) !== 0 && options !== NX) return refuse(call, ErrorReply.expireNxClash)
  if ((options & (GT | LT)) === (GT | LT)) return refuse(call, ErrorReply.expireGtLtClash)
  return options
}

function conditionAt(call: Call, index: number): number {
  for (let i = 0; i < WORDS.length; i++) if (call.is(index, WORDS[i]![0])) return WORDS[i]![1]
  return 0
}

function refuse(call: Call, error: ErrorReply): -1 {
  call.fail(error)
  return -1
}

/** A key without expiry time (-1) lives for ever, as far as GT and LT are concerned. */
export function permits(options: number, currentMs: number, momentMs: number): boolean {
  if (options === 0) return true
  if ((options & NX) !== 0) return currentMs < 0
  if ((options & XX) !== 0 && currentMs < 0) return false
  if ((options & GT) !== 0) return currentMs >= 0 && momentMs > currentMs
  if ((options & LT) !== 0) return currentMs < 0 || momentMs < currentMs
  return true
}

/** The moment in ms since 1970; NaN, with the error replied, when the argument is no integer or leaves 64 bits on the way. */
export function momentOf(call: Call, isSeconds: boolean, baseMs: number): number {
  const value = call.integer(2)
  if (Number.isNaN(value)) return NaN
  const scale = isSeconds ? 1000 : 1
  // Even seconds stay clear of 2^63 as long as the number itself is safe.
  if (Number.isFinite(value)) return value * scale + baseMs
  return hugeMoment(call, isSeconds, baseMs)
}

const wanted = new Int64()
const limit = new Int64()
const base = new Int64()

/** The same beyond the safe integers, with limits that are exact. */
function hugeMoment(call: Call, isSeconds: boolean, baseMs: number): number {
  if (!call.int64(2, wanted)) return NaN
  if (isSeconds) {
    if (!isInSeconds(wanted, baseMs)) return tooLate(call)
    return toNumber(wanted) * 1000 + baseMs
  }
  fromNumber(baseMs, base)
  subtract(INT64_MAX, base, limit)
  if (compare(wanted, limit) > 0) return tooLate(call)
  add(wanted, base, wanted)
  return toNumber(wanted)
}

/** 9223372036854775, the whole seconds in 2^63 - 1 ms; the 807 ms that are left over matter for the base. */
const SECONDS_MAX = Object.freeze(new Int64(0x20c49b, 0xa5e353f7))
const SECONDS_MIN = Object.freeze(new Int64(~0x20c49b, (~0xa5e353f7 + 1) >>> 0))
const SECONDS_MAX_REST_MS = 807

function isInSeconds(seconds: Int64, baseMs: number): boolean {
  if (compare(seconds, SECONDS_MIN) < 0) return false
  const baseSeconds = Math.floor(baseMs / 1000)
  fromNumber(baseSeconds + (baseMs - baseSeconds * 1000 > SECONDS_MAX_REST_MS ? 1 : 0), base)
  subtract(SECONDS_MAX, base, limit)
  return compare(seconds, limit) <= 0
}

function tooLate(call: Call): number {
  call.fail(ErrorReply.invalidExpireTime(call.command.fullName))
  return NaN
}

/** The moment has passed already: the key goes at once. */
function deleteExpired(call: Call, entry: Pointer): void {
  const lazily = call.keyspace.lazyFreesExpired
  call.database.remove(entry, lazily)
  call.changed(1, 'del')
  if (call.propagates) call.propagateAs([lazily ? 'UNLINK' : 'DEL', call.copyBytes(1)])
}

/** As sent, but with the moment in place of what may be relative. */
function asAbsolute(call: Call, momentMs: number): EffectPart[] {
  const parts: EffectPart[] = [PEXPIREAT, call.copyBytes(1), momentPart(momentMs)]
  for (let i = 3; i < call.argc; i++) parts.push(call.copyBytes(i))
  return parts
}
