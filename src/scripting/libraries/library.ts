/** Libraries that scripts see as tables of functions and constants. */

import type { LuaFunction, LuaMachine } from '../lua/machine.js'

/** Stands for the pointer that is JSON's null. */
export const NULL_POINTER = Symbol('null')

export type LibraryValue = string | number | typeof NULL_POINTER

export interface Library {
  readonly functions: Readonly<Record<string, LuaFunction>>
  readonly values: Readonly<Record<string, LibraryValue>>
  /** The functions get this number as their first upvalue. */
  readonly upvalue?: number
  /** Told the numbers under which Lua knows the functions. */
  installed?(numbers: ReadonlyMap<string, number>): void
}

export type MakeLibrary = (machine: LuaMachine) => Library

/** Pushes a table with the library's functions and values. */
export function pushLibrary(
  machine: LuaMachine,
  L: number,
  { values, upvalue }: Library,
  numbers: ReadonlyMap<string, number>,
): void {
  const { api } = machine
  api.lua_createtable(L, 0, numbers.size)
  for (const [name, number] of numbers) {
    machine.pushText(L, name)
    if (upvalue !== undefined) machine.pushNumber(L, upvalue)
    api.lua_pushcclosure(L, number, upvalue === undefined ? 0 : 1)
    api.lua_rawset(L, -3)
  }
  for (const [name, value] of Object.entries(values)) {
    machine.pushText(L, name)
    if (typeof value === 'string') machine.pushText(L, value)
    else if (typeof value === 'number') machine.pushNumber(L, value)
    else api.lua_pushlightuserdata(L, 0)
    api.lua_rawset(L, -3)
  }
}
