/**
 * Functions of Lua that take integers, of which C's conversion keeps 32 bits in WebAssembly and 64 in the reference. Numbers beyond
 * 32 bits are made ones that mean the same before the function sees them.
 */

import { Kind } from './api.js'
import type { LuaFunction, LuaMachine } from './machine.js'

const INT_MAX = 2 ** 31 - 1
const INT_MIN = -(2 ** 31)
const LONG_LIMIT = 2 ** 63

interface IntegerArguments {
  readonly first: number
  readonly last: number
  /** With fewer arguments, they mean something else. */
  readonly least: number
  /** What the number becomes. */
  readonly narrow: (value: number) => number
}

/** Positions in strings: what lies beyond any string may as well lie at the end of the range. */
const position = (first: number, last: number): IntegerArguments => ({ first, last, least: first, narrow: clamp })
/** What the reference, too, cuts down to 32 bits. */
const int = (first: number, last: number, least = first): IntegerArguments => ({ first, last, least, narrow: wrap })

export const STRING_INTEGERS: Readonly<Record<string, IntegerArguments>> = {
  sub: position(2, 3),
  byte: position(2, 3),
  find: position(3, 3),
  match: position(3, 3),
  rep: int(2, 2),
}

export const TABLE_INTEGERS: Readonly<Record<string, IntegerArguments>> = {
  concat: int(3, 4),
  insert: int(2, 2, 3),
  remove: int(2, 2),
}

export const GLOBAL_INTEGERS: Readonly<Record<string, IntegerArguments>> = {
  select: int(1, 1),
  unpack: int(2, 3),
}

export function withIntegers(machine: LuaMachine, native: LuaFunction, integers: IntegerArguments): LuaFunction {
  const { first, last, least, narrow } = integers
  return (L) => {
    const count = machine.argCount(L)
    if (count < least) return native(L)
    for (let argument = first; argument <= last && argument <= count; argument++) {
      const kind = machine.kindOf(L, argument)
      if (kind === Kind.string) narrowText(machine, L, argument, narrow)
      else if (kind === Kind.number) {
        const at = machine.slot(L, argument) >> 3
        const value = machine.f64[at]!
        if (isWide(value)) machine.f64[at] = narrow(value)
      }
    }
    return native(L)
  }
}

/** The same for a number that is given as a text. */
function narrowText(machine: LuaMachine, L: number, argument: number, narrow: (value: number) => number): void {
  if (machine.api.lua_isnumber(L, argument) === 0) return
  const value = machine.api.lua_tonumber(L, argument)
  if (!isWide(value)) return
  machine.pushNumber(L, narrow(value))
  machine.api.lua_replace(L, argument)
}

/** True for NaN, too. */
function isWide(value: number): boolean {
  return !(value > INT_MIN - 1 && value < INT_MAX + 1)
}

/** What 64 bits cannot hold becomes the least number of all. */
function clamp(value: number): number {
  return value > 0 && value < LONG_LIMIT ? INT_MAX : INT_MIN
}

/** The lower 32 bits; there are none of what 64 bits cannot hold. */
function wrap(value: number): number {
  return value > -LONG_LIMIT && value < LONG_LIMIT ? Math.trunc(value) | 0 : 0
}
