/** The library `cjson`, as Redis has it: version 2.1.0, with all settings. `cjson.new` makes a second one with its own. */

import { upvalueIndex } from '../lua/api.js'
import type { LuaMachine } from '../lua/machine.js'
import { JsonDecoder } from './json-decoder.js'
import { JsonEncoder } from './json-encoder.js'
import { JsonSettings, settingFunctions } from './json-settings.js'
import { type Library, NULL_POINTER, pushLibrary } from './library.js'

export function jsonLibrary(machine: LuaMachine): Library {
  const all = [new JsonSettings()]
  const encoder = new JsonEncoder(machine, all[0]!)
  const decoder = new JsonDecoder(machine, all[0]!)
  const settingsOf = (L: number): JsonSettings => all[machine.api.lua_tonumber(L, upvalueIndex(1))]!
  let own: ReadonlyMap<string, number> = new Map()
  const values = { null: NULL_POINTER, _NAME: 'cjson', _VERSION: '2.1.0' } as const
  const library: Library = {
    functions: {
      encode: (L) => encoder.encode(L, settingsOf(L)),
      decode: (L) => decoder.decode(L, settingsOf(L)),
      new(L) {
        const upvalue = all.push(new JsonSettings()) - 1
        pushLibrary(machine, L, { ...library, upvalue }, own)
        return 1
      },
      ...settingFunctions(machine, settingsOf),
    },
    values,
    upvalue: 0,
    installed: (numbers) => void (own = numbers),
  }
  return library
}
