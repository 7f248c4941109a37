/**
 * Glob patterns, as KEYS, SCAN MATCH, PSUBSCRIBE, CONFIG GET and ACL rules read them.
 *
 * `*` any run, `?` any byte, `[abc]`, `[^abc]`, `[a-z]` a class, `\x` the byte x itself. Bytes, not characters.
 *
 * A pattern without `*` consumes exactly one byte of text per element, so only the last `*` ever needs to be tried at
 * another place: matching is a loop with one place to go back to, where Redis recurses once per `*`. The answers are the
 * same, the stack is not used, and the cost is at most pattern length times text length.
 *
 * Kept from Redis 7.2, because clients see them:
 * - An empty text is matched by the empty pattern alone; `*` does not match it.
 * - A class that is not closed ends with the pattern; `[` alone matches nothing, `[^` alone matches any byte.
 * - `[a-]` begins a range that ends at `]`, if anything follows; a backslash ends no range but starts one.
 * - The ends of a range are signed bytes, in either order. Ignoring case, they are ordered before lowering.
 * - In a class, an escaped byte is compared with its case even where case is ignored.
 */

import { lowerCase } from './bytes.js'

const STAR = 0x2a
const QUESTION = 0x3f
const OPEN = 0x5b
const CLOSE = 0x5d
const CARET = 0x5e
const DASH = 0x2d
const BACKSLASH = 0x5c

export function globMatch(
  pattern: Uint8Array,
  patternStart: number,
  patternEnd: number,
  text: Uint8Array,
  textStart: number,
  textEnd: number,
  ignoreCase: boolean,
): boolean {
  if (textStart === textEnd) return patternStart === patternEnd
  let p = patternStart
  let t = textStart
  let retryPattern = -1 // after the last star, or -1 while there is none
  let retryText = -1 // where the match after the last star began

  for (;;) {
    if (p < patternEnd && pattern[p] === STAR) {
      p = skipStars(pattern, p, patternEnd)
      if (p === patternEnd) return true
      retryPattern = p
      retryText = t
      continue
    }
    const next = p < patternEnd ? matchOne(pattern, p, patternEnd, text[t], ignoreCase) : -1
    if (next >= 0) {
      p = next
      t++
      // With text used up, a later start for the last star would only have less of it.
      if (t === textEnd) return skipStars(pattern, p, patternEnd) === patternEnd
    } else {
      if (retryPattern < 0) return false
      retryText++
      if (retryText === textEnd) return false
      p = retryPattern
      t = retryText
    }
  }
}

function skipStars(pattern: Uint8Array, at: number, end: number): number {
  while (at < end && pattern[at] === STAR) at++
  return at
}

/** Matches one byte against the element at `at`, no star. @returns the index after the element, or -1 */
function matchOne(pattern: Uint8Array, at: number, end: number, byte: number, ignoreCase: boolean): number {
  let expected = pattern[at]
  if (expected === QUESTION) return at + 1
  if (expected === OPEN) return matchClass(pattern, at + 1, end, byte, ignoreCase)
  if (expected === BACKSLASH && at + 1 < end) expected = pattern[++at]
  const isSame = ignoreCase ? lowerCase(expected) === lowerCase(byte) : expected === byte
  return isSame ? at + 1 : -1
}

/** Matches one byte against the class whose `[` is before `at`. @returns the index after its `]`, or -1 */
function matchClass(pattern: Uint8Array, at: number, end: number, byte: number, ignoreCase: boolean): number {
  const isNegated = at < end && pattern[at] === CARET
  if (isNegated) at++
  let isIn = false
  while (at < end && pattern[at] !== CLOSE) {
    if (pattern[at] === BACKSLASH && at + 1 < end) {
      at++
      if (pattern[at] === byte) isIn = true
    } else if (at + 2 < end && pattern[at + 1] === DASH) {
      if (isInRange(pattern[at], pattern[at + 2], byte, ignoreCase)) isIn = true
      at += 2
    } else if (pattern[at] === byte || (ignoreCase && lowerCase(pattern[at]) === lowerCase(byte))) {
      isIn = true
    }
    at++
  }
  if (isIn === isNegated) return -1
  return at < end ? at + 1 : end
}

function isInRange(from: number, to: number, byte: number, ignoreCase: boolean): boolean {
  const a = (from << 24) >> 24
  const b = (to << 24) >> 24
  const low = a < b ? a : b
  const high = a < b ? b : a
  if (!ignoreCase) {
    const signed = (byte << 24) >> 24
    return signed >= low && signed <= high
  }
  const lowered = lowerSigned((byte << 24) >> 24)
  return lowered >= lowerSigned(low) && lowered <= lowerSigned(high)
}

/** The C library's tolower of a signed byte in the C locale: negative ones become unsigned, except -1, which is EOF. */
function lowerSigned(value: number): number {
  if (value < -1) return value + 256
  return lowerCase(value)
}
