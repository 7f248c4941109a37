/** Scores as listpacks of sorted sets hold them. */

import { parseDoubleLoose, writeDouble } from '../../base/double.js'
import { integerAt, isInteger, stringLength, stringStart } from '../../structures/listpack.js'
import type { PairValue } from '../../structures/listpack-pairs.js'

/** The score at a place of a listpack. What is no number, as only a broken file has it, counts as 0. */
export function readScore(bytes: Uint8Array, at: number): number {
  if (isInteger(bytes, at)) return integerAt(bytes, at)
  const start = stringStart(bytes, at)
  const score = parseDoubleLoose(bytes, start, start + stringLength(bytes, at))
  return Number.isNaN(score) ? 0 : score
}

/** Puts a score into the form that listpacks hold: an integer as such, without a negative zero, anything else as text. */
export function writeScore(score: number, into: PairValue): void {
  into.isInteger = Number.isSafeInteger(score)
  if (into.isInteger) into.integer = score + 0
  else into.end = writeDouble(score, into.bytes, 0)
}
