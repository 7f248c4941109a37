/**
 * What SHA-1 and SHA-256 share: cutting a message into blocks of 64 bytes and closing it with its length.
 */

import { writeUint32BE } from './bytes.js'

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8
const TWO_32 = 0x1_0000_0000
const HEX_DIGITS = '0123456789abcdef'

/** Mixes the block at `at` into `state`; `words` is room for the message schedule. */
export type Compress = (state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number) => void

/** Runs the whole message through `compress`, with its end: a one bit, zeros, and the length in bits. */
export function hashBlocks(
  bytes: Uint8Array,
  start: number,
  end: number,
  state: Int32Array,
  words: Int32Array,
  compress: Compress,
): void {
  let at = start
  for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) compress(state, words, bytes, at)

  const rest = end - at
  const tail = new Uint8Array(rest + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES)
  tail.set(bytes.subarray(at, end))
  tail[rest] = 0x80
  const bits = (end - start) * 8
  writeUint32BE(Math.floor(bits / TWO_32), tail, tail.length - LENGTH_BYTES)
  writeUint32BE(bits % TWO_32, tail, tail.length - LENGTH_BYTES / 2)
  for (let block = 0; block < tail.length; block += BLOCK_BYTES) compress(state, words, tail, block)
}

/** Lower-case hexadecimal text of a range. */
export function toHex(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) text += HEX_DIGITS[bytes[at] >>> 4] + HEX_DIGITS[bytes[at] & 15]
  return text
}
