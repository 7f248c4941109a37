/**
 * Scripts on Lua 5.1.5 in WebAssembly.
 *
 * A script runs as a coroutine on a thread that is used again and again. Every HOOK_INSTRUCTIONS instructions the hook asks
 * the host how to go on: a script that is to pause yields from within the hook if no C function stands between it and the
 * place it was resumed from. One that is to end gets an error raised, and again after each instruction as long as it goes on.
 */

import { ErrorReply } from '../../protocol/errors.js'
import {
  type CompiledScript, type MakeEngine, Progress, type RegisteredFunction, type ScriptArguments, type ScriptCaller,
  type ScriptEngine, ScriptError,
} from '../script-engine.js' // prettier-ignore
import { Pulse, type ScriptHost } from '../script-host.js'
import { Collect, HookMask, Kind, REGISTRY_INDEX, Status } from './api.js'
import { ArgumentTable, pushArguments } from './argument-table.js'
import { findString, stringEnd, stringStart } from './heap.js'
import { LibraryLoader } from './library-loader.js'
import { compileText } from './loading.js'
import { LuaMachine, LuaPanic, TYPE } from './machine.js'
import { type LuaNames, makeNames, pushName } from './names.js'
import { RedisApi } from './redis-api.js'
import { Sandbox } from './sandbox.js'
import { errorOfText, LuaToReply } from './to-reply.js'
import type { WasmModule } from './web-assembly.js'

const HOOK_INSTRUCTIONS = 100_000
/** What all scripts together may use of memory. */
const MEMORY_BYTES_MAX = 1 << 30
const MAX_TEXT_BYTES = 100
/** Offsets in lua_Debug, and its size. */
const DEBUG_WHAT = 12
const DEBUG_SOURCE = 16
const DEBUG_LINE = 20
const DEBUG_SHORT_SOURCE = 36
const DEBUG_BYTES = 104

export interface LuaEngineOptions {
  readonly module: WasmModule
  /** Scripts of EVAL, or functions of libraries. */
  readonly kind: 'eval' | 'function'
  readonly host: ScriptHost
  readonly memoryBytesMax?: number
}

export class LuaEngine implements ScriptEngine {
  isLost: boolean
  private readonly host: ScriptHost
  private readonly machine: LuaMachine
  private readonly names: LuaNames
  private readonly redis: RedisApi
  private readonly sandbox: Sandbox
  private readonly toReply: LuaToReply
  private readonly loader: LibraryLoader
  private readonly isEval: boolean
  private readonly chunkName: number
  private readonly hook: number
  private readonly debugRecord: number
  private readonly debugWhat: number
  private thread: number
  private threadReference: number
  /** The hook has suspended the script, and those who resumed it have not noticed yet. */
  private isPausing: boolean
  private isEnding: boolean
  private readonly keys: ArgumentTable
  private readonly argv: ArgumentTable

  constructor({ module, kind, host, memoryBytesMax }: LuaEngineOptions) {
    this.isLost = false
    this.host = host
    this.isEval = kind === 'eval'
    this.machine = new LuaMachine({ module, memoryBytesMax: memoryBytesMax ?? MEMORY_BYTES_MAX })
    const { machine } = this
    this.names = makeNames(machine)
    this.redis = new RedisApi(machine, this.names, host)
    this.sandbox = new Sandbox(machine, this.redis.library(this.isEval), {
      pause: (L) => this.answerPause(L),
      check: (L) => this.answerCheck(L),
      fail: (L) => this.raiseForScript(L),
    })
    this.toReply = new LuaToReply(machine, this.names)
    this.chunkName = machine.permanentText(this.isEval ? '@user_script' : '@user_function')
    this.hook = machine.addFunctions([['hook', (L: number) => this.runHook(L)]])[0]!
    this.debugRecord = machine.api.malloc(DEBUG_BYTES)
    this.debugWhat = machine.permanentText('Sl')
    this.loader = new LibraryLoader(machine, this.redis, this.sandbox, {
      chunkName: this.chunkName,
      hook: this.hook,
      nowMs: () => host.steadyMs(),
    })
    this.thread = 0
    this.threadReference = 0
    this.isPausing = false
    this.isEnding = false
    const pushGlobals = (L: number): void => machine.pushReference(L, this.sandbox.globals)
    this.keys = new ArgumentTable(machine, pushGlobals, this.names.KEYS, this.sandbox.untouched)
    this.argv = new ArgumentTable(machine, pushGlobals, this.names.ARGV, this.sandbox.untouched)
    this.renewThread()
  }

  get usedBytes(): number {
    const { api, main } = this.machine
    return api.lua_gc(main, Collect.count, 0) * 1024 + api.lua_gc(main, Collect.countBytes, 0)
  }

  get heldBytes(): number {
    return this.machine.memoryBytes
  }

  compile(bytes: Uint8Array, start: number, end: number): CompiledScript {
    const { api, main } = this.machine
    try {
      api.lua_settop(main, 0)
      this.compileOnto(main, bytes, start, end)
      return api.luaL_ref(main, REGISTRY_INDEX) as CompiledScript
    } catch (error) {
      if (!(error instanceof ScriptError)) this.isLost = true
      throw error instanceof ScriptError ? error : new ScriptError('not enough memory')
    }
  }

  load(bytes: Uint8Array, start: number, end: number, timeoutMs: number): RegisteredFunction[] {
    try {
      return this.loader.load(bytes, start, end, timeoutMs)
    } catch (error) {
      if (!(error instanceof ScriptError)) this.isLost = true
      throw error instanceof ScriptError ? error : new ScriptError('not enough memory')
    }
  }

  release(script: CompiledScript): void {
    if (this.isLost) return
    try {
      this.machine.api.luaL_unref(this.machine.main, REGISTRY_INDEX, script)
    } catch (error) {
      if (!(error instanceof LuaPanic)) throw error
      this.isLost = true // even the list of free references may need memory
    }
  }

  start(script: CompiledScript, args: ScriptArguments, caller: ScriptCaller): number {
    const { machine, thread } = this
    const { api } = machine
    const { keyCount, first, end } = args
    this.redis.isRunning = true
    try {
      if (this.isEval) {
        this.keys.fill(thread, args, first, first + keyCount)
        this.argv.fill(thread, args, first + keyCount, end)
        machine.pushReference(thread, script)
        return this.follow(api.lua_resume(thread, 0), caller)
      }
      machine.pushReference(thread, script)
      pushArguments(machine, thread, args, first, first + keyCount)
      pushArguments(machine, thread, args, first + keyCount, end)
      return this.follow(api.lua_resume(thread, 2), caller)
    } catch (error) {
      return this.lose(error, caller)
    }
  }

  resume(caller: ScriptCaller): number {
    this.redis.isRunning = true
    try {
      return this.follow(this.machine.api.lua_resume(this.thread, 0), caller)
    } catch (error) {
      return this.lose(error, caller)
    }
  }

  // ---- Running ----

  private follow(status: number, caller: ScriptCaller): number {
    const { machine, thread } = this
    this.redis.isRunning = false
    if (status === Status.yield) {
      if (!this.isPausing) throw new LuaPanic('a script yielded')
      this.isPausing = false
      return Progress.paused
    }
    if (status === Status.ok) {
      const hasResult = machine.top(thread) > machine.base(thread)
      this.toReply.write(hasResult ? machine.base(thread) : 0, caller, this.host.protocol)
      machine.clear(thread)
    } else {
      this.fail(status, caller)
      this.recover(status === Status.memory)
    }
    this.isEnding = false
    this.sandbox.scrub()
    return Progress.done
  }

  /** The machine cannot go on: the script fails, and its machine is given up. */
  private lose(error: unknown, caller: ScriptCaller): number {
    this.isLost = true
    this.redis.isRunning = false
    // What else escapes WebAssembly is V8's: its stack is used up, or memory cannot be had.
    const isPanic = error instanceof LuaPanic || error instanceof RangeError
    if (!isPanic && !isTrap(error)) throw error
    const reason = error instanceof LuaPanic ? error.message : 'stack overflow'
    this.reject(ErrorReply.scriptRun(caller.name, reason), false, caller)
    return Progress.done
  }

  private fail(status: number, caller: ScriptCaller): void {
    const { machine, thread } = this
    const at = machine.top(thread) - 16
    if (status !== Status.runtime) {
      const reason = machine.text(thread, -1) ?? 'execution failure'
      return this.reject(ErrorReply.scriptRun(caller.name, reason.slice(0, MAX_TEXT_BYTES)), false, caller)
    }
    const { text, isCounted } = this.errorAt(at)
    this.reject(errorOfText(`${text}${this.place(caller.name)}`), isCounted, caller)
  }

  private reject(error: ErrorReply, isCounted: boolean, caller: ScriptCaller): void {
    caller.reply.error(error)
    caller.failed(error, isCounted)
  }

  /** What an error says: a table's `err`, or a general error with the value as its text. */
  private errorAt(at: number): { text: string; isCounted: boolean } {
    const { machine, names, thread } = this
    const kind = machine.i32[(at + TYPE) >> 2]!
    if (kind !== Kind.table) return { text: `ERR ${this.describe(kind, at)}`, isCounted: false }
    const table = machine.i32[at >> 2]!
    pushName(machine, thread, names.err)
    machine.api.lua_rawget(thread, -2)
    const text = machine.text(thread, -1)
    const counted = findString(machine, table, names.ignore_error_stats_update)
    const isCounted =
      counted !== 0 && machine.i32[(counted + TYPE) >> 2] === Kind.boolean && machine.i32[counted >> 2] !== 0
    return { text: text ?? 'ERR unknown error', isCounted }
  }

  private describe(kind: number, at: number): string {
    const { machine } = this
    switch (kind) {
      case Kind.string: {
        const string = machine.i32[at >> 2]!
        return machine.latin1(stringStart(string), stringEnd(machine, string))
      }
      case Kind.number:
        return machine.text(this.thread, -1)!
      case Kind.boolean:
        return machine.i32[at >> 2] === 0 ? 'false' : 'true'
      default:
        return kind === Kind.nil ? 'nil' : 'an object'
    }
  }

  /** ` script: <name>, on <source>:<line>.`: where the error on the thread was raised. */
  private place(name: string): string {
    const level = this.levelOfScript(this.thread, 0)
    return level < 0 ? '' : ` script: ${name}, on ${this.debugText(DEBUG_SOURCE)}:${this.debugLine}.`
  }

  /**
   * The level of the call that an error is reported for, which is then in the debug record: where the error was raised, or its
   * caller when that is a function of C, as all functions of the prelude are taken to be. -1 when there is none.
   */
  private levelOfScript(L: number, first: number): number {
    const { api } = this.machine
    let wasInner = false
    for (let level = first; api.lua_getstack(L, level, this.debugRecord) !== 0; level++) {
      api.lua_getinfo(L, this.debugWhat, this.debugRecord)
      const source = this.debugText(DEBUG_SOURCE)
      const isPrelude = source === '=[C]' && this.debugText(DEBUG_WHAT) !== 'C'
      const isInner = isPrelude || (source === '=[C]' && level === 0) || (wasInner && source === '=(tail call)')
      if (!isInner) return level
      wasInner = isPrelude || source === '=(tail call)'
    }
    return -1
  }

  private debugText(field: number): string {
    const { machine } = this
    return machine.cString(machine.i32[(this.debugRecord + field) >> 2]!)
  }

  private get debugLine(): number {
    return this.machine.i32[(this.debugRecord + DEBUG_LINE) >> 2]!
  }

  /** An error of the prelude, which a script is to see as one of the function it called. */
  private raiseForScript(L: number): number {
    const { machine } = this
    const isPlain = machine.argCount(L) > 1
    const isText = machine.kindOf(L, 1) === Kind.string
    machine.api.lua_settop(L, 1)
    if (isText && !isPlain && this.levelOfScript(L, 0) >= 0 && this.debugLine > 0) {
      machine.pushText(L, `${machine.cString(this.debugRecord + DEBUG_SHORT_SOURCE)}:${this.debugLine}: `)
      machine.api.lua_insert(L, 1)
      machine.api.lua_concat(L, 2)
    }
    return machine.api.lua_error(L)
  }

  private compileOnto(L: number, bytes: Uint8Array, start: number, end: number): void {
    const { machine } = this
    const at = machine.api.malloc(end - start + 1)
    if (at === 0) throw new ScriptError('not enough memory')
    machine.u8.set(bytes.subarray(start, end), at)
    const status = compileText(machine, L, at, end - start, this.chunkName)
    machine.api.free(at)
    if (status === Status.ok) return
    const message = machine.text(L, -1) ?? ''
    machine.api.lua_settop(L, 0)
    throw new ScriptError(message)
  }

  /** Makes a new thread in the place of one that has failed. What used all memory up is garbage now. */
  private recover(isMemoryShort: boolean): void {
    const { api, main } = this.machine
    try {
      if (isMemoryShort) {
        api.luaL_unref(main, REGISTRY_INDEX, this.threadReference)
        this.threadReference = 0
        api.lua_gc(main, Collect.collect, 0)
      }
      this.renewThread()
    } catch {
      this.isLost = true // the reply has been written; the next script gets a new machine
    }
  }

  private renewThread(): void {
    const { machine } = this
    const { api, main } = machine
    if (this.threadReference !== 0) api.luaL_unref(main, REGISTRY_INDEX, this.threadReference)
    this.thread = api.lua_newthread(main)
    this.threadReference = api.luaL_ref(main, REGISTRY_INDEX)
    api.lua_sethook(this.thread, this.hook, HookMask.count, HOOK_INSTRUCTIONS)
  }

  // ---- Pausing and ending ----

  private runHook(L: number): void {
    if (this.loader.isLoading) return this.loader.checkTime(L)
    if (!this.isEnding) {
      const pulse = this.host.pulse()
      if (pulse === Pulse.goOn) return
      if (pulse === Pulse.pause) {
        if (!this.machine.canYield(L)) return
        this.isPausing = true
        this.machine.api.lua_yield(L, 0)
        return
      }
      this.isEnding = true
    }
    this.machine.api.lua_sethook(L, this.hook, HookMask.line | HookMask.count, 1)
    this.end(L)
  }

  private end(L: number): never {
    this.redis.pushError(L, this.host.endReason)
    this.machine.api.lua_error(L)
    throw new LuaPanic('an error was not raised')
  }

  /** See prelude.ts. */
  private answerPause(L: number): number {
    if (!this.isPausing) return 0
    const canYield = this.machine.canYield(L)
    if (!canYield) this.isPausing = false
    this.machine.pushBoolean(L, canYield)
    return 1
  }

  private answerCheck(L: number): number {
    if (this.loader.mustEnd) this.loader.checkTime(L)
    return this.isEnding ? this.end(L) : 0
  }
}

/** V8 ended the code: memory out of bounds, unreachable. */
function isTrap(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'RuntimeError'
}

export function luaEngines(module: () => WasmModule, kind: 'eval' | 'function'): MakeEngine {
  return (host) => new LuaEngine({ module: module(), kind, host })
}
