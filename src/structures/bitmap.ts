/**
 * Bitmaps: strings of bytes taken as strings of bits, the most significant bit of a byte first. Counting, searching and
 * combining, a word of 32 bits at a time where the bytes are aligned.
 *
 * Functions take the same memory as bytes and as words: `words` begins where `bytes` begins. Positions and counts of bits may
 * pass 2^31, so they are computed as numbers; those of bytes stay small integers.
 */

const WORD_BYTES = 4
const ALIGNMENT_MASK = WORD_BYTES - 1

/** Counts the bits that are 1 in `bytes[start, end)`. */
export function countBits(bytes: Uint8Array, words: Int32Array, start: number, end: number): number {
  let count = 0
  let at = start
  for (; at < end && (at & ALIGNMENT_MASK) !== 0; at++) count += bitsOfWord(bytes[at])
  const wordsEnd = end >>> 2
  const word = at >>> 2
  if (word < wordsEnd) {
    count += countWords(words, word, wordsEnd)
    at = wordsEnd * WORD_BYTES
  }
  for (; at < end; at++) count += bitsOfWord(bytes[at])
  return count
}

/**
 * Counts by adding eight words up, bit by bit, with carry-save adders: two words and a carry make a sum and a carry of twice
 * the weight, so that only one word in eight has its bits counted. Source: Harley and Seal, in Warren's "Hacker's Delight".
 */
function countWords(words: Int32Array, start: number, end: number): number {
  let ones = 0
  let twos = 0
  let fours = 0
  let eights = 0 // how many bits of weight eight
  let at = start
  for (const eightsEnd = end - 7; at < eightsEnd; at += 8) {
    const half0 = ones ^ words[at]
    const twosA = (ones & words[at]) | (half0 & words[at + 1])
    ones = half0 ^ words[at + 1]
    const half2 = ones ^ words[at + 2]
    const twosB = (ones & words[at + 2]) | (half2 & words[at + 3])
    ones = half2 ^ words[at + 3]
    const halfA = twos ^ twosA
    const foursA = (twos & twosA) | (halfA & twosB)
    twos = halfA ^ twosB

    const half4 = ones ^ words[at + 4]
    const twosC = (ones & words[at + 4]) | (half4 & words[at + 5])
    ones = half4 ^ words[at + 5]
    const half6 = ones ^ words[at + 6]
    const twosD = (ones & words[at + 6]) | (half6 & words[at + 7])
    ones = half6 ^ words[at + 7]
    const halfC = twos ^ twosC
    const foursB = (twos & twosC) | (halfC & twosD)
    twos = halfC ^ twosD

    const half = fours ^ foursA
    eights += bitsOfWord((fours & foursA) | (half & foursB))
    fours = half ^ foursB
  }
  let count = eights * 8 + bitsOfWord(fours) * 4 + bitsOfWord(twos) * 2 + bitsOfWord(ones)
  for (; at < end; at++) count += bitsOfWord(words[at])
  return count
}

/** Counts the bits that are 1 from bit `first` to bit `last`, both included, of the bitmap at `start`. */
export function countBitsBetween(
  bytes: Uint8Array, words: Int32Array, start: number, first: number, last: number,
): number {
  const firstByte = start + Math.floor(first / 8)
  const lastByte = start + Math.floor(last / 8)
  const before = bytes[firstByte] & ~bitsFrom(first)
  const behind = bytes[lastByte] & ~bitsTo(last)
  return countBits(bytes, words, firstByte, lastByte + 1) - bitsOfWord(before) - bitsOfWord(behind)
} // prettier-ignore

/**
 * Finds the first bit of a value from bit `first` to bit `last`, both included, of the bitmap at `start`.
 *
 * @returns its position from the start of the bitmap, or -1
 */
export function findBit(
  bytes: Uint8Array, words: Int32Array, start: number, value: boolean, first: number, last: number,
): number {
  // What is sought is a 1 once the other value's bytes are turned into zeros.
  const flip = value ? 0 : 0xff
  const lastByte = start + Math.floor(last / 8)
  let at = start + Math.floor(first / 8)
  let found = (bytes[at] ^ flip) & bitsFrom(first)
  if (found === 0 && at < lastByte) {
    at = skipBytes(bytes, words, at + 1, lastByte, flip)
    found = bytes[at] ^ flip
  }
  if (at === lastByte) found &= bitsTo(last)
  return found === 0 ? -1 : (at - start) * 8 + Math.clz32(found) - 24
} // prettier-ignore

/** The first byte in `bytes[start, end)` that is not `same`, which is 0 or 255; `end` if there is none. */
function skipBytes(bytes: Uint8Array, words: Int32Array, start: number, end: number, same: number): number {
  let at = start
  for (; at < end && (at & ALIGNMENT_MASK) !== 0; at++) if (bytes[at] !== same) return at
  const wordsEnd = end >>> 2
  if (at >>> 2 < wordsEnd) at = skipWords(words, at >>> 2, wordsEnd, same === 0 ? 0 : -1) * WORD_BYTES
  while (at < end && bytes[at] === same) at++
  return at
}

/** The first word in `words[start, end)` that is not `same`; `end` if there is none. */
function skipWords(words: Int32Array, start: number, end: number, same: number): number {
  let at = start
  for (const eightsEnd = end - 7; at < eightsEnd; at += 8) {
    const upper = (words[at] ^ same) | (words[at + 1] ^ same) | (words[at + 2] ^ same) | (words[at + 3] ^ same)
    const lower = (words[at + 4] ^ same) | (words[at + 5] ^ same) | (words[at + 6] ^ same) | (words[at + 7] ^ same)
    if ((upper | lower) !== 0) break
  }
  while (at < end && words[at] === same) at++
  return at
}

export const BitOperation = { and: 0, or: 1, xor: 2 } as const
export type BitOperation = (typeof BitOperation)[keyof typeof BitOperation]

/** target = target operation source, for `length` bytes. The ranges are the same or do not overlap. */
export function combineBits(
  operation: BitOperation,
  target: Uint8Array, targetWords: Int32Array, at: number,
  source: Uint8Array, sourceWords: Int32Array, from: number, length: number,
): void {
  let done = 0
  if (((at | from) & ALIGNMENT_MASK) === 0) {
    const count = length >>> 2
    if (operation === BitOperation.and) andWords(targetWords, at >>> 2, sourceWords, from >>> 2, count)
    else if (operation === BitOperation.or) orWords(targetWords, at >>> 2, sourceWords, from >>> 2, count)
    else xorWords(targetWords, at >>> 2, sourceWords, from >>> 2, count)
    done = count * WORD_BYTES
  }
  for (; done < length; done++) {
    if (operation === BitOperation.and) target[at + done] &= source[from + done]
    else if (operation === BitOperation.or) target[at + done] |= source[from + done]
    else target[at + done] ^= source[from + done]
  }
} // prettier-ignore

/** Turns every bit of `bytes[start, end)` over. `start` is aligned to a word. */
export function invertBits(bytes: Uint8Array, words: Int32Array, start: number, end: number): void {
  const wordsEnd = end >>> 2
  let word = start >>> 2
  for (const foursEnd = wordsEnd - 3; word < foursEnd; word += 4) {
    words[word] = ~words[word]
    words[word + 1] = ~words[word + 1]
    words[word + 2] = ~words[word + 2]
    words[word + 3] = ~words[word + 3]
  }
  for (; word < wordsEnd; word++) words[word] = ~words[word]
  for (let at = Math.max(start, wordsEnd * WORD_BYTES); at < end; at++) bytes[at] = ~bytes[at]
}

// Eight words a turn: more than twice as fast as one (bench/structures/bitmap.bench.ts).

function andWords(target: Int32Array, at: number, source: Int32Array, from: number, count: number): void {
  let i = 0
  for (const eightsEnd = count - 7; i < eightsEnd; i += 8) {
    const a = at + i
    const b = from + i
    target[a] &= source[b]
    target[a + 1] &= source[b + 1]
    target[a + 2] &= source[b + 2]
    target[a + 3] &= source[b + 3]
    target[a + 4] &= source[b + 4]
    target[a + 5] &= source[b + 5]
    target[a + 6] &= source[b + 6]
    target[a + 7] &= source[b + 7]
  }
  for (; i < count; i++) target[at + i] &= source[from + i]
}

function orWords(target: Int32Array, at: number, source: Int32Array, from: number, count: number): void {
  let i = 0
  for (const eightsEnd = count - 7; i < eightsEnd; i += 8) {
    const a = at + i
    const b = from + i
    target[a] |= source[b]
    target[a + 1] |= source[b + 1]
    target[a + 2] |= source[b + 2]
    target[a + 3] |= source[b + 3]
    target[a + 4] |= source[b + 4]
    target[a + 5] |= source[b + 5]
    target[a + 6] |= source[b + 6]
    target[a + 7] |= source[b + 7]
  }
  for (; i < count; i++) target[at + i] |= source[from + i]
}

function xorWords(target: Int32Array, at: number, source: Int32Array, from: number, count: number): void {
  let i = 0
  for (const eightsEnd = count - 7; i < eightsEnd; i += 8) {
    const a = at + i
    const b = from + i
    target[a] ^= source[b]
    target[a + 1] ^= source[b + 1]
    target[a + 2] ^= source[b + 2]
    target[a + 3] ^= source[b + 3]
    target[a + 4] ^= source[b + 4]
    target[a + 5] ^= source[b + 5]
    target[a + 6] ^= source[b + 6]
    target[a + 7] ^= source[b + 7]
  }
  for (; i < count; i++) target[at + i] ^= source[from + i]
}

/** In a byte, the bits from that of a position on. */
function bitsFrom(position: number): number {
  return 0xff >>> (position & 7)
}

/** In a byte, the bits up to that of a position, included. */
function bitsTo(position: number): number {
  return (0xff00 >>> ((position & 7) + 1)) & 0xff
}

function bitsOfWord(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
