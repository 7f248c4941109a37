/** FUNCTION LOAD: runs the code of a library, which sees little more than `redis.register_function`. */

import { scriptFlag } from '../flags.js'
import { type CompiledScript, type RegisteredFunction, ScriptError } from '../script-engine.js'
import { HookMask, Kind, REGISTRY_INDEX, Status } from './api.js'
import { keyAt, nextPlace, valueAt } from './heap.js'
import { compileText } from './loading.js'
import { type LuaMachine, TYPE } from './machine.js'
import type { RedisApi } from './redis-api.js'
import type { Sandbox } from './sandbox.js'

const HOOK_INSTRUCTIONS = 100_000
const NAME = /^\w+$/

interface Registration {
  name: string | undefined
  description: string | undefined
  flags: number
  callback: number
}

export interface LoaderOptions {
  readonly chunkName: number
  readonly hook: number
  /** A clock that never runs backwards. */
  readonly nowMs: () => number
}

export class LibraryLoader {
  isLoading: boolean
  private readonly machine: LuaMachine
  private readonly redis: RedisApi
  private readonly sandbox: Sandbox
  private readonly chunkName: number
  private readonly hook: number
  private readonly nowMs: () => number
  /** The globals while loading, in the registry; made when first needed. */
  private globals: number
  private registered: RegisteredFunction[]
  private deadlineMs: number
  private isTooLate: boolean

  constructor(machine: LuaMachine, redis: RedisApi, sandbox: Sandbox, options: LoaderOptions) {
    this.isLoading = false
    this.machine = machine
    this.redis = redis
    this.sandbox = sandbox
    this.chunkName = options.chunkName
    this.hook = options.hook
    this.nowMs = options.nowMs
    this.globals = 0
    this.registered = []
    this.deadlineMs = 0
    this.isTooLate = false
  }

  /** @throws ScriptError */
  load(bytes: Uint8Array, start: number, end: number, timeoutMs: number): RegisteredFunction[] {
    const { machine } = this
    if (this.globals === 0) this.makeGlobals()
    this.registered = []
    this.isTooLate = false
    this.deadlineMs = timeoutMs === 0 ? Infinity : this.nowMs() + timeoutMs
    this.isLoading = true
    this.showGlobals(this.globals)
    try {
      this.run(bytes, start, end)
      return this.registered
    } catch (error) {
      for (const { callback } of this.registered) machine.api.luaL_unref(machine.main, REGISTRY_INDEX, callback)
      throw error
    } finally {
      this.isLoading = false
      this.showGlobals(this.sandbox.globals)
      this.sandbox.scrub()
    }
  }

  /** Called by the hook while a library is loaded. */
  checkTime(L: number): void {
    if (!this.isTooLate && this.nowMs() <= this.deadlineMs) return
    this.isTooLate = true
    this.machine.api.lua_sethook(L, this.hook, HookMask.line, 0)
    this.redis.raise(L, 'FUNCTION LOAD timeout')
  }

  /** Whether code that caught an error must get it again. */
  get mustEnd(): boolean {
    return this.isLoading && this.isTooLate
  }

  /** Runs the code on a thread of its own, whose hook watches the time. */
  private run(bytes: Uint8Array, start: number, end: number): void {
    const { machine } = this
    const { api, main } = machine
    api.lua_settop(main, 0)
    const L = api.lua_newthread(main)
    api.lua_sethook(L, this.hook, HookMask.count, HOOK_INSTRUCTIONS)
    const at = api.malloc(end - start + 1)
    if (at === 0) throw new ScriptError('Error compiling function: not enough memory')
    machine.u8.set(bytes.subarray(start, end), at)
    const status = compileText(machine, L, at, end - start, this.chunkName)
    api.free(at)
    if (status !== Status.ok) throw new ScriptError(`Error compiling function: ${machine.text(L, -1)}`)
    const outcome = api.lua_pcall(L, 0, 0, 0)
    if (outcome !== Status.ok) throw new ScriptError(`Error registering functions: ${this.describe(L)}`)
    api.lua_settop(main, 0)
  }

  private describe(L: number): string {
    const { machine } = this
    const at = machine.top(L) - 16
    if (machine.i32[(at + TYPE) >> 2] !== Kind.table) return `ERR ${machine.text(L, -1) ?? 'unknown error'}`
    machine.pushText(L, 'err')
    machine.api.lua_rawget(L, -2)
    return machine.text(L, -1) ?? 'ERR unknown error'
  }

  private makeGlobals(): void {
    const { machine, redis, sandbox } = this
    const { api, main } = machine
    api.lua_settop(main, 0)
    api.lua_createtable(main, 0, 1)
    machine.pushText(main, 'redis')
    sandbox.pushProtected(
      redis.loadingLibrary((L) => this.register(L)),
      true,
    )
    api.lua_rawset(main, -3)
    sandbox.forbidMissing()
    this.globals = api.luaL_ref(main, REGISTRY_INDEX)
  }

  /** Lets code see the table of a reference as its globals. */
  private showGlobals(reference: number): void {
    const { machine } = this
    const { api, main } = machine
    api.lua_settop(main, 0)
    api.lua_rawgeti(main, REGISTRY_INDEX, this.sandbox.globalsGuard)
    machine.pushText(main, '__index')
    api.lua_rawgeti(main, REGISTRY_INDEX, reference)
    api.lua_rawset(main, -3)
    api.lua_settop(main, 0)
  }

  // ---- redis.register_function ----

  private register(L: number): number {
    if (!this.isLoading) this.redis.raise(L, 'redis.register_function can only be called on FUNCTION LOAD command')
    const count = this.machine.argCount(L)
    if (count < 1 || count > 2) this.redis.raise(L, 'wrong number of arguments to redis.register_function')
    const { name, description, flags, callback } = count === 1 ? this.named(L) : this.positional(L)
    const fault = this.nameFault(name!)
    if (fault !== undefined) {
      this.machine.api.luaL_unref(L, REGISTRY_INDEX, callback)
      this.redis.raise(L, fault)
    }
    this.registered.push({ name: name!, description, flags, callback: callback as CompiledScript })
    return 0
  }

  private nameFault(name: string): string | undefined {
    if (!NAME.test(name)) {
      return 'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long'
    }
    const isTaken = this.registered.some((other) => other.name === name)
    return isTaken ? 'Function already exists in the library' : undefined
  }

  private positional(L: number): Registration {
    const { machine } = this
    const name = machine.text(L, 1)
    if (name === undefined) this.redis.raise(L, 'first argument to redis.register_function must be a string')
    if (machine.kindOf(L, 2) !== Kind.function) {
      this.redis.raise(L, 'second argument to redis.register_function must be a function')
    }
    return { name, description: undefined, flags: 0, callback: machine.api.luaL_ref(L, REGISTRY_INDEX) }
  }

  private named(L: number): Registration {
    const { machine } = this
    if (machine.kindOf(L, 1) !== Kind.table) {
      this.redis.raise(
        L,
        'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).',
      )
    }
    const table = machine.i32[machine.slot(L, 1) >> 2]!
    const into: Registration = { name: undefined, description: undefined, flags: 0, callback: 0 }
    let fault: string | undefined
    for (let place = nextPlace(machine, table, 0); place >= 0; place = nextPlace(machine, table, place + 1)) {
      fault = this.argument(L, this.keyText(L, table, place), valueAt(machine, table, place), into)
      if (fault !== undefined) break
    }
    if (fault === undefined && into.name === undefined) {
      fault = 'redis.register_function must get a function name argument'
    }
    if (fault === undefined && into.callback === 0) fault = 'redis.register_function must get a callback argument'
    if (fault === undefined) return into
    if (into.callback !== 0) machine.api.luaL_unref(L, REGISTRY_INDEX, into.callback)
    return this.redis.raise(L, fault)
  }

  private keyText(L: number, table: number, place: number): string | undefined {
    const { machine } = this
    const at = keyAt(machine, table, place)
    if (at === 0) return String(place + 1)
    machine.pushCopy(L, at)
    const text = machine.text(L, -1)
    machine.pop(L, 1)
    return text
  }

  /** Takes one named argument; returns what is wrong with it. */
  private argument(L: number, key: string | undefined, at: number, into: Registration): string | undefined {
    const { machine } = this
    if (key === undefined) return 'named argument key given to redis.register_function is not a string'
    machine.pushCopy(L, at)
    const kind = machine.i32[(at + TYPE) >> 2]!
    switch (key.toLowerCase()) {
      case 'function_name':
        into.name = machine.text(L, -1)
        machine.pop(L, 1)
        return into.name === undefined
          ? 'function_name argument given to redis.register_function must be a string'
          : undefined
      case 'description':
        into.description = machine.text(L, -1)
        machine.pop(L, 1)
        return into.description === undefined
          ? 'description argument given to redis.register_function must be a string'
          : undefined
      case 'callback':
        if (kind !== Kind.function) return 'callback argument given to redis.register_function must be a function'
        into.callback = machine.api.luaL_ref(L, REGISTRY_INDEX)
        return undefined
      case 'flags':
        if (kind !== Kind.table) {
          return 'flags argument to redis.register_function must be a table representing function flags'
        }
        return this.readFlags(L, into) ? undefined : 'unknown flag given'
      default:
        return 'unknown argument given to redis.register_function'
    }
  }

  /** Reads the list of flags on top. */
  private readFlags(L: number, into: Registration): boolean {
    const { machine } = this
    const { api } = machine
    for (let i = 1; ; i++) {
      machine.pushNumber(L, i)
      api.lua_gettable(L, -2)
      if (api.lua_type(L, -1) === Kind.nil) break
      const flag = scriptFlag((machine.text(L, -1) ?? '').toLowerCase())
      if (flag === 0) return false
      into.flags |= flag
      machine.pop(L, 1)
    }
    machine.pop(L, 2)
    return true
  }
}
