/**
 * `tonumber` with a base other than ten.
 *
 * Lua leaves that to C's strtoul, whose numbers have 32 bits in WebAssembly: "ffffffffff" would be four thousand millions. Here they
 * have 64 as they have in the reference: larger ones become the largest, negative ones count down from 2^64.
 */

import type { LuaFunction, LuaMachine } from './machine.js'

const DECIMAL = 10
const BASE_MIN = 2
const BASE_MAX = 36
const LARGEST = 2n ** 64n - 1n

/** @param native  does what is left: decimal numbers, and what is wrong with the arguments */
export function toNumber(machine: LuaMachine, native: LuaFunction): LuaFunction {
  return (L) => {
    if (machine.argCount(L) < 2) return native(L)
    const base = machine.api.luaL_optinteger(L, 2, DECIMAL)
    if (base === DECIMAL || base < BASE_MIN || base > BASE_MAX) return native(L)
    const value = parseUnsigned(machine.u8, machine.api.luaL_checklstring(L, 1, 0), base)
    if (value === undefined) machine.pushNil(L)
    else machine.pushNumber(L, value)
    return 1
  }
}

/** The text at `at`, which ends with a NUL; undefined when there is more or less to it than a number. */
function parseUnsigned(u8: Uint8Array, at: number, base: number): number | undefined {
  at = skipBlanks(u8, at)
  const isNegative = u8[at] === 0x2d
  if (isNegative || u8[at] === 0x2b) at++
  const hasPrefix = base === 16 && u8[at] === 0x30 && (u8[at + 1]! | 0x20) === 0x78 && digitOf(u8[at + 2]!) < base
  if (hasPrefix) at += 2
  const start = at
  let value = 0n
  for (let digit = digitOf(u8[at]!); digit < base; digit = digitOf(u8[++at]!)) {
    if (value <= LARGEST) value = value * BigInt(base) + BigInt(digit)
  }
  if (at === start || u8[skipBlanks(u8, at)] !== 0) return undefined
  if (value > LARGEST) return Number(LARGEST)
  return Number(isNegative ? BigInt.asUintN(64, -value) : value)
}

function skipBlanks(u8: Uint8Array, at: number): number {
  while (u8[at] === 0x20 || (u8[at]! >= 0x09 && u8[at]! <= 0x0d)) at++
  return at
}

/** What a digit stands for; more than any base allows when it is none. */
function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 + 10 : BASE_MAX
}
