/** What the .wasm file exports and is used here: the C interface of Lua 5.1. Every pointer is a number; L is a lua_State. */

import type { WasmMemory, WasmTable } from './web-assembly.js'

export interface LuaApi {
  readonly memory: WasmMemory
  readonly __indirect_function_table: WasmTable
  __wasm_call_ctors(): void
  stackSave(): number
  stackRestore(stack: number): void
  setThrew(threw: number, value: number): void
  malloc(bytes: number): number
  realloc(pointer: number, bytes: number): number
  free(pointer: number): void

  luaL_newstate(): number
  lua_close(L: number): void
  luaopen_base(L: number): number
  luaopen_table(L: number): number
  luaopen_string(L: number): number
  luaopen_math(L: number): number

  lua_newthread(L: number): number
  lua_gettop(L: number): number
  lua_settop(L: number, index: number): void
  lua_remove(L: number, index: number): void
  lua_insert(L: number, index: number): void
  lua_replace(L: number, index: number): void
  lua_pushvalue(L: number, index: number): void
  lua_checkstack(L: number, slots: number): number
  luaL_checkstack(L: number, slots: number, message: number): void
  lua_type(L: number, index: number): number
  lua_tonumber(L: number, index: number): number
  lua_isnumber(L: number, index: number): number
  lua_tolstring(L: number, index: number, length: number): number
  lua_tocfunction(L: number, index: number): number
  lua_topointer(L: number, index: number): number
  lua_next(L: number, index: number): number
  lua_concat(L: number, count: number): void
  lua_pushnil(L: number): void
  lua_pushnumber(L: number, value: number): void
  lua_pushboolean(L: number, value: number): void
  lua_pushlightuserdata(L: number, value: number): void
  lua_pushlstring(L: number, bytes: number, length: number): void
  lua_pushcclosure(L: number, index: number, upvalues: number): void
  lua_createtable(L: number, arraySize: number, hashSize: number): void
  lua_newuserdata(L: number, bytes: number): number
  lua_rawget(L: number, index: number): void
  lua_rawgeti(L: number, index: number, key: number): void
  lua_rawset(L: number, index: number): void
  lua_rawseti(L: number, index: number, key: number): void
  lua_gettable(L: number, index: number): void
  lua_settable(L: number, index: number): void
  lua_getmetatable(L: number, index: number): number
  lua_setmetatable(L: number, index: number): number
  lua_setfenv(L: number, index: number): number
  luaL_ref(L: number, index: number): number
  luaL_unref(L: number, index: number, ref: number): void
  luaL_loadbuffer(L: number, bytes: number, length: number, name: number): number
  lua_call(L: number, args: number, results: number): void
  lua_pcall(L: number, args: number, results: number, handler: number): number
  lua_error(L: number): number
  lua_yield(L: number, results: number): number
  lua_resume(L: number, args: number): number
  lua_sethook(L: number, hook: number, mask: number, count: number): number
  lua_getstack(L: number, level: number, record: number): number
  lua_getinfo(L: number, what: number, record: number): number
  lua_gc(L: number, what: number, data: number): number
  luaL_where(L: number, level: number): void
  luaL_argerror(L: number, argument: number, message: number): number
  luaL_typerror(L: number, argument: number, type: number): number
  luaL_checklstring(L: number, argument: number, length: number): number
  luaL_checknumber(L: number, argument: number): number
  luaL_checkinteger(L: number, argument: number): number
  luaL_optinteger(L: number, argument: number, fallback: number): number
  luaL_optlstring(L: number, argument: number, fallback: number, length: number): number
  luaL_checkoption(L: number, argument: number, fallback: number, options: number): number
  luaL_checktype(L: number, argument: number, type: number): void
}

export const REGISTRY_INDEX = -10000
export const GLOBALS_INDEX = -10002

/** The place of a C function's n-th upvalue. */
export const upvalueIndex = (n: number): number => GLOBALS_INDEX - n

/** Types of values, as Lua numbers them. */
export const Kind = {
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const

/** What lua_resume, lua_pcall and luaL_loadbuffer return. */
export const Status = { ok: 0, yield: 1, runtime: 2, syntax: 3, memory: 4, handler: 5 } as const

export const HookMask = { line: 1 << 2, count: 1 << 3 } as const

export const Collect = { stop: 0, restart: 1, collect: 2, count: 3, countBytes: 4, step: 5 } as const
