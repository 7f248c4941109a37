/** Puts scripts and functions into a store, with what INFO says about them and what files keep of them. */

import type { Store } from '../engine/store.js'
import { infoFigures } from '../introspection/info/figures.js'
import { type Libraries, libraries } from '../persistence/rdb/libraries.js'
import { readLuaBinary } from '../platform/lua-binary.js'
import { luaEngines } from '../scripting/lua/engine.js'
import { compileModule, type WasmModule } from '../scripting/lua/web-assembly.js'
import { ScriptError } from '../scripting/script-engine.js'
import { Scripting, scripting } from '../scripting/scripting.js'

/** Compiled when the first script comes, once for all stores of the process. */
const compiled: { module: WasmModule | undefined } = { module: undefined }

function luaModule(): WasmModule {
  compiled.module ??= compileModule(readLuaBinary())
  return compiled.module
}

export function provideScripting(store: Store): void {
  const service = new Scripting(store, {
    makeEvalEngine: luaEngines(luaModule, 'eval'),
    makeFunctionEngine: luaEngines(luaModule, 'function'),
  })
  store.services.provide(scripting, service)
  store.services.provide(libraries, keptLibraries(service))
  const figures = store.services.get(infoFigures)
  figures.supply('used_memory_vm_eval', () => service.evalVmBytes)
  figures.supply('used_memory_vm_functions', () => service.functionVmBytes)
  figures.supply('used_memory_scripts_eval', () => service.scripts.bytes)
  figures.supply('used_memory_functions', () => service.libraries.bytes)
  figures.supply('number_of_cached_scripts', () => service.scripts.count)
  figures.supply('number_of_functions', () => service.libraries.functions.size)
  figures.supply('number_of_libraries', () => service.libraries.libraries.size)
}

/** The libraries of a store, as files keep them. */
function keptLibraries(service: Scripting): Libraries {
  return {
    load(code, replaces) {
      try {
        service.loadLibrary(code, 0, code.length, replaces, 0)
        return undefined
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error
        return error.message
      }
    },
    codes: () => [...service.libraries.libraries.values()].map(({ code }) => code),
    clear: () => service.flushLibraries(),
  }
}
