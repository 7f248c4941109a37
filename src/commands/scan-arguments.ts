/** The arguments of SCAN, SSCAN, HSCAN and ZSCAN. */

import { latin1Bytes } from '../base/bytes.js'
import { globMatch } from '../base/glob.js'
import type { Call } from '../engine/call.js'
import { ErrorReply } from '../protocol/errors.js'

const COUNT = latin1Bytes('count')
const MATCH = latin1Bytes('match')
const TYPE = latin1Bytes('type')
const COUNT_DEFAULT = 10
const STAR = 0x2a
const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d
/** Cursors of 32 bits. */
const CURSORS = 0x1_0000_0000
const UINT64_MAX = 0xffff_ffff_ffff_ffffn

export interface ScanArguments {
  /** Elements wanted a call, about. */
  count: number
  /** Index of the pattern's argument; 0 when everything matches. */
  patternIndex: number
  /** Index of the type's argument; 0 when there is none. */
  typeIndex: number
}

/** Reads the options from argument `first` on; undefined, with the error replied, when they are no good. */
export function parseScanArguments(call: Call, first: number, allowsType: boolean): ScanArguments | undefined {
  const options: ScanArguments = { count: COUNT_DEFAULT, patternIndex: 0, typeIndex: 0 }
  for (let i = first; i < call.argc; i += 2) {
    if (i + 1 === call.argc) return failed(call)
    if (call.is(i, COUNT)) {
      options.count = call.integer(i + 1)
      if (Number.isNaN(options.count)) return undefined
      if (options.count < 1) return failed(call)
    } else if (call.is(i, MATCH)) options.patternIndex = isStar(call, i + 1) ? 0 : i + 1
    else if (call.is(i, TYPE) && allowsType) options.typeIndex = i + 1
    else return failed(call)
  }
  return options
}

/** True when a text matches the pattern among the options. */
export function matchesPattern(
  call: Call, options: ScanArguments, bytes: Uint8Array, start: number, end: number,
): boolean {
  const at = options.patternIndex
  return at === 0 || globMatch(call.bytes, call.starts[at]!, call.ends[at]!, bytes, start, end, false)
} // prettier-ignore

/**
 * A cursor as an argument: what C's strtoul reads, so that signs and leading zeros are taken, and nothing at all is 0.
 *
 * @returns the lower 32 bits, which are all that the cursors given out have; -1, with the error replied, when it is none
 */
export function scanCursor(call: Call, index: number): number {
  const cursor = call.parseInteger(index)
  if (Number.isSafeInteger(cursor) && cursor >= 0) return cursor % CURSORS
  return unusualCursor(call, call.starts[index]!, call.ends[index]!)
}

function unusualCursor(call: Call, start: number, end: number): number {
  const { bytes } = call
  const isNegative = bytes[start] === MINUS
  const first = start < end && (isNegative || bytes[start] === PLUS) ? start + 1 : start
  let at = first
  let value = 0n
  for (; at < end && bytes[at] !== 0; at++) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) return badCursor(call)
    value = value * 10n + BigInt(digit)
    if (value > UINT64_MAX) return badCursor(call)
  }
  if (at === first && first !== start) return badCursor(call) // a sign alone
  return Number(BigInt.asUintN(32, isNegative ? -value : value))
}

function isStar(call: Call, index: number): boolean {
  return call.length(index) === 1 && call.bytes[call.starts[index]!] === STAR
}

function badCursor(call: Call): number {
  call.fail(ErrorReply.invalidCursor)
  return -1
}

function failed(call: Call): undefined {
  call.fail(ErrorReply.syntax)
  return undefined
}
