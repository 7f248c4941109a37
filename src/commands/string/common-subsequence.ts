/**
 * The longest common subsequence of two strings, 32 cells of the usual table at a time.
 *
 * The table of lengths L(i, j), for the first i bytes of `a` and the first j of `b`, rises by 0 or 1 from one column to the
 * next. A row is kept as these steps: bit j - 1 is 0 where L(i, j) = L(i, j - 1) + 1. With the bits of the positions at
 * which `b` has the next byte of `a`, the next row takes one addition across the words:
 *
 *     row' = (row + (row & matches)) | (row & ~matches)
 *
 * The walk back from the end goes, where the bytes differ, up if L(i - 1, j) > L(i, j - 1) and else left; that is so just
 * where the row has a step, so the rows are all that is needed: an eighth of a byte for each cell. The tie goes to the left
 * because it does in the reference, and which of several longest subsequences is found depends on it.
 *
 * Source: Crochemore et al., "A fast and practical bit-vector algorithm for the longest common subsequence problem" (2001).
 */

import type { Slice } from '../../base/slice.js'

const WORD_BITS = 32
const BYTE_VALUES = 256

export class CommonSubsequence {
  /** Bytes in common. */
  readonly length: number
  /** Where the stretch that `nextRange` found begins in either string, and how long it is. */
  aStart: number
  bStart: number
  rangeLength: number
  private readonly a: Slice
  private readonly b: Slice
  private readonly rows: Int32Array
  private readonly wordsPerRow: number

  private constructor(a: Slice, b: Slice, rows: Int32Array, wordsPerRow: number, length: number) {
    this.length = length
    this.aStart = a.length
    this.bStart = b.length
    this.rangeLength = 0
    this.a = a
    this.b = b
    this.rows = rows
    this.wordsPerRow = wordsPerRow
  }

  /** @returns undefined when there is no memory for the table. The strings must stay where they are as long as it is used. */
  static find(a: Slice, b: Slice): CommonSubsequence | undefined {
    const wordsPerRow = Math.ceil(b.length / WORD_BITS)
    const rows = newWords((a.length + 1) * wordsPerRow)
    if (rows === undefined) return undefined
    const matches = findMatches(a, b, wordsPerRow)
    if (matches === undefined) return undefined
    rows.fill(-1, 0, wordsPerRow)
    for (let i = 0; i < a.length; i++) {
      const matchRow = matches.rowOf[a.bytes[a.start + i]!]! * wordsPerRow
      advance(rows, i * wordsPerRow, rows, (i + 1) * wordsPerRow, matches.words, matchRow, wordsPerRow)
    }
    return new CommonSubsequence(a, b, rows, wordsPerRow, countSteps(rows, a.length * wordsPerRow, b.length))
  }

  /** Goes on, from the end to the beginning, to the next stretch of bytes that are next to each other in both strings. */
  nextRange(): boolean {
    const { a, b } = this
    let i = this.aStart
    let j = this.bStart
    let length = 0
    while (i > 0 && j > 0) {
      if (a.bytes[a.start + i - 1] === b.bytes[b.start + j - 1]) {
        i--
        j--
        length++
      } else if (length > 0) break
      else if (this.hasStep(i, j)) i--
      else j--
    }
    this.aStart = i
    this.bStart = j
    this.rangeLength = length
    return length > 0
  }

  /** The subsequence itself. Uses `nextRange` up. */
  bytes(): Uint8Array {
    const { a } = this
    const bytes = new Uint8Array(this.length)
    let at = this.length
    while (this.nextRange()) {
      at -= this.rangeLength
      const start = a.start + this.aStart
      bytes.set(a.bytes.subarray(start, start + this.rangeLength), at)
    }
    return bytes
  }

  private hasStep(i: number, j: number): boolean {
    const word = this.rows[i * this.wordsPerRow + ((j - 1) >>> 5)]!
    return ((word >>> ((j - 1) & 31)) & 1) === 0
  }
}

/** The length alone, in memory for one row. NaN when there is no memory. */
export function commonLength(a: Slice, b: Slice): number {
  const wordsPerRow = Math.ceil(b.length / WORD_BITS)
  const row = newWords(wordsPerRow)
  const matches = findMatches(a, b, wordsPerRow)
  if (row === undefined || matches === undefined) return NaN
  row.fill(-1)
  for (let i = a.start; i < a.end; i++) {
    advance(row, 0, row, 0, matches.words, matches.rowOf[a.bytes[i]!]! * wordsPerRow, wordsPerRow)
  }
  return countSteps(row, 0, b.length)
}

/** The positions in `b` of every byte that `a` has. */
interface Matches {
  /** By value of a byte. */
  readonly rowOf: Int32Array
  readonly words: Int32Array
}

function findMatches(a: Slice, b: Slice, wordsPerRow: number): Matches | undefined {
  const rowOf = new Int32Array(BYTE_VALUES).fill(-1)
  let rowCount = 0
  for (let i = a.start; i < a.end; i++) if (rowOf[a.bytes[i]!] === -1) rowOf[a.bytes[i]!] = rowCount++
  const words = newWords(rowCount * wordsPerRow)
  if (words === undefined) return undefined
  for (let j = 0; j < b.length; j++) {
    const row = rowOf[b.bytes[b.start + j]!]!
    if (row >= 0) words[row * wordsPerRow + (j >>> 5)]! |= 1 << (j & 31)
  }
  return { rowOf, words }
}

/** Computes the row at `to` from the one at `from`, which may be the same. */
function advance(
  source: Int32Array, from: number, target: Int32Array, to: number,
  matches: Int32Array, matchesAt: number, count: number,
): void {
  let carry = 0
  for (let i = 0; i < count; i++) {
    const row = source[from + i]!
    const match = matches[matchesAt + i]!
    const both = row & match
    const sum = (row + both + carry) | 0
    carry = ((row & both) | ((row | both) & ~sum)) >>> 31
    target[to + i] = sum | (row & ~match)
  }
} // prettier-ignore

function countSteps(rows: Int32Array, at: number, bits: number): number {
  let count = 0
  for (let bit = 0; bit < bits; bit++) count += ~(rows[at + (bit >>> 5)]! >>> (bit & 31)) & 1
  return count
}

function newWords(count: number): Int32Array | undefined {
  try {
    return new Int32Array(count)
  } catch (error) {
    if (error instanceof RangeError) return undefined // the system has no more memory
    throw error
  }
}
