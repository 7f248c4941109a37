/** Compiling text, which precompiled code is not: it is refused as Redis refuses it, by reading it as text. (`load`: see prelude.ts.) */

import { Status } from './api.js'
import { stringEnd } from './heap.js'
import { type LuaFunction, type LuaMachine, STRING_BYTES } from './machine.js'

/** The first byte of precompiled code. Behind anything else it is a character like any other. */
const PRECOMPILED = 0x1b
const BLANK = 0x20

/** Compiles text of linear memory; returns the status of luaL_loadbuffer, with the function or the message pushed. */
export function compileText(machine: LuaMachine, L: number, start: number, length: number, name: number): number {
  if (length === 0 || machine.u8[start] !== PRECOMPILED) return machine.api.luaL_loadbuffer(L, start, length, name)
  const copy = machine.api.malloc(length + 1)
  if (copy === 0) return machine.error(L, 'not enough memory')
  machine.u8[copy] = BLANK
  machine.u8.copyWithin(copy + 1, start, start + length)
  const status = machine.api.luaL_loadbuffer(L, copy, length + 1, name)
  machine.api.free(copy)
  return status
}

export function loadFunctions(machine: LuaMachine): Record<string, LuaFunction> {
  const { api } = machine
  const finish = (L: number, status: number): number => {
    if (status === Status.ok) return 1
    machine.pushNil(L)
    api.lua_insert(L, -2)
    return 2
  }
  return {
    loadstring(L) {
      const start = api.luaL_checklstring(L, 1, 0)
      const name = api.luaL_optlstring(L, 2, start, 0)
      return finish(L, compileText(machine, L, start, stringEnd(machine, start - STRING_BYTES) - start, name))
    },
  }
}
