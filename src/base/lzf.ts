/**
 * LZF, the compression of list nodes and of strings in RDB files.
 *
 *     000LLLLL                      L + 1 bytes follow as they are
 *     LLLooooo oooooooo             L + 2 bytes (L is 1 .. 6) from o + 1 bytes back
 *     111ooooo LLLLLLLL oooooooo    L + 9 bytes from o + 1 bytes back
 *
 * Bytes may be taken from among those that are just being written. Finding repeats follows LibLZF's "very fast" settings: a table
 * of 2^16 places by a hash of three bytes, the newest place wins. Source: the format description of LibLZF (Marc Lehmann).
 */

import { copy } from './bytes.js'

const HASH_BITS = 16
const LITERALS_MAX = 32
const OFFSET_MAX = 1 << 13
const REPEAT_MAX = (1 << 8) + (1 << 3)
/** Places are counted on from call to call, so that the table need not be cleared; it is when they reach this. */
const PLACES_MAX = 1 << 30

/** Where three bytes of a hash were seen last, as a count of places that goes on from input to input. */
class History {
  readonly places: Int32Array
  /** The count at which the next input begins; 0 is never seen. */
  base: number

  constructor() {
    this.places = new Int32Array(1 << HASH_BITS)
    this.base = 1
  }

  /** Opens an input of so many bytes; returns the count of its first byte. */
  begin(length: number): number {
    if (this.base + length >= PLACES_MAX) {
      this.places.fill(0)
      this.base = 1
    }
    const base = this.base
    this.base += length
    return base
  }
}

const history = new History()

function hashOf(a: number, b: number, c: number): number {
  const value = (a << 16) | (b << 8) | c
  return ((value >>> (24 - HASH_BITS)) - Math.imul(value, 5)) & ((1 << HASH_BITS) - 1)
}

/**
 * Compresses `from[start, end)` into `to[at, limit)`.
 *
 * @returns the end of what was written, or 0 when it does not fit: then the input is better left as it is
 */
export function lzfCompress(
  from: Uint8Array, start: number, end: number, to: Uint8Array, at: number, limit: number,
): number {
  if (end <= start || limit - at < 4) return 0
  const { places } = history
  const base = history.begin(end - start) - start
  let position = start
  let literals = 0
  let out = at + 1 // room for the header of the run that is open
  while (position < end - 2) {
    const slot = hashOf(from[position], from[position + 1], from[position + 2])
    const seen = places[slot] - base
    places[slot] = position + base
    const offset = position - seen - 1
    // The first byte of the input is never referred to, as in LibLZF, whose test for "not seen yet" it fails.
    if (seen > start && offset < OFFSET_MAX && startsAlike(from, seen, position)) {
      if (out + (literals === 0 ? 3 : 4) >= limit) return 0
      out = closeRun(to, out, literals)
      literals = 0
      const length = repeatLength(from, seen, position, end)
      out = writeRepeat(to, out, offset, length - 2)
      out++
      position += length
      if (position >= end - 2) break
      notePlaces(from, position - 2, base)
    } else {
      if (out >= limit) return 0
      to[out++] = from[position++]
      if (++literals === LITERALS_MAX) {
        out = closeRun(to, out, literals) + 1
        literals = 0
      }
    }
  }
  if (out + 3 > limit) return 0
  while (position < end) {
    to[out++] = from[position++]
    if (++literals === LITERALS_MAX) {
      out = closeRun(to, out, literals) + 1
      literals = 0
    }
  }
  return closeRun(to, out, literals)
} // prettier-ignore

/**
 * Expands `from[start, end)` into `to[at, limit)`.
 *
 * @returns the end of what was written, or -1 when the input is broken or does not fit
 */
export function lzfDecompress(
  from: Uint8Array, start: number, end: number, to: Uint8Array, at: number, limit: number,
): number {
  let position = start
  let out = at
  while (position < end) {
    const control = from[position++]
    if (control < LITERALS_MAX) {
      const length = control + 1
      if (out + length > limit || position + length > end) return -1
      copy(from, position, position + length, to, out)
      position += length
      out += length
      continue
    }
    let length = control >>> 5
    if (length === 7) {
      if (position >= end) return -1
      length += from[position++]
    }
    if (position >= end) return -1
    let source = out - ((control & 31) << 8) - from[position++] - 1
    length += 2
    if (source < at || out + length > limit) return -1
    for (const stop = out + length; out < stop; ) to[out++] = to[source++]
  }
  return out
} // prettier-ignore

function startsAlike(bytes: Uint8Array, a: number, b: number): boolean {
  return bytes[a] === bytes[b] && bytes[a + 1] === bytes[b + 1] && bytes[a + 2] === bytes[b + 2]
}

/** How many bytes at `seen` come again at `at`; at least 3. */
function repeatLength(bytes: Uint8Array, seen: number, at: number, end: number): number {
  const most = Math.min(end - at - 2, REPEAT_MAX)
  let length = 3
  while (length < most && bytes[seen + length] === bytes[at + length]) length++
  return length
}

/** Writes the header of a run of literals that ends at `out`; one without any is taken back. */
function closeRun(to: Uint8Array, out: number, literals: number): number {
  if (literals === 0) return out - 1
  to[out - literals - 1] = literals - 1
  return out
}

function writeRepeat(to: Uint8Array, out: number, offset: number, code: number): number {
  if (code < 7) to[out++] = (offset >>> 8) | (code << 5)
  else {
    to[out++] = (offset >>> 8) | (7 << 5)
    to[out++] = code - 7
  }
  to[out++] = offset
  return out
}

/** Notes the last two places of a repeat. */
function notePlaces(bytes: Uint8Array, at: number, base: number): void {
  const { places } = history
  places[hashOf(bytes[at], bytes[at + 1], bytes[at + 2])] = at + base
  places[hashOf(bytes[at + 1], bytes[at + 2], bytes[at + 3])] = at + 1 + base
}
