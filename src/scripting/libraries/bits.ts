/** The library `bit`: operations on 32-bit integers, as LuaBitOp 1.0.2 defines them. */

import { Kind } from '../lua/api.js'
import { type LuaMachine, TYPE } from '../lua/machine.js'
import type { Library } from './library.js'

/** Adding it leaves the integer part of a number, rounded to even, in the low 32 bits of its mantissa. */
const BIAS = 6755399441055744

export function bitLibrary(machine: LuaMachine): Library {
  const double = new Float64Array(1)
  const words = new Int32Array(double.buffer)
  const typeName = machine.permanentText('number')

  const argument = (L: number, index: number): number => {
    const { api } = machine
    const at = machine.slot(L, index)
    const isNumber = at < machine.top(L) && machine.i32[(at + TYPE) >> 2] === Kind.number
    if (!isNumber && api.lua_isnumber(L, index) === 0) api.luaL_typerror(L, index, typeName)
    double[0] = (isNumber ? machine.f64[at >> 3]! : api.lua_tonumber(L, index)) + BIAS
    return words[0]!
  }
  const reply = (L: number, value: number): number => {
    machine.pushNumber(L, value | 0)
    return 1
  }
  const fold = (L: number, combine: (a: number, b: number) => number): number => {
    let value = argument(L, 1)
    for (let i = machine.argCount(L); i > 1; i--) value = combine(value, argument(L, i))
    return reply(L, value)
  }
  const shift = (L: number, move: (value: number, by: number) => number): number => {
    const value = argument(L, 1)
    return reply(L, move(value, argument(L, 2) & 31))
  }
  return {
    functions: {
      tobit: (L) => reply(L, argument(L, 1)),
      bnot: (L) => reply(L, ~argument(L, 1)),
      band: (L) => fold(L, (a, b) => a & b),
      bor: (L) => fold(L, (a, b) => a | b),
      bxor: (L) => fold(L, (a, b) => a ^ b),
      lshift: (L) => shift(L, (value, by) => value << by),
      rshift: (L) => shift(L, (value, by) => value >>> by),
      arshift: (L) => shift(L, (value, by) => value >> by),
      rol: (L) => shift(L, (value, by) => (value << by) | (value >>> (32 - by))),
      ror: (L) => shift(L, (value, by) => (value << (32 - by)) | (value >>> by)),
      bswap(L) {
        const value = argument(L, 1)
        return reply(L, (value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24))
      },
      tohex(L) {
        const value = argument(L, 1)
        const digits = machine.argCount(L) < 2 ? 8 : argument(L, 2)
        machine.pushText(L, hexadecimal(value, digits))
        return 1
      },
    },
    values: {},
  }
}

/** The last digits of a number; in upper case when the count is negative. */
function hexadecimal(value: number, digits: number): string {
  const text = (value >>> 0).toString(16).padStart(8, '0')
  const shown = digits === 0 ? '' : text.slice(-Math.min(8, Math.abs(digits)))
  return digits < 0 ? shown.toUpperCase() : shown
}
