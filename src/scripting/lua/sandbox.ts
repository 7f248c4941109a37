/**
 * The world that scripts live in: libraries of Lua without those that reach the system, those of Redis, globals that cannot
 * be changed, and functions of Lua that must not see behind that.
 *
 * Stock Lua has no read-only tables. Each table to protect (the real one) is therefore hidden behind an empty one (its
 * proxy), which scripts get to see. Functions that read or write tables without metamethods are replaced by ones that know the
 * proxies; what writes to a proxy nevertheless (table.insert) is undone when the script has ended (`scrub`).
 */

import { bitLibrary } from '../libraries/bits.js'
import { jsonLibrary } from '../libraries/json.js'
import { type Library, pushLibrary } from '../libraries/library.js'
import { messagePackLibrary } from '../libraries/message-pack.js'
import { randomFunctions, ScriptRandom } from '../libraries/random.js'
import { structLibrary } from '../libraries/struct.js'
import { ScriptError } from '../script-engine.js'
import { GLOBALS_INDEX, Kind, REGISTRY_INDEX, Status, upvalueIndex } from './api.js'
import { formatFunction } from './format.js'
import { clearTable, isUntouched, keyAt, nextPlace, nodesOf, valueAt } from './heap.js'
import { GLOBAL_INTEGERS, STRING_INTEGERS, TABLE_INTEGERS, withIntegers } from './integers.js'
import { loadFunctions } from './loading.js'
import { type LuaFunction, type LuaMachine, LuaPanic, VALUE_BYTES } from './machine.js'
import { PRELUDE } from './prelude.js'
import { toNumber } from './to-number.js'

const READ_ONLY = 'Attempt to modify a readonly table'
/** What the libraries define and scripts must not have. */
const REMOVED = ['dofile', 'loadfile', 'print', 'require', 'module', 'package', 'io', 'os', 'debug']

/** Offsets in a closure and in the prototype of a function. */
const CLOSURE_PROTOTYPE = 16
const PROTOTYPES = 16
const LINES = 20
const LINE_COUNT = 48
const PROTOTYPE_COUNT = 52

export interface SandboxFunctions {
  /** See prelude.ts. */
  readonly pause: LuaFunction
  readonly check: LuaFunction
  readonly fail: LuaFunction
}

export class Sandbox {
  /** The real globals, in the registry. */
  readonly globals: number
  /** The metatable of what scripts see as the globals, in the registry. */
  readonly globalsGuard: number
  private readonly machine: LuaMachine
  /** Real table by proxy, as addresses. */
  private readonly proxies: Map<number, number>
  private readonly proxyList: number[]
  /** The nodes of a table that has never held anything. */
  readonly untouched: number
  /** What getmetatable says about the globals, and about strings. */
  private globalsMeta: number
  private stringMeta: number

  constructor(machine: LuaMachine, redis: Library, functions: SandboxFunctions) {
    this.machine = machine
    this.proxies = new Map()
    this.proxyList = []
    this.globalsMeta = 0
    this.stringMeta = 0
    const { api, main } = machine
    for (const open of [api.luaopen_base, api.luaopen_table, api.luaopen_string, api.luaopen_math]) open(main)
    api.lua_settop(main, 0)
    api.lua_pushvalue(main, GLOBALS_INDEX)
    this.globals = api.luaL_ref(main, REGISTRY_INDEX)
    for (const name of REMOVED) this.setGlobal(name, () => machine.pushNil(main))
    this.addLibraries(redis)
    this.globalsGuard = this.guardGlobals()
    this.replaceFunctions()
    this.runPrelude(functions)
    this.guardStrings()
    this.untouched = nodesOf(machine, this.proxyList[0]!)
  }

  /** Makes what is to be read of a table under protection out of a library, and pushes it. */
  pushProtected(library: Library, isStrict: boolean): void {
    const { machine } = this
    const { api, main } = machine
    this.pushTable(library)
    if (isStrict) this.forbidMissing()
    api.lua_createtable(main, 0, 0)
    this.protectTop()
  }

  /** Sets the metatable of the table on top so that reading what is not there is an error. */
  forbidMissing(): void {
    const { machine } = this
    const { api, main } = machine
    api.lua_createtable(main, 0, 1)
    machine.pushText(main, '__index')
    this.pushFunction((L) => this.missing(L))
    api.lua_rawset(main, -3)
    api.lua_setmetatable(main, -2)
  }

  /** Undoes what a script has written into proxies. */
  scrub(): void {
    const { machine, proxyList, untouched } = this
    for (let i = 0; i < proxyList.length; i++) {
      const proxy = proxyList[i]!
      if (!isUntouched(machine, proxy, untouched) && nextPlace(machine, proxy, 0) >= 0) clearTable(machine, proxy)
    }
  }

  // ---- Building ----

  private addLibraries(redis: Library): void {
    const { machine } = this
    const libraries: readonly (readonly [string, Library])[] = [
      ['bit', bitLibrary(machine)],
      ['cjson', jsonLibrary(machine)],
      ['cmsgpack', messagePackLibrary(machine)],
      ['struct', structLibrary(machine)],
      ['redis', redis],
    ]
    for (const [name, library] of libraries) this.setGlobal(name, () => this.pushTable(library))
    const random = randomFunctions(machine, new ScriptRandom())
    for (const [name, run] of Object.entries(random)) this.setField('math', name, () => this.pushFunction(run))
  }

  /** Pushes a table of a library's functions and values. */
  private pushTable(library: Library): void {
    const { machine } = this
    const names = Object.keys(library.functions)
    const numbers = machine.addFunctions(names.map((name) => ['function', library.functions[name]!] as const))
    const byName = new Map(names.map((name, index) => [name, numbers[index]!]))
    library.installed?.(byName)
    pushLibrary(machine, machine.main, library, byName)
  }

  private pushFunction(run: LuaFunction): void {
    const [number] = this.machine.addFunctions([['function', run]])
    this.machine.api.lua_pushcclosure(this.machine.main, number!, 0)
  }

  private setGlobal(name: string, push: () => void): void {
    const { machine } = this
    const { api, main } = machine
    api.lua_rawgeti(main, REGISTRY_INDEX, this.globals)
    machine.pushText(main, name)
    push()
    api.lua_rawset(main, -3)
    api.lua_settop(main, 0)
  }

  private setField(table: string, name: string, push: () => void): void {
    const { machine } = this
    const { api, main } = machine
    this.pushGlobal(table)
    machine.pushText(main, name)
    push()
    api.lua_rawset(main, -3)
    api.lua_settop(main, 0)
  }

  private pushGlobal(name: string): void {
    const { machine } = this
    const { api, main } = machine
    api.lua_rawgeti(main, REGISTRY_INDEX, this.globals)
    machine.pushText(main, name)
    api.lua_rawget(main, -2)
    api.lua_remove(main, -2)
  }

  /** Puts an empty table in the place of the globals; from now on code is compiled to see that. */
  private guardGlobals(): number {
    const { machine } = this
    const { api, main } = machine
    api.lua_rawgeti(main, REGISTRY_INDEX, this.globals)
    this.forbidMissing()
    api.lua_createtable(main, 0, 0)
    const guard = this.protectTop()
    machine.pushText(main, '_G')
    api.lua_pushvalue(main, -2)
    api.lua_rawgeti(main, REGISTRY_INDEX, this.globals)
    api.lua_insert(main, -3)
    api.lua_rawset(main, -3)
    api.lua_settop(main, 1)
    api.lua_replace(main, GLOBALS_INDEX)
    this.globalsMeta = this.makeDecoy((L) => this.missing(L))
    return guard
  }

  /**
   * Makes the table on top a proxy of the one below, and leaves it alone on the stack.
   *
   * @returns its metatable, in the registry
   */
  private protectTop(): number {
    const { machine } = this
    const { api, main } = machine
    const top = machine.top(main)
    const proxy = machine.i32[(top - VALUE_BYTES) >> 2]!
    this.addProxy(proxy, machine.i32[(top - 2 * VALUE_BYTES) >> 2]!)
    api.lua_createtable(main, 0, 2)
    machine.pushText(main, '__index')
    api.lua_pushvalue(main, -4)
    api.lua_rawset(main, -3)
    machine.pushText(main, '__newindex')
    this.pushFunction((L) => machine.error(L, READ_ONLY))
    api.lua_rawset(main, -3)
    api.lua_pushvalue(main, -1)
    const guard = api.luaL_ref(main, REGISTRY_INDEX)
    api.lua_setmetatable(main, -2)
    api.lua_remove(main, -2)
    api.lua_pushvalue(main, -1)
    api.luaL_ref(main, REGISTRY_INDEX)
    return guard
  }

  /** A protected table that getmetatable shows in place of the real metatable; returns its address. */
  private makeDecoy(index: LuaFunction): number {
    const { machine } = this
    const { main, api } = machine
    this.pushProtected({ functions: { __index: index }, values: {} }, false)
    const address = machine.i32[(machine.top(main) - VALUE_BYTES) >> 2]!
    api.lua_settop(main, 0)
    return address
  }

  private addProxy(proxy: number, real: number): void {
    this.proxies.set(proxy, real)
    this.proxyList.push(proxy)
  }

  // ---- Functions that know the proxies ----

  private replaceFunctions(): void {
    const { machine } = this
    const { api, main } = machine
    const nativeNext = this.nativeOf('next')
    const nativeMeta = this.nativeOf('getmetatable')
    this.replace('rawset', (native) => (L) => (this.proxyAt(L, 1) ? machine.plainError(L, READ_ONLY) : native(L)))
    this.replace('setmetatable', (native) => (L) => (this.proxyAt(L, 1) ? machine.plainError(L, READ_ONLY) : native(L)))
    this.replace('rawget', (native) => (L) => {
      this.seeThrough(L)
      return native(L)
    })
    this.replace('tonumber', (native) => toNumber(machine, native))
    this.replaceField('string', 'format', (native) => formatFunction(machine, native))
    this.widenIntegers()
    const next: LuaFunction = (L) => {
      this.seeThrough(L)
      return nativeNext(L)
    }
    this.replace('getmetatable', () => (L) => this.metatable(L, nativeMeta))
    this.replace('setfenv', (native) => (L) => {
      // Threads are used again: what one script does to the globals of its thread, others must not see.
      if (machine.kindOf(L, 1) !== Kind.function && machine.api.lua_tonumber(L, 1) === 0) {
        machine.error(L, "'setfenv' cannot change environment of given object")
      }
      return native(L)
    })
    for (const [name, run] of Object.entries(loadFunctions(machine))) this.setGlobal(name, () => this.pushFunction(run))
    this.setGlobal('pairs', () => {
      this.pushGlobal('next')
      this.pushFunction(next)
      const [number] = machine.addFunctions([['function', (L: number) => this.pairs(L)]])
      api.lua_pushcclosure(main, number!, 2)
    })
    this.setGlobal('next', () => this.pushFunction(next))
  }

  private widenIntegers(): void {
    const { machine } = this
    for (const [name, integers] of Object.entries(GLOBAL_INTEGERS)) {
      this.replace(name, (native) => withIntegers(machine, native, integers))
    }
    for (const [table, functions] of Object.entries({ string: STRING_INTEGERS, table: TABLE_INTEGERS })) {
      for (const [name, integers] of Object.entries(functions)) {
        this.replaceField(table, name, (native) => withIntegers(machine, native, integers))
      }
    }
  }

  /** The function of WebAssembly behind a function of Lua's: it finds its arguments where ours found them. */
  private nativeOf(name: string): LuaFunction {
    this.pushGlobal(name)
    return this.takeNative(name)
  }

  /** The same for the function on top, and clears the stack. */
  private takeNative(name: string): LuaFunction {
    const { api, main } = this.machine
    const number = api.lua_tocfunction(main, -1)
    api.lua_settop(main, 0)
    const native = api.__indirect_function_table.get(number)
    if (native === null) throw new LuaPanic(`there is no function ${name}`)
    return native
  }

  private replace(name: string, make: (native: LuaFunction) => LuaFunction): void {
    const run = make(this.nativeOf(name))
    this.setGlobal(name, () => this.pushFunction(run))
  }

  /** Replaces a function of a library, whose table is not yet behind a proxy. */
  private replaceField(table: string, name: string, make: (native: LuaFunction) => LuaFunction): void {
    const { machine } = this
    this.pushGlobal(table)
    machine.pushText(machine.main, name)
    machine.api.lua_rawget(machine.main, -2)
    const run = make(this.takeNative(name))
    this.setField(table, name, () => this.pushFunction(run))
  }

  /** Whether the argument is a proxy. */
  private proxyAt(L: number, index: number): boolean {
    const { machine } = this
    return machine.kindOf(L, index) === Kind.table && this.proxies.has(machine.i32[machine.slot(L, index) >> 2]!)
  }

  /** Puts the real table in the place of a proxy that is the first argument. */
  private seeThrough(L: number): void {
    if (!this.proxyAt(L, 1)) return
    const { machine } = this
    const at = machine.slot(L, 1) >> 2
    machine.i32[at] = this.proxies.get(machine.i32[at]!)!
  }

  private pairs(L: number): number {
    const { machine } = this
    machine.api.luaL_checktype(L, 1, Kind.table)
    machine.api.lua_pushvalue(L, upvalueIndex(this.proxyAt(L, 1) ? 2 : 1))
    machine.api.lua_pushvalue(L, 1)
    machine.pushNil(L)
    return 3
  }

  private metatable(L: number, native: LuaFunction): number {
    const { machine } = this
    const kind = machine.kindOf(L, 1)
    const address = kind === Kind.table ? machine.i32[machine.slot(L, 1) >> 2]! : 0
    if (kind === Kind.string) machine.pushObject(L, Kind.table, this.stringMeta)
    else if (!this.proxies.has(address)) return native(L)
    else if (this.isGlobals(address)) machine.pushObject(L, Kind.table, this.globalsMeta)
    else machine.pushNil(L)
    return 1
  }

  private isGlobals(address: number): boolean {
    return this.proxyList[0] === address
  }

  private missing(L: number): number {
    const { machine } = this
    const name = machine.text(L, 2)
    if (name === undefined)
      return machine.error(L, 'Second argument to luaProtectedTableError must be a string or number')
    return machine.error(L, `Script attempted to access nonexistent global variable '${cString(name)}'`)
  }

  // ---- The part that is written in Lua ----

  private runPrelude({ pause, check, fail }: SandboxFunctions): void {
    const { machine } = this
    const { api, main } = machine
    const readonly: LuaFunction = (L) => machine.error(L, READ_ONLY)
    const code = machine.writeText(PRELUDE)
    const name = machine.permanentText('=[C]')
    if (api.luaL_loadbuffer(main, code, PRELUDE.length, name) !== Status.ok)
      throw new ScriptError(machine.text(main, -1) ?? '')
    this.stripLines(machine.i32[(machine.i32[machine.slot(main, 1) >> 2]! + CLOSURE_PROTOTYPE) >> 2]!)
    api.lua_rawgeti(main, REGISTRY_INDEX, this.globals)
    this.pushTable({ functions: { pause, check, fail, readonly }, values: {} })
    api.lua_createtable(main, 0, 0)
    const list = machine.i32[machine.slot(main, 4) >> 2]!
    api.lua_pushvalue(main, -1)
    api.luaL_ref(main, REGISTRY_INDEX) // keeps the proxies, and what they stand for
    if (api.lua_pcall(main, 3, 0, 0) !== Status.ok) throw new ScriptError(machine.text(main, -1) ?? '')
    for (let place = nextPlace(machine, list, 0); place >= 0; place = nextPlace(machine, list, place + 1)) {
      this.addProxy(machine.i32[keyAt(machine, list, place) >> 2]!, machine.i32[valueAt(machine, list, place) >> 2]!)
    }
    api.lua_settop(main, 0)
  }

  /** Takes the line numbers from functions: errors then say where a script called them. */
  private stripLines(prototype: number): void {
    const { i32 } = this.machine
    i32[(prototype + LINES) >> 2] = 0
    i32[(prototype + LINE_COUNT) >> 2] = 0
    const children = i32[(prototype + PROTOTYPES) >> 2]!
    const count = i32[(prototype + PROTOTYPE_COUNT) >> 2]!
    for (let i = 0; i < count; i++) this.stripLines(i32[(children >> 2) + i]!)
  }

  /** Methods of strings are looked up in the real table; what scripts see of the metatable is a protected one. */
  private guardStrings(): void {
    const { machine } = this
    const { api, main } = machine
    this.stringMeta = this.makeDecoy(() => 0)
    const real = this.proxies.get(this.stringMeta)!
    machine.pushObject(main, Kind.table, real)
    machine.pushText(main, '__index')
    this.pushGlobal('string')
    api.lua_rawset(main, -3)
    api.lua_settop(main, 0)
  }
}

function cString(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
