/** Arguments of bitmap commands. */

import { latin1Bytes } from '../../base/bytes.js'
import { parseInteger } from '../../base/integer.js'
import type { Call } from '../../engine/call.js'
import { ErrorReply } from '../../protocol/errors.js'
import { stringBytesMax } from '../string/size-limit.js'

const HASH_SIGN = 0x23
const BYTE = latin1Bytes('byte')
const BIT = latin1Bytes('bit')

/**
 * The position of a bit.
 *
 * @param fieldBits  above 0 where `#n` stands for the n-th field of so many bits
 * @returns -1, with the error replied, when it is no good or beyond what a string may hold
 */
export function bitPosition(call: Call, index: number, fieldBits = 0): number {
  const start = call.starts[index]!
  const counts = fieldBits > 0 && call.length(index) > 0 && call.bytes[start] === HASH_SIGN
  const number = parseInteger(call.bytes, counts ? start + 1 : start, call.ends[index]!)
  const position = counts ? number * fieldBits : number
  if (position >= 0 && Math.floor(position / 8) < stringBytesMax(call) && position !== Infinity) return position
  call.fail(ErrorReply.bitOffset)
  return -1
}

/** What a range counts in. */
export const Unit = { byte: 0, bit: 1 } as const
export type Unit = (typeof Unit)[keyof typeof Unit]

/** The unit that an argument names, or -1, with the error replied. */
export function rangeUnit(call: Call, index: number): Unit | -1 {
  if (call.is(index, BIT)) return Unit.bit
  if (call.is(index, BYTE)) return Unit.byte
  call.fail(ErrorReply.syntax)
  return -1
}
