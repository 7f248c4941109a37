/**
 * The sparse form of a HyperLogLog: the registers as runs, for sets of up to a few thousand elements.
 *
 *     00zzzzzz             ZERO    zzzzzz + 1 registers (1..64) are 0
 *     01zzzzzz zzzzzzzz    XZERO   as many + 1 (1..16384)
 *     1vvvvvll             VAL     ll + 1 registers (1..4) are vvvvv + 1 (1..32)
 *
 * A value may come from a client's SET, so any bytes can stand here. Runs need not add up to the number of registers; that is
 * found when it matters. An XZERO cut off at the end reads its second byte as 0.
 *
 * Functions take the range of the runs, behind the header. Which runs an update leaves behind is part of the format, for the
 * bytes can be read with GET: where a run is split, and how many runs from there on are looked at to be joined again.
 */

import { type Histogram, REGISTERS } from './hyperloglog-dense.js'
import { moveWithin } from './listpack-edit.js'

export const SPARSE_VALUE_MAX = 32
/** An update may take so many bytes more. */
export const SPARSE_GROWTH_MAX = 3

const XZERO = 0x40
const VAL = 0x80
const ZERO_RUN_MAX = 64
const VAL_RUN_MAX = 4
/** Runs that are looked at after an update, from the one before it. */
const JOIN_STEPS = 5

/** What a search says about raising a register. */
export const Sparse = {
  /** The register was found, and is lower. */
  lower: 0,
  /** The register is as high already. */
  unchanged: 1,
  /** The runs end before the register. */
  corrupt: 2,
} as const
export type Sparse = (typeof Sparse)[keyof typeof Sparse]

/** Why `raiseSparse` changed nothing, in place of the new end. */
export const NO_ROOM = -1
export const TOO_LONG = -2

/** In place of the length of an XZERO in `runs`: more registers than there are. */
const ENDLESS = 0x8000
/** Registers of the run that a byte begins, ENDLESS for an XZERO. */
const runs = Uint16Array.from({ length: 256 }, (_, byte) => {
  if (byte < XZERO) return byte + 1
  return byte < VAL ? ENDLESS : (byte & 3) + 1
})

/** Registers of two runs, by the two bytes; at least ENDLESS with an XZERO. */
const pairs = Uint16Array.from({ length: 65536 }, (_, two) => Math.min(ENDLESS, runs[two & 0xff] + runs[two >>> 8]))

/** The run in which `findRun` found a register. */
const found = {
  /** Where the run before it begins, or where it begins itself when it is the first. */
  previous: 0,
  at: 0,
  /** First register of the run, and how many there are. */
  first: 0,
  count: 0,
}

/** The empty HyperLogLog. @returns the end of its runs */
export function writeEmptySparse(bytes: Uint8Array, start: number): number {
  return writeZeros(bytes, start, REGISTERS)
}

/**
 * Looks a register up, to raise it to a value.
 *
 * @param words  the same memory as `bytes`
 */
export function searchSparse(
  bytes: Uint8Array, words: Int32Array, start: number, end: number, index: number, value: number,
): Sparse {
  if (!findRun(bytes, words, start, end, index)) return Sparse.corrupt
  const byte = bytes[found.at]
  return byte >= VAL && valueOf(byte) >= value ? Sparse.unchanged : Sparse.lower
} // prettier-ignore

/**
 * Raises the register that `searchSparse` has just found lower.
 *
 * @param value      at most SPARSE_VALUE_MAX
 * @param roomEnd    up to here the runs may grow
 * @param lengthMax  bytes that the runs may take
 * @returns the new end; NO_ROOM or TOO_LONG, and then nothing has changed
 */
export function raiseSparse(
  bytes: Uint8Array, start: number, end: number, roomEnd: number, lengthMax: number, index: number, value: number,
): number {
  const { at } = found
  const byte = bytes[at]
  const old = byte >= XZERO && byte < VAL ? 2 : 1
  if (found.count === 1 && old === 1) {
    bytes[at] = valueRun(value, 1)
    return joinRuns(bytes, found.previous, end)
  }
  const length = writeSplit(byte, index, value)
  const growth = length - old
  if (growth > 0 && end - start + growth > lengthMax) return TOO_LONG
  if (end + growth > roomEnd) return NO_ROOM
  if (growth !== 0 && at + old < end) moveWithin(bytes, at + old, end, at + length)
  // An XZERO that was cut off is shorter than it claims; what does not fit is cut off in its turn.
  const grown = end + growth
  for (let i = 0; i < length && at + i < grown; i++) bytes[at + i] = split[i]
  return joinRuns(bytes, found.previous, grown)
} // prettier-ignore

/**
 * Finds the run with a register; false when the runs end before it. This is what adding an element costs in the sparse form, so
 * eight runs are passed at a time, as long as all are of one byte and none has the register.
 */
function findRun(bytes: Uint8Array, words: Int32Array, start: number, end: number, index: number): boolean {
  const eightsEnd = end - 7
  let first = 0
  let previous = start
  let at = start
  for (;;) {
    if ((at & 3) === 0) {
      for (; at < eightsEnd; at += 8) {
        const word = words[at >>> 2]
        const next = words[(at >>> 2) + 1]
        const behind = first + pairs[word & 0xffff] + pairs[word >>> 16] + pairs[next & 0xffff] + pairs[next >>> 16]
        if (index < behind) break
        first = behind
        previous = at + 7
      }
    }
    do {
      if (at >= end) return false
      const isLong = runs[bytes[at]] === ENDLESS
      const count = isLong ? longZeros(bytes, at, end) : runs[bytes[at]]
      if (index < first + count) {
        found.previous = previous
        found.at = at
        found.first = first
        found.count = count
        return true
      }
      first += count
      previous = at
      at += isLong ? 2 : 1
    } while ((at & 3) !== 0)
  }
}

/** The runs that take the place of one: XZERO, VAL, XZERO at most. */
const split = new Uint8Array(5)

/** Writes the found run to `split`, with another value for one of its registers. @returns the bytes it takes */
function writeSplit(byte: number, index: number, value: number): number {
  const before = index - found.first
  const behind = found.first + found.count - 1 - index
  let at = 0
  if (byte < VAL) {
    if (before !== 0) at = writeZeros(split, at, before)
    split[at++] = valueRun(value, 1)
    return behind !== 0 ? writeZeros(split, at, behind) : at
  }
  const old = valueOf(byte)
  if (before !== 0) split[at++] = valueRun(old, before)
  split[at++] = valueRun(value, 1)
  if (behind !== 0) split[at++] = valueRun(old, behind)
  return at
}

/** Joins neighbours of the same value, in the next few runs. @returns the new end */
function joinRuns(bytes: Uint8Array, at: number, end: number): number {
  for (let steps = JOIN_STEPS; at < end && steps > 0; steps--) {
    const byte = bytes[at]
    if (byte < VAL) {
      at += byte < XZERO ? 1 : 2
      continue
    }
    const next = at + 1 < end ? bytes[at + 1] : 0
    const count = (byte & 3) + (next & 3) + 2
    // The same bits but those of the count; that the next is a VAL at all follows.
    if ((byte ^ next) >>> 2 === 0 && count <= VAL_RUN_MAX) {
      bytes[at + 1] = valueRun(valueOf(byte), count)
      moveWithin(bytes, at + 1, end, at)
      end--
    } else at++
  }
  return end
}

/**
 * Raises each of `registers`, one a byte, to the value it has in a sparse form.
 *
 * @returns false when the runs do not add up; some registers may have been raised
 */
export function mergeSparse(bytes: Uint8Array, start: number, end: number, registers: Uint8Array): boolean {
  let index = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte < XZERO) index += byte + 1
    else if (byte < VAL) index += longZeros(bytes, at++, end)
    else {
      const value = valueOf(byte)
      const behind = index + (byte & 3) + 1
      if (behind > REGISTERS) break
      for (; index < behind; index++) if (value > registers[index]) registers[index] = value
    }
  }
  return index === REGISTERS
}

/** Counts the registers by value. @returns false when the runs do not add up */
export function countSparse(bytes: Uint8Array, start: number, end: number, into: Histogram): boolean {
  const { counts } = into
  counts.fill(0)
  let total = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    const count = runs[byte] === ENDLESS ? longZeros(bytes, at++, end) : runs[byte]
    counts[byte < VAL ? 0 : valueOf(byte)] += count
    total += count
  }
  return total === REGISTERS
}

/** The runs in letters, as PFDEBUG shows them: z and Z for zeros, v for values. */
export function describeSparse(bytes: Uint8Array, start: number, end: number): string {
  const words: string[] = []
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte < XZERO) words.push(`z:${byte + 1}`)
    else if (byte < VAL) words.push(`Z:${longZeros(bytes, at++, end)}`)
    else words.push(`v:${valueOf(byte)},${(byte & 3) + 1}`)
  }
  return words.join(' ')
}

function longZeros(bytes: Uint8Array, at: number, end: number): number {
  return (((bytes[at] & 0x3f) << 8) | (at + 1 < end ? bytes[at + 1] : 0)) + 1
}

function writeZeros(bytes: Uint8Array, at: number, count: number): number {
  if (count <= ZERO_RUN_MAX) {
    bytes[at] = count - 1
    return at + 1
  }
  bytes[at] = XZERO | ((count - 1) >>> 8)
  bytes[at + 1] = (count - 1) & 0xff
  return at + 2
}

function valueOf(byte: number): number {
  return ((byte >>> 2) & 0x1f) + 1
}

function valueRun(value: number, count: number): number {
  return VAL | ((value - 1) << 2) | (count - 1)
}
