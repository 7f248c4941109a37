/** The words that SET and GETEX take after their arguments, and the moment that a time argument names. */

import { latin1Bytes } from '../../base/bytes.js'
import { add, fromNumber, Int64, multiplyAddUnsigned, toNumber } from '../../base/int64.js'
import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'

export const ExpiryOption = { none: 0, ex: 1, px: 2, exat: 3, pxat: 4, keepTtl: 5, persist: 6 } as const
export type ExpiryOption = (typeof ExpiryOption)[keyof typeof ExpiryOption]

const WORDS: readonly (readonly [Uint8Array, ExpiryOption])[] = [
  [latin1Bytes('ex'), ExpiryOption.ex],
  [latin1Bytes('px'), ExpiryOption.px],
  [latin1Bytes('exat'), ExpiryOption.exat],
  [latin1Bytes('pxat'), ExpiryOption.pxat],
  [latin1Bytes('keepttl'), ExpiryOption.keepTtl],
  [latin1Bytes('persist'), ExpiryOption.persist],
]
const NX = latin1Bytes('nx')
const XX = latin1Bytes('xx')
const GET = latin1Bytes('get')

/** Which key must be there for SET to act. */
export const Condition = { none: 0, missing: 1, present: 2 } as const
export type Condition = (typeof Condition)[keyof typeof Condition]

/** What a call asked for; one instance is reused by all calls. */
export class StringOptions {
  condition: Condition = Condition.none
  returnsOld = false
  expiry: ExpiryOption = ExpiryOption.none
  /** Index of the time argument, of the options that take one. */
  timeIndex = 0
}

/** Reads the words of SET from argument 3 on; false, with the error replied, when they make no sense. */
export function parseSetOptions(call: Call, options: StringOptions): boolean {
  clear(options)
  for (let i = 3; i < call.argc; i++) {
    if (call.is(i, NX) && options.condition !== Condition.present) options.condition = Condition.missing
    else if (call.is(i, XX) && options.condition !== Condition.missing) options.condition = Condition.present
    else if (call.is(i, GET)) options.returnsOld = true
    else {
      i = takeExpiry(call, i, ExpiryOption.persist, options)
      if (i === 0) return failSyntax(call)
    }
  }
  return true
}

/** The same for GETEX, from argument 2 on. */
export function parseGetexOptions(call: Call, options: StringOptions): boolean {
  clear(options)
  for (let i = 2; i < call.argc; i++) {
    i = takeExpiry(call, i, ExpiryOption.keepTtl, options)
    if (i === 0) return failSyntax(call)
  }
  return true
}

/**
 * The moment that a time argument names, in ms since 1970. Beyond the safe integers, in the year 287396, it is rounded.
 *
 * @returns NaN, with the error replied, when the argument is no good
 */
export function expiryMoment(call: Call, index: number, option: ExpiryOption): number {
  const time = call.integer(index)
  if (Number.isNaN(time)) return NaN
  const expiryMs = time === Infinity ? hugeMoment(call, index, option) : moment(call, time, option)
  if (expiryMs > 0) return expiryMs
  call.fail(ErrorReply.invalidExpireTime(call.command.fullName))
  return NaN
}

export function isAbsolute(option: ExpiryOption): boolean {
  return option === ExpiryOption.exat || option === ExpiryOption.pxat
}

function isRelative(option: ExpiryOption): boolean {
  return option === ExpiryOption.ex || option === ExpiryOption.px
}

function isInSeconds(option: ExpiryOption): boolean {
  return option === ExpiryOption.ex || option === ExpiryOption.exat
}

function clear(options: StringOptions): void {
  options.condition = Condition.none
  options.returnsOld = false
  options.expiry = ExpiryOption.none
  options.timeIndex = 0
}

/** Takes one option of expiry, which may come twice but not beside another. Returns the index of its last word, 0 when refused. */
function takeExpiry(call: Call, index: number, foreign: ExpiryOption, options: StringOptions): number {
  const option = expiryOption(call, index)
  if (option === ExpiryOption.none || option === foreign) return 0
  if (options.expiry !== ExpiryOption.none && options.expiry !== option) return 0
  options.expiry = option
  if (option > ExpiryOption.pxat) return index
  options.timeIndex = index + 1
  return index + 1 < call.argc ? index + 1 : 0
}

function expiryOption(call: Call, index: number): ExpiryOption {
  for (let i = 0; i < WORDS.length; i++) if (call.is(index, WORDS[i]![0])) return WORDS[i]![1]
  return ExpiryOption.none
}

function failSyntax(call: Call): false {
  call.fail(ErrorReply.syntax)
  return false
}

/** For a safe integer; 0 when it is not above 0. */
function moment(call: Call, time: number, option: ExpiryOption): number {
  if (time <= 0) return 0
  const milliseconds = isInSeconds(option) ? time * 1000 : time
  return isRelative(option) ? milliseconds + call.nowMs : milliseconds
}

const huge = new Int64()
const now = new Int64()

/** For a 64-bit integer beyond those; 0 when the moment does not fit 64 bits. */
function hugeMoment(call: Call, index: number, option: ExpiryOption): number {
  if (!call.int64(index, huge)) return 0
  if (isInSeconds(option) && (!multiplyAddUnsigned(huge, 1000, 0) || huge.high < 0)) return 0
  if (isRelative(option) && !add(huge, fromNumber(call.nowMs, now), huge)) return 0
  return toNumber(huge)
}
