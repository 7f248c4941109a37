/**
 * Coordinates in decimal: 17 decimals, rounded to even, without trailing zeros.
 *
 * A double of the size of a coordinate has at most 78 bits behind the point, unless it is very near to 0. They are taken as three
 * words of 26 bits, and ten times these gives a digit.
 */

import { formatHumanDouble } from '../../base/double.js'
import { writeInteger } from '../../base/integer.js'
import type { ReplyWriter } from '../../protocol/reply-writer.js'

const DECIMALS = 17
const TEXT_BYTES_MAX = 24
const WORD_MASK = 0x3ffffff
const WORD_BITS = 26
const TWO_26 = 2 ** WORD_BITS
/** From here on a double has no bits beyond the three words. */
const EXACT_MIN = 2 ** -25
const EXACT_MAX = 2 ** 31
const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e

const text = new Uint8Array(TEXT_BYTES_MAX + 16)

export function replyCoordinate(reply: ReplyWriter, value: number): void {
  const magnitude = Math.abs(value)
  if (reply.protocol !== 2 || magnitude < EXACT_MIN || magnitude >= EXACT_MAX) {
    return reply.doubleText(formatHumanDouble(value))
  }
  reply.bulk(text, 0, writeCoordinate(value, text, 0))
}

/** @param value  between 2^-25 and 2^31, or the negative of that. @returns the index after the text */
export function writeCoordinate(value: number, out: Uint8Array, at: number): number {
  const start = value < 0 ? at + 1 : at
  out[at] = MINUS
  const magnitude = Math.abs(value)
  const whole = Math.floor(magnitude)
  const point = writeInteger(whole, out, start)
  out[point] = POINT
  const end = point + 1 + DECIMALS
  if (writeFraction(magnitude - whole, out, point + 1)) roundUp(out, end - 1, point)
  // One more digit of the integer part takes a carry that leaves all decimals 0.
  if (out[point + 1]! > ZERO + 9) return writeInteger(whole + 1, out, start)
  return trimmed(out, point, end)
}

/** Writes the first digits of a fraction below 1; true when the last has to be rounded up. */
function writeFraction(fraction: number, out: Uint8Array, at: number): boolean {
  let scaled = fraction * TWO_26
  let high = Math.floor(scaled)
  scaled = (scaled - high) * TWO_26
  let middle = Math.floor(scaled)
  let low = (scaled - middle) * TWO_26
  for (let i = 0; i < DECIMALS; i++) {
    low *= 10
    middle = middle * 10 + (low >>> WORD_BITS)
    high = high * 10 + (middle >>> WORD_BITS)
    low &= WORD_MASK
    middle &= WORD_MASK
    out[at + i] = ZERO + (high >>> WORD_BITS)
    high &= WORD_MASK
  }
  const half = TWO_26 / 2
  if (high !== half || middle !== 0 || low !== 0) return high >= half
  return (out[at + DECIMALS - 1]! & 1) === 1
}

/** Adds 1 to the last of the digits behind `point`; a carry out of the first stays in it, as a digit of ten. */
function roundUp(out: Uint8Array, last: number, point: number): void {
  let at = last
  while (out[at] === ZERO + 9 && at > point + 1) out[at--] = ZERO
  out[at]!++
}

function trimmed(out: Uint8Array, point: number, end: number): number {
  while (out[end - 1] === ZERO) end--
  return end - 1 === point ? point : end
}
