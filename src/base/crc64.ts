/**
 * CRC-64 after Jones, which closes RDB files and DUMP payloads: polynomial ad93d23594c935a9, least significant bit first,
 * starting from zero, nothing inverted. The check value of "123456789" is e9c6d914c4b8d9ca.
 *
 * Eight bytes a step ("slicing by 8"): table k says what a byte contributes when k more bytes follow it, so the eight
 * contributions are independent of one another. The 64-bit entries are kept as two arrays of halves.
 */

import type { Int64 } from './int64.js'

/** The polynomial with its bits reversed, for the reflected form. */
const POLYNOMIAL_HIGH = 0x95ac9329
const POLYNOMIAL_LOW = 0xac4bc9b5

const SLICES = 8
const LOW = new Int32Array(SLICES * 256)
const HIGH = new Int32Array(SLICES * 256)
computeTables()

/**
 * Continues a checksum over more bytes.
 *
 * @param state  the checksum so far, zero at the beginning; holds the new one afterwards
 */
export function crc64(state: Int64, bytes: Uint8Array, start: number, end: number): void {
  let low = state.low | 0
  let high = state.high
  let at = start
  for (const stepsEnd = end - 7; at < stepsEnd; at += 8) {
    const a = low ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))
    const b = high ^ (bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24))
    const i7 = 0x700 | (a & 0xff)
    const i6 = 0x600 | ((a >>> 8) & 0xff)
    const i5 = 0x500 | ((a >>> 16) & 0xff)
    const i4 = 0x400 | (a >>> 24)
    const i3 = 0x300 | (b & 0xff)
    const i2 = 0x200 | ((b >>> 8) & 0xff)
    const i1 = 0x100 | ((b >>> 16) & 0xff)
    const i0 = b >>> 24
    low = LOW[i7] ^ LOW[i6] ^ LOW[i5] ^ LOW[i4] ^ LOW[i3] ^ LOW[i2] ^ LOW[i1] ^ LOW[i0]
    high = HIGH[i7] ^ HIGH[i6] ^ HIGH[i5] ^ HIGH[i4] ^ HIGH[i3] ^ HIGH[i2] ^ HIGH[i1] ^ HIGH[i0]
  }
  for (; at < end; at++) {
    const index = (low ^ bytes[at]) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ LOW[index]
    high = (high >>> 8) ^ HIGH[index]
  }
  state.low = low >>> 0
  state.high = high | 0
}

function computeTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let low = byte
    let high = 0
    for (let bit = 0; bit < 8; bit++) {
      const isOut = (low & 1) !== 0
      low = (low >>> 1) | (high << 31)
      high = high >>> 1
      if (isOut) {
        low ^= POLYNOMIAL_LOW
        high ^= POLYNOMIAL_HIGH
      }
    }
    LOW[byte] = low
    HIGH[byte] = high
  }
  // One more zero byte behind it, table by table.
  for (let i = 256; i < SLICES * 256; i++) {
    const index = LOW[i - 256] & 0xff
    LOW[i] = ((LOW[i - 256] >>> 8) | (HIGH[i - 256] << 24)) ^ LOW[index]
    HIGH[i] = (HIGH[i - 256] >>> 8) ^ HIGH[index]
  }
}
