/** The options EX, PX, EXAT, PXAT, KEEPTTL and PERSIST, which SET and GETEX share. */

import { latin1Bytes } from '../../base/bytes.js'
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

const INT64_MAX = 9223372036854775807

export function expiryOption(call: Call, index: number): ExpiryOption {
  for (let i = 0; i < WORDS.length; i++) if (call.is(index, WORDS[i]![0])) return WORDS[i]![1]
  return ExpiryOption.none
}

/** True for the options that a number follows. */
export function takesTime(option: ExpiryOption): boolean {
  return option >= ExpiryOption.ex && option <= ExpiryOption.pxat
}

/** The moment that option and number name, in ms since 1970; NaN, with the error replied, when the number is no good. */
export function expiryMoment(call: Call, index: number, option: ExpiryOption): number {
  let time = call.integer(index)
  if (Number.isNaN(time)) return NaN
  const isSeconds = option === ExpiryOption.ex || option === ExpiryOption.exat
  const isRelative = option === ExpiryOption.ex || option === ExpiryOption.px
  // Beyond the safe integers only the error matters: such a moment never comes.
  if (time === Infinity) time = INT64_MAX
  if (isSeconds) time *= 1000
  if (isRelative) time += call.nowMs
  if (time > 0 && time < INT64_MAX) return time
  call.fail(ErrorReply.invalidExpireTime(call.command.fullName))
  return NaN
}
