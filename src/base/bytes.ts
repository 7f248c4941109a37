/**
 * Byte ranges: compare, copy, convert to and from text, and read or write fixed-size integers.
 *
 * A range is `(bytes, start, end)`, end exclusive, so that the query buffer and the arena look the same. Nothing here
 * checks bounds: the indices are the caller's own arithmetic. Everything but the text conversions allocates nothing.
 */

/** Up to this many bytes a loop beats `set(subarray)`, which allocates a view (bench/base/bytes.bench.ts). */
const COPY_LOOP_BYTES_MAX = 64

/** Longest piece turned into text at once: arguments of `fromCharCode.apply` live on the stack. */
const LATIN1_PIECE_BYTES = 4096

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

export function equals(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false
  let i = aStart
  let j = bStart
  // Four at a time: one branch for four bytes is a third faster on keys of usual length.
  for (const foursEnd = aEnd - 3; i < foursEnd; i += 4, j += 4) {
    const isDifferent = (a[i] ^ b[j]) | (a[i + 1] ^ b[j + 1]) | (a[i + 2] ^ b[j + 2]) | (a[i + 3] ^ b[j + 3])
    if (isDifferent !== 0) return false
  }
  for (; i < aEnd; i++, j++) {
    if (a[i] !== b[j]) return false
  }
  return true
}

/** @returns -1, 0 or 1: the order of memcmp, and of two ranges where one continues the other, the shorter first */
export function compare(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart
  const bLength = bEnd - bStart
  const length = aLength < bLength ? aLength : bLength
  let i = 0
  // What is compared often begins alike: four at a time, until there is a difference.
  for (; i < length - 3; i += 4) {
    const x = aStart + i
    const y = bStart + i
    if (((a[x] ^ b[y]) | (a[x + 1] ^ b[y + 1]) | (a[x + 2] ^ b[y + 2]) | (a[x + 3] ^ b[y + 3])) !== 0) break
  }
  for (; i < length; i++) {
    const difference = a[aStart + i] - b[bStart + i]
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  if (aLength === bLength) return 0
  return aLength < bLength ? -1 : 1
}

/** Whether the range spells `lower`, ASCII letters in any case. `lower` itself must be in lower case. */
export function equalsIgnoreCase(bytes: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  const length = lower.length
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) {
    if (lowerCase(bytes[start + i]) !== lower[i]) return false
  }
  return true
}

/** The ASCII lower case of one byte; other bytes are themselves, as in the C locale. */
export function lowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
}

/** White space to the C library: tab, line feed, vertical tab, form feed, return, space. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** Copies `from[start, end)` to `to` at `at`. Overlapping ranges of one array come out right. */
export function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > COPY_LOOP_BYTES_MAX) to.set(from.subarray(start, end), at)
  else copyByLoop(from, start, end, to, at)
}

/** The same without a call however long the range is, for where such a call costs more. */
export function copyByLoop(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (at <= start) copyUpwards(from, start, end, to, at)
  else copyDownwards(from, start, end, to, at)
}

function copyUpwards(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  let i = start
  // Eight loads, then eight stores: more than twice as fast as byte by byte.
  for (const eightsEnd = end - 7; i < eightsEnd; i += 8, at += 8) {
    const b0 = from[i]
    const b1 = from[i + 1]
    const b2 = from[i + 2]
    const b3 = from[i + 3]
    const b4 = from[i + 4]
    const b5 = from[i + 5]
    const b6 = from[i + 6]
    const b7 = from[i + 7]
    to[at] = b0
    to[at + 1] = b1
    to[at + 2] = b2
    to[at + 3] = b3
    to[at + 4] = b4
    to[at + 5] = b5
    to[at + 6] = b6
    to[at + 7] = b7
  }
  for (; i < end; i++, at++) to[at] = from[i]
}

function copyDownwards(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  let i = end
  let j = at + (end - start)
  for (const eightsStart = start + 7; i > eightsStart;) {
    i -= 8
    j -= 8
    const b0 = from[i]
    const b1 = from[i + 1]
    const b2 = from[i + 2]
    const b3 = from[i + 3]
    const b4 = from[i + 4]
    const b5 = from[i + 5]
    const b6 = from[i + 6]
    const b7 = from[i + 7]
    to[j] = b0
    to[j + 1] = b1
    to[j + 2] = b2
    to[j + 3] = b3
    to[j + 4] = b4
    to[j + 5] = b5
    to[j + 6] = b6
    to[j + 7] = b7
  }
  while (i > start) to[--j] = from[--i]
}

/** @returns the index of the first `byte` in the range, or -1 */
export function indexOf(bytes: Uint8Array, start: number, end: number, byte: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] === byte) return i
  }
  return -1
}

/** Text with one char per byte, lossless for any bytes. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += LATIN1_PIECE_BYTES) {
    const pieceEnd = at + LATIN1_PIECE_BYTES < end ? at + LATIN1_PIECE_BYTES : end
    text += String.fromCharCode.apply(null, bytes.subarray(at, pieceEnd) as unknown as number[])
  }
  return text
}

/** The inverse of `latin1`; of a char above 255 only the low byte is kept. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** Text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD, a byte order mark is kept. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  return DECODER.decode(bytes.subarray(start, end))
}

export function utf8Bytes(text: string): Uint8Array {
  return ENCODER.encode(text)
}

export function readUint16LE(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8)
}

export function readInt32LE(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
}

export function readUint32LE(bytes: Uint8Array, at: number): number {
  return readInt32LE(bytes, at) >>> 0
}

export function readUint16BE(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1]
}

export function readInt32BE(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}

export function readUint32BE(bytes: Uint8Array, at: number): number {
  return readInt32BE(bytes, at) >>> 0
}

/** Writes the low 16 bits; the same call serves signed and unsigned values, as do the other writers. */
export function writeUint16LE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
}

export function writeUint32LE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

export function writeUint16BE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value
}

export function writeUint32BE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
