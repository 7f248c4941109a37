/** Strings that conversions need all the time, as objects of Lua that stay. */

import { Kind, REGISTRY_INDEX } from './api.js'
import type { LuaMachine } from './machine.js'

const WORDS = ['KEYS', 'ARGV', 'ok', 'err', 'double', 'big_number', 'verbatim_string', 'map', 'set', 'string', 'format',
  'source', 'line', 'ignore_error_stats_update', '__index'] as const // prettier-ignore

type Word = (typeof WORDS)[number]

export type LuaNames = Readonly<Record<Word, number>>

/** Makes the strings, and a table in the registry that keeps them. */
export function makeNames(machine: LuaMachine): LuaNames {
  const { api, main } = machine
  const names: Partial<Record<Word, number>> = {}
  api.lua_createtable(main, WORDS.length, 0)
  for (const [index, word] of WORDS.entries()) {
    machine.pushText(main, word)
    names[word] = machine.i32[(machine.top(main) - 16) >> 2]!
    api.lua_rawseti(main, -2, index + 1)
  }
  api.luaL_ref(main, REGISTRY_INDEX)
  return names as LuaNames
}

/** Pushes one of them. */
export function pushName(machine: LuaMachine, L: number, name: number): void {
  machine.pushObject(L, Kind.string, name)
}
