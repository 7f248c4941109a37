/**
 * Scripts and functions of a store: what is loaded, and the one that runs.
 *
 * Engines are made when they are first needed: a store without scripts pays nothing for them.
 *
 *     idle --- EVAL, FCALL ---> running --- busy-reply-threshold is over ---> busy: in slices, others are told so
 *                                  |                                            |       SCRIPT KILL, FUNCTION KILL
 *                                  +----------- end, error, kill --------------+---> idle
 */

import type { Call } from '../engine/call.js'
import { ClientFlag } from '../engine/client.js'
import { Flag, State } from '../engine/command.js'
import { defineService } from '../engine/services.js'
import type { Store } from '../engine/store.js'
import { STOP } from '../engine/time-events.js'
import { copyRequest } from '../engine/transaction.js'
import { ErrorReply } from '../protocol/errors.js'
import { ScriptFlag } from './flags.js'
import {
  functionKey, joinLibraries, type FunctionLibrary, LibrarySet, LOAD_TIMEOUT_MS, loadLibrary,
} from './function-libraries.js' // prettier-ignore
import { isPayload, readLibraries } from './functions-payload.js'
import { type Script, ScriptCache } from './script-cache.js'
import {
  type CompiledScript,
  type MakeEngine,
  Progress,
  type ScriptArguments,
  type ScriptEngine,
  ScriptError,
} from './script-engine.js'
import { ScriptRun } from './script-run.js'
import { ScriptSession } from './script-session.js'

/** An engine that holds more memory is given up when it has been idle for a while: what WebAssembly has taken it keeps. */
const HELD_BYTES_MAX = 64 << 20
const IDLE_MS = 1000

export interface ScriptingOptions {
  readonly makeEvalEngine: MakeEngine
  readonly makeFunctionEngine: MakeEngine
}

type MutableArguments = { -readonly [Name in keyof ScriptArguments]: ScriptArguments[Name] }

/** What FUNCTION RESTORE does with libraries that are there. */
export type RestorePolicy = 'append' | 'replace' | 'flush'

export class Scripting {
  readonly scripts: ScriptCache
  libraries: LibrarySet
  private readonly store: Store
  private readonly options: ScriptingOptions
  readonly session: ScriptSession
  private readonly args: MutableArguments
  private evalEngine: ScriptEngine | undefined
  private functionEngine: ScriptEngine | undefined
  private spareRun: ScriptRun | undefined
  private isGoingOn: boolean
  private isTrimming: boolean

  constructor(store: Store, options: ScriptingOptions) {
    this.store = store
    this.options = options
    this.scripts = new ScriptCache()
    this.libraries = new LibrarySet()
    this.session = new ScriptSession(store)
    const none = new Int32Array(0)
    this.args = { bytes: new Uint8Array(0), starts: none, ends: none, first: 3, keyCount: 0, end: 0 }
    this.evalEngine = undefined
    this.functionEngine = undefined
    this.spareRun = undefined
    this.isGoingOn = false
    this.isTrimming = false
  }

  /** The script at work; seen by others only while it is suspended. */
  get running(): ScriptRun | undefined {
    return this.session.current
  }

  /** Bytes that the scripts of EVAL, and functions, use in their engines. */
  get evalVmBytes(): number {
    return this.evalEngine?.usedBytes ?? 0
  }

  get functionVmBytes(): number {
    return this.functionEngine?.usedBytes ?? 0
  }

  // ---- Scripts ----

  /** EVAL, EVAL_RO. */
  evaluate(call: Call): void {
    const keyCount = this.keyCount(call)
    if (keyCount < 0) return
    const { bytes } = call
    const start = call.starts[1]!
    const end = call.ends[1]!
    const script = this.scripts.findBody(bytes, start, end) ?? this.add(call, bytes, start, end)
    if (script !== undefined) this.runScript(call, script, keyCount)
  }

  /** EVALSHA, EVALSHA_RO. */
  evaluateSha(call: Call): void {
    if (call.length(1) !== 40) return call.fail(ErrorReply.noScript)
    const keyCount = this.keyCount(call)
    if (keyCount < 0) return
    const script = this.scripts.findSha(call.bytes, call.starts[1]!, call.ends[1]!)
    if (script === undefined) return call.fail(ErrorReply.noScript)
    this.runScript(call, script, keyCount)
  }

  /** The script of a text, which is compiled when it is new; undefined when that fails, which has been replied. */
  load(call: Call, index: number): Script | undefined {
    const start = call.starts[index]!
    const end = call.ends[index]!
    return this.scripts.findBody(call.bytes, start, end) ?? this.add(call, call.bytes, start, end)
  }

  /** SCRIPT FLUSH: also forgets what scripts have left in their world. */
  flushScripts(): void {
    this.scripts.clear()
    this.evalEngine = undefined
  }

  // ---- Functions ----

  /** FCALL, FCALL_RO. */
  callFunction(call: Call): void {
    const found = this.libraries.functions.get(functionKey(call.bytes, call.starts[1]!, call.ends[1]!))
    if (found === undefined) return call.fail(ErrorReply.functionNotFound)
    const keyCount = call.parseInteger(2)
    if (Number.isNaN(keyCount)) return call.fail(ErrorReply.functionKeyCount)
    if (keyCount > call.argc - 3) return call.fail(ErrorReply.tooManyKeys)
    if (keyCount < 0) return call.fail(ErrorReply.keyCountNegative)
    const isReadOnlyCall = (call.command.flags & Flag.readOnly) !== 0
    if (!this.admit(call, found.flags, isReadOnlyCall)) return
    const engine = this.functions()
    if (engine === undefined) return call.fail(ErrorReply.functionNotFound)
    const run = this.begin(call, engine, found.name, found.flags, isReadOnlyCall)
    run.isEval = false
    this.start(run, found.callback, keyCount)
  }

  /** @throws ScriptError */
  loadLibrary(
    bytes: Uint8Array,
    start: number,
    end: number,
    replaces: boolean,
    timeoutMs = LOAD_TIMEOUT_MS,
  ): FunctionLibrary {
    const engine = this.functions() ?? this.makeFunctions()
    const { library, replaced } = loadLibrary(this.libraries, engine, bytes, start, end, replaces, timeoutMs)
    if (replaced !== undefined) release(engine, replaced)
    return library
  }

  removeLibrary(library: FunctionLibrary): void {
    this.libraries.remove(library)
    if (this.functionEngine !== undefined) release(this.functionEngine, library)
  }

  flushLibraries(): void {
    this.libraries = new LibrarySet()
    this.functionEngine = undefined
  }

  /** Takes the libraries of a payload in, all or none. @throws ScriptError */
  restoreLibraries(payload: Uint8Array, policy: RestorePolicy): void {
    if (!isPayload(payload)) throw new ScriptError(ErrorReply.dumpPayload.text)
    const engine = this.functions() ?? this.makeFunctions()
    const set = new LibrarySet()
    try {
      for (const code of readLibraries(payload)) loadLibrary(set, engine, code, 0, code.length, false, LOAD_TIMEOUT_MS)
      const old = policy === 'flush' ? [...this.libraries.libraries.values()] : []
      if (policy === 'flush') this.libraries = set
      else old.push(...joinLibraries(this.libraries, set, policy === 'replace'))
      for (const library of old) release(engine, library)
    } catch (error) {
      for (const library of set.libraries.values()) release(engine, library)
      throw error
    }
  }

  // ---- The script at work ----

  /** SCRIPT KILL, FUNCTION KILL; returns why not. */
  kill(isEval: boolean): ErrorReply | undefined {
    const { running } = this
    if (running === undefined) return ErrorReply.scriptNotBusy
    if ((running.call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0) {
      return ErrorReply.scriptFromPrimary
    }
    if (running.hasWritten) return ErrorReply.scriptUnkillable
    if (running.isEval !== isEval) return running.isEval ? ErrorReply.busyEval : ErrorReply.busyFunction
    running.isKilled = true
    this.store.environment.log.write('notice', 'Lua script killed by user with SCRIPT KILL.')
    return undefined
  }

  /** Milliseconds that the script at work has taken so far. */
  get runningMs(): number {
    return Math.floor((this.store.environment.clock.monotonicUs() - this.running!.startUs) / 1000)
  }

  // ---- Running ----

  private keyCount(call: Call): number {
    const count = call.integer(2)
    if (Number.isNaN(count)) return -1
    if (count > call.argc - 3) call.fail(ErrorReply.tooManyKeys)
    else if (count < 0) call.fail(ErrorReply.keyCountNegative)
    else return count
    return -1
  }

  private add(call: Call, bytes: Uint8Array, start: number, end: number): Script | undefined {
    try {
      return this.scripts.add(bytes, start, end, this.evaluator())
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error
      call.fail(ErrorReply.scriptShebang(error.message))
      return undefined
    }
  }

  private runScript(call: Call, script: Script, keyCount: number): void {
    const isReadOnlyCall = (call.command.flags & Flag.readOnly) !== 0
    if (!this.admit(call, script.flags, isReadOnlyCall)) return
    const engine = this.evaluator()
    const compiled = script.compiled ?? this.scripts.renew(script, engine)
    const run = this.begin(call, engine, script.sha, script.flags, isReadOnlyCall)
    run.isEval = true
    this.start(run, compiled, keyCount)
  }

  /** Looks at what a script has declared, and at the state of the store; replies with the reason when it may not run. */
  private admit(call: Call, flags: number, isReadOnlyCall: boolean): boolean {
    const isDeclared = (flags & ScriptFlag.undeclared) === 0
    let error = isDeclared ? this.refusal(call, flags, isReadOnlyCall) : this.staleness()
    if (this.running !== undefined) error = ErrorReply.scriptCallForbidden // scripts do not run scripts
    if (error !== undefined) call.fail(error)
    return error === undefined
  }

  private staleness(): ErrorReply | undefined {
    return (this.store.state & State.staleReplica) === 0 ? undefined : ErrorReply.primaryDown
  }

  private refusal(call: Call, flags: number, isReadOnlyCall: boolean): ErrorReply | undefined {
    const { state } = this.store
    if ((flags & ScriptFlag.noCluster) !== 0 && (state & State.clusterEnabled) !== 0) return ErrorReply.scriptNoCluster
    if ((state & State.staleReplica) !== 0 && (flags & ScriptFlag.allowStale) === 0) return ErrorReply.scriptStale
    if ((flags & ScriptFlag.noWrites) !== 0) return undefined
    const isObeyed = (call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0
    if ((state & State.readOnlyReplica) !== 0 && !isObeyed) return ErrorReply.scriptReadOnlyReplica
    if ((state & State.diskError) !== 0 && !isObeyed) return this.diskRefusal()
    if (isReadOnlyCall) return ErrorReply.scriptWriteFlag
    if ((state & State.notEnoughReplicas) !== 0 && !isObeyed) return ErrorReply.notEnoughReplicas
    const isShort = (state & State.overMemory) !== 0 && (flags & ScriptFlag.allowOom) === 0 && !isObeyed
    return isShort ? ErrorReply.scriptOutOfMemory : undefined
  }

  private diskRefusal(): ErrorReply {
    const error = this.store.diskTrouble.error!
    if (error === ErrorReply.misconfSnapshot) return ErrorReply.scriptMisconfSnapshot
    return ErrorReply.scriptMisconfAppendOnly(error.text.replace(/^Errors writing to the AOF file: /, ''))
  }

  private begin(call: Call, engine: ScriptEngine, name: string, flags: number, isReadOnlyCall: boolean): ScriptRun {
    const isDeclared = (flags & ScriptFlag.undeclared) === 0
    const isObeyed = (call.client.flags & (ClientFlag.isInternal | ClientFlag.isPrimary)) !== 0
    const run = this.spareRun ?? new ScriptRun(call, engine)
    this.spareRun = undefined
    run.name = name
    run.call = call
    run.engine = engine
    run.isReadOnly = isReadOnlyCall || (isDeclared && (flags & ScriptFlag.noWrites) !== 0)
    run.allowsOom = isObeyed || (isDeclared && (flags & ScriptFlag.allowOom) !== 0)
    run.beganOverMemory = (this.store.state & State.overMemory) !== 0
    run.hasWritten = false
    run.isSlow = false
    run.isKilled = false
    run.startUs = this.store.executor.beganUs
    run.request = undefined
    this.session.begin(run)
    return run
  }

  private start(run: ScriptRun, script: CompiledScript, keyCount: number): void {
    const { args } = this
    const { call } = run
    call.propagateNothing()
    args.bytes = call.bytes
    args.starts = call.starts
    args.ends = call.ends
    args.keyCount = keyCount
    args.end = call.argc
    // The log, say, is not to run into a pause: sessions of the store itself, such as the file's, wait for their replies.
    this.session.mayPause = (call.client.flags & ClientFlag.isInternal) === 0
    this.follow(run, run.engine.start(script, args, run))
  }

  private follow(run: ScriptRun, progress: number): void {
    if (progress === Progress.done) this.finish(run)
    else this.putAside(run)
  }

  private finish(run: ScriptRun): void {
    this.session.end()
    this.spareRun = run
    const { engine } = run
    if (engine.isLost) this.giveUp(engine)
    else if (engine === this.evalEngine && engine.heldBytes > HELD_BYTES_MAX) this.trimLater()
  }

  // ---- Busy scripts ----

  private putAside(run: ScriptRun): void {
    const { executor, environment } = this.store
    const { suspension } = executor
    const { call } = run
    run.request ??= copyRequest(call.command, call.bytes, call.starts, call.ends, call.argc)
    suspension.busyError = run.isEval ? ErrorReply.busyEval : ErrorReply.busyFunction
    suspension.suspend((later) => this.goOn(run, later))
    if (call.client.port.kind === 'direct') call.client.onUnblock = () => this.runToEnd(run)
    if (!this.isGoingOn) environment.timers.soon(() => this.runSlice(run))
  }

  /** Continues with the script, as the command that is taken up again. */
  private goOn(run: ScriptRun, call: Call): void {
    run.call = call
    call.propagateNothing()
    this.session.beginSlice(run)
    this.follow(run, run.engine.resume(run))
  }

  private runSlice(run: ScriptRun): void {
    if (this.running !== run || this.isGoingOn) return
    this.isGoingOn = true
    const hasEnded = this.store.executor.suspension.goOn()
    this.isGoingOn = false
    if (hasEnded) run.call.client.onUnblock = undefined
    // In a transaction the next script may be suspended as soon as this one has ended.
    else this.runNextSlice()
  }

  /** What has been put aside may be another command: whoever did that goes on with it. */
  private runNextSlice(): void {
    const { running, store } = this
    if (running !== undefined) store.environment.timers.soon(() => this.runSlice(running))
  }

  /** A caller within the process cannot wait: the script goes on to its end at once. */
  private runToEnd(run: ScriptRun): void {
    const { client } = run.call
    client.onUnblock = undefined
    this.session.mayPause = false
    while (!this.store.executor.suspension.goOn()) this.session.mayPause = false
  }

  // ---- Engines ----

  private evaluator(): ScriptEngine {
    if (this.evalEngine === undefined || this.evalEngine.isLost) {
      this.scripts.forgetCompiled()
      this.evalEngine = this.options.makeEvalEngine(this.session)
    }
    return this.evalEngine
  }

  private functions(): ScriptEngine | undefined {
    if (this.functionEngine?.isLost === true) this.functionEngine = undefined
    if (this.functionEngine === undefined && this.libraries.libraries.size !== 0) this.reloadLibraries()
    return this.functionEngine
  }

  private makeFunctions(): ScriptEngine {
    this.functionEngine = this.options.makeFunctionEngine(this.session)
    return this.functionEngine
  }

  /** Loads all libraries into a new engine: the old one has failed. What functions kept between calls is lost. */
  private reloadLibraries(): void {
    const codes = [...this.libraries.libraries.values()].map(({ code }) => code)
    const engine = this.makeFunctions()
    this.libraries = new LibrarySet()
    for (const code of codes) loadLibrary(this.libraries, engine, code, 0, code.length, true, 0)
  }

  private giveUp(engine: ScriptEngine): void {
    this.store.environment.log.write('warning', 'The Lua engine ran out of memory or stack and is set up anew')
    if (engine === this.evalEngine) this.evalEngine = undefined
    if (engine === this.functionEngine) this.functionEngine = undefined
  }

  private trimLater(): void {
    if (this.isTrimming) return
    this.isTrimming = true
    this.store.timeEvents.add('lua memory', IDLE_MS, () => {
      this.isTrimming = false
      if (this.running === undefined) this.evalEngine = undefined
      else this.trimLater()
      return STOP
    })
  }
}

export const scripting = defineService<Scripting>('scripting')

function release(engine: ScriptEngine, { functions }: FunctionLibrary): void {
  for (const { callback } of functions) engine.release(callback)
}
