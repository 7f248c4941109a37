/**
 * The dense form of a HyperLogLog: 16384 registers of 6 bits, packed from the low bits of each byte upwards, so that four
 * of them take three bytes:
 *
 *     byte          0         1         2
 *               11000000  22221111  33333322        the digit is the register to which a bit belongs
 *
 * Functions take the bytes and where the first register lies in them.
 */

import { assert } from '../base/assert.js'

export const REGISTERS = 16384
export const REGISTER_BITS = 6
export const REGISTER_MAX = 63
export const DENSE_BYTES = (REGISTERS * REGISTER_BITS) / 8

/** Counts of registers by value, as the estimator takes them, and the tables in which they are counted. */
export class Histogram {
  readonly counts: Int32Array
  /** Four counts of the same value side by side would wait for each other; so each of four registers has a table. */
  readonly lanes: Int32Array

  constructor() {
    this.counts = new Int32Array(REGISTER_MAX + 1)
    this.lanes = new Int32Array(4 * (REGISTER_MAX + 1))
  }
}

const LANE_1 = REGISTER_MAX + 1
const LANE_2 = LANE_1 * 2
const LANE_3 = LANE_1 * 3

export function registerAt(bytes: Uint8Array, at: number, index: number): number {
  const bit = index * REGISTER_BITS
  const byte = at + (bit >>> 3)
  const shift = bit & 7
  // Registers that end with their byte must not look at the next, which may be beyond the value.
  if (shift <= 2) return (bytes[byte] >>> shift) & REGISTER_MAX
  return ((bytes[byte] >>> shift) | (bytes[byte + 1] << (8 - shift))) & REGISTER_MAX
}

/** @param value  at most REGISTER_MAX */
export function setRegister(bytes: Uint8Array, at: number, index: number, value: number): void {
  const bit = index * REGISTER_BITS
  const byte = at + (bit >>> 3)
  const shift = bit & 7
  bytes[byte] = (bytes[byte] & ~(REGISTER_MAX << shift)) | (value << shift)
  if (shift <= 2) return
  bytes[byte + 1] = (bytes[byte + 1] & ~(REGISTER_MAX >>> (8 - shift))) | (value >>> (8 - shift))
}

/** Counts the registers by value. */
export function countDense(bytes: Uint8Array, at: number, into: Histogram): void {
  const { counts, lanes } = into
  lanes.fill(0)
  for (let i = at, end = at + DENSE_BYTES; i < end; i += 3) {
    const b0 = bytes[i]
    const b1 = bytes[i + 1]
    const b2 = bytes[i + 2]
    lanes[b0 & 63]++
    lanes[LANE_1 + ((b0 >>> 6) | ((b1 & 15) << 2))]++
    lanes[LANE_2 + ((b1 >>> 4) | ((b2 & 3) << 4))]++
    lanes[LANE_3 + (b2 >>> 2)]++
  }
  for (let i = 0; i <= REGISTER_MAX; i++)
    counts[i] = lanes[i] + lanes[LANE_1 + i] + lanes[LANE_2 + i] + lanes[LANE_3 + i]
}

/** Raises each of `registers`, one a byte, to the value it has in a dense form. */
export function mergeDense(bytes: Uint8Array, at: number, registers: Uint8Array): void {
  assert(registers.length === REGISTERS)
  for (let i = at, to = 0; to < REGISTERS; i += 3, to += 4) {
    const b0 = bytes[i]
    const b1 = bytes[i + 1]
    const b2 = bytes[i + 2]
    const r0 = b0 & 63
    const r1 = (b0 >>> 6) | ((b1 & 15) << 2)
    const r2 = (b1 >>> 4) | ((b2 & 3) << 4)
    const r3 = b2 >>> 2
    if (r0 > registers[to]) registers[to] = r0
    if (r1 > registers[to + 1]) registers[to + 1] = r1
    if (r2 > registers[to + 2]) registers[to + 2] = r2
    if (r3 > registers[to + 3]) registers[to + 3] = r3
  }
}

/** Writes the dense form of `registers`, one a byte. */
export function packDense(registers: Uint8Array, bytes: Uint8Array, at: number): void {
  assert(registers.length === REGISTERS)
  for (let from = 0, i = at; from < REGISTERS; from += 4, i += 3) {
    const r1 = registers[from + 1]
    const r2 = registers[from + 2]
    bytes[i] = registers[from] | (r1 << 6)
    bytes[i + 1] = (r1 >>> 2) | (r2 << 4)
    bytes[i + 2] = (r2 >>> 4) | (registers[from + 3] << 2)
  }
}

/** Counts registers that lie one a byte. */
export function countRegisters(registers: Uint8Array, into: Histogram): void {
  assert(registers.length === REGISTERS)
  const { counts, lanes } = into
  lanes.fill(0)
  for (let i = 0; i < REGISTERS; i += 4) {
    lanes[registers[i]]++
    lanes[LANE_1 + registers[i + 1]]++
    lanes[LANE_2 + registers[i + 2]]++
    lanes[LANE_3 + registers[i + 3]]++
  }
  for (let i = 0; i <= REGISTER_MAX; i++)
    counts[i] = lanes[i] + lanes[LANE_1 + i] + lanes[LANE_2 + i] + lanes[LANE_3 + i]
}
