/**
 * The executor: takes a request from a session, decides whether it may run, runs it, and accounts for it.
 *
 * In the usual case admission is one test: the bits of the store's state that concern the command, and the bits of the
 * client's gate, are all zero. Whatever is unusual (a transaction, a pause, no password given yet, memory over its limit)
 * takes the long way through `admit`.
 */

import { assert } from '../base/assert.js'
import { equalsIgnoreCase, latin1 } from '../base/bytes.js'
import type { Clock } from '../base/environment.js'
import type { Keyspace } from '../keyspace/keyspace.js'
import { ErrorReply, PREVIEW_ARGS_MAX } from '../protocol/errors.js'
import { Call, Propagation } from './call.js'
import { type Client, ClientFlag, Gate, isLocalClient } from './client.js'
import { type CommandSpec, Flag, State } from './command.js'
import type { Effects } from './effects.js'
import { CommandCounter, type CommandRegistry } from './registry.js'
import { Stat } from './statistics.js'
import type { Store } from './store.js'
import { Suspension } from './suspension.js'
import type { QueuedCommand } from './transaction.js'

/** Told of calls that took long enough (slow log, latency monitor). */
export interface CallObserver {
  /** Calls faster than this need not be shown to it, in microseconds; Infinity for none. */
  readonly thresholdUs: number
  observe(call: Call, durationUs: number): void
}

/** Told of every call while somebody monitors. */
export interface CallMonitor {
  feed(call: Call): void
}

/** Commands nested in one another at most: a command, EXEC's, a script's. */
const DEPTH_MAX = 4
const CUT_OFF_LOG_INTERVAL_MS = 60_000
/** The wall clock is read no more often than this; in between, the monotonic clock says how far it has moved. */
const WALL_CLOCK_US = 1000
/** Calls of one constant-time command in a row that share one reading of the clock. */
const GROUP_CALLS_MAX = 16
/** One direct call of a constant-time command in so many is timed. */
const DIRECT_CALLS_SAMPLED = 16
/** Calls are timed one by one when an observer wants to see ones as fast as this, in microseconds. */
const GROUP_THRESHOLD_US = 1000

export class Executor {
  readonly store: Store
  /** Watches calls; read through `updateThreshold`. */
  readonly observers: CallObserver[]
  monitor: CallMonitor | undefined
  tracksLatency: boolean
  /** Memory of the requests that all clients' transactions have queued. */
  queuedBytes: number
  /** Depth of nesting: 0 when idle. */
  depth: number
  /** Commands that have been put aside in mid-run. */
  readonly suspension: Suspension
  private readonly clock: Clock
  private readonly keyspace: Keyspace
  private readonly registry: CommandRegistry
  private readonly effects: Effects
  private readonly calls: Call[]
  private readonly counters: Float64Array
  private readonly statistics: Float64Array
  private readonly errors: Map<string, number>
  private observeFromUs: number
  /** The command of the calls that ran since `markUs`, and how many there were. */
  private groupCommand: CommandSpec | undefined
  private groupCalls: number
  private lastCommand: CommandSpec | undefined
  /** Monotonic microseconds up to which time has been attributed. */
  private markUs: number
  /** Wall-clock ms when it was last read, and the monotonic microseconds of that moment. */
  private wallMs: number
  private wallMarkUs: number
  /** See `executeDirect`: what was timed last, how long it took, and for how many more calls that will do. */
  private sampledCommand: CommandSpec | undefined
  private sampleUs: number
  private untimedCalls: number
  /** The same for commands within others, see `nestedUs`. */
  private nestedCommand: CommandSpec | undefined
  private nestedSampleUs: number
  private untimedNested: number
  private cutOffLoggedMs: number
  /** See `runAgain`. */
  private isRunningAgain: boolean
  private carriedUs: number

  constructor(store: Store) {
    this.store = store
    this.observers = []
    this.monitor = undefined
    this.tracksLatency = true
    this.queuedBytes = 0
    this.depth = 0
    this.suspension = new Suspension(this)
    this.clock = store.environment.clock
    this.keyspace = store.keyspace
    this.registry = store.registry
    this.effects = store.effects
    this.calls = []
    this.counters = store.registry.counters
    this.statistics = store.statistics
    this.errors = new Map()
    this.observeFromUs = Infinity
    this.groupCommand = undefined
    this.groupCalls = 0
    this.lastCommand = undefined
    this.markUs = 0
    this.wallMs = 0
    this.wallMarkUs = -Infinity
    this.sampledCommand = undefined
    this.sampleUs = 0
    this.untimedCalls = 0
    this.nestedCommand = undefined
    this.nestedSampleUs = 0
    this.untimedNested = 0
    this.cutOffLoggedMs = -Infinity
    this.isRunningAgain = false
    this.carriedUs = 0
  }

  get isRunning(): boolean {
    return this.depth !== 0
  }

  /** The innermost call at work; for the crash report. */
  get currentCall(): Call | undefined {
    return this.depth === 0 ? undefined : this.calls[this.depth - 1]
  }

  /** Error replies by code, for INFO's errorstats. */
  get errorCounts(): ReadonlyMap<string, number> {
    return this.errors
  }

  resetErrorCounts(): void {
    this.errors.clear()
  }

  /** Recomputes from which duration on observers are asked; call when a threshold changes. */
  updateThreshold(): void {
    this.observeFromUs = Infinity
    for (const observer of this.observers) this.observeFromUs = Math.min(this.observeFromUs, observer.thresholdUs)
  }

  /** Reads the clocks: before the requests of one read are run, and before background work. */
  beginBatch(): void {
    if (this.groupCalls !== 0) this.closeGroup()
    const nowUs = this.clock.monotonicUs()
    this.markUs = nowUs
    if (nowUs - this.wallMarkUs > WALL_CLOCK_US || nowUs < this.wallMarkUs) {
      this.wallMarkUs = nowUs
      this.wallMs = this.clock.nowMs()
    }
    this.setCommandTime(nowUs)
  }

  /**
   * Runs one request of a session and writes its reply. After it the caller looks at the client's gate: closing, blocked or
   * postponed clients get no further request (a postponed one gets this one again later).
   */
  execute(client: Client, bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    // Pipelines repeat: the last command is tried before the table.
    let command = this.lastCommand
    if (command === undefined || !equalsIgnoreCase(bytes, starts[0]!, ends[0]!, command.nameBytes)) {
      command = this.registry.find(bytes, starts[0]!, ends[0]!)
      if (command === undefined) return this.rejectUnknown(client, bytes, starts, ends, argc)
      this.lastCommand = command
    }
    if (command.subcommands !== undefined && argc > 1) {
      const child = this.registry.findSubcommand(command, bytes, starts[1]!, ends[1]!)
      if (child === undefined) return this.rejectSubcommand(client, command, latin1(bytes, starts[1]!, ends[1]!))
      command = child
    }
    const arity = command.arity
    if (arity > 0 ? argc !== arity : argc < -arity) {
      client.lastCommand = command
      return this.reject(client, command, ErrorReply.wrongArity(command.fullName))
    }
    if ((this.store.state & command.concerns) !== 0 || client.gate !== 0 || (command.flags & Flag.protected) !== 0) {
      this.executeGated(client, command, bytes, starts, ends, argc)
    } else {
      if (client.lastCommand !== command) client.lastCommand = command
      this.run(client, command, bytes, starts, ends, argc)
    }
    if (this.store.blocking.hasReady) this.store.blocking.serve()
  }

  /**
   * Runs a command again whose client waited inside it. Monitors have seen it before.
   *
   * @param spentUs  how long it ran before it waited, which counts as part of its time
   */
  runAgain(client: Client, { command, bytes, starts, ends, argc }: QueuedCommand, spentUs: number): void {
    this.isRunningAgain = true
    this.carriedUs = spentUs
    if ((this.store.state & command.concerns) === 0 && client.gate === 0)
      this.run(client, command, bytes, starts, ends, argc)
    else this.executeGated(client, command, bytes, starts, ends, argc)
    this.isRunningAgain = false
    this.carriedUs = 0
  }

  /** Accounts for a command that ended while its client waited inside it: its time was over, or somebody ended the wait. */
  endWaiting(
    client: Client,
    { command, bytes, starts, ends, argc }: QueuedCommand,
    spentUs: number,
    hasFailed: boolean,
  ): void {
    const call = this.preparedCall(this.depth, client, command, bytes, starts, ends, argc)
    call.hasFailed = hasFailed
    this.count(call, spentUs)
  }

  /**
   * Runs one request of a caller within the process, as a batch of its own. Such calls may come by the million, each with other
   * work before and after it: to look at the clock twice for each would be a fifth of their cost. So of constant-time commands
   * that follow one another, one in DIRECT_CALLS_SAMPLED is timed and stands for the rest.
   */
  executeDirect(client: Client, bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    this.beginBatch()
    const startUs = this.markUs
    this.execute(client, bytes, starts, ends, argc)
    if (this.groupCalls === 0) return // timed by itself
    const command = this.groupCommand
    if (this.untimedCalls !== 0 && command === this.sampledCommand) {
      this.untimedCalls--
      return this.attributeGroup(this.sampleUs)
    }
    this.closeGroup()
    this.sampledCommand = command
    this.sampleUs = this.markUs - startUs
    this.untimedCalls = DIRECT_CALLS_SAMPLED - 1
  }

  /** Attributes the time since the last reading of the clock; call it at the end of a batch. */
  endBatch(): void {
    if (this.groupCalls !== 0) this.closeGroup()
  }

  /** Runs a command at one more level of nesting, with admission done by the caller. */
  run(
    client: Client,
    command: CommandSpec,
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    argc: number,
  ): void {
    const { keyspace, store } = this
    const isGrouped = command.isConstantTime && this.observeFromUs >= GROUP_THRESHOLD_US && this.depth === 0
    if (this.groupCalls !== 0 && (!isGrouped || command !== this.groupCommand)) this.closeGroup()
    const call = this.callAt(this.depth, client, command)
    // Comparing costs less than the write barrier of a store that changes nothing.
    if (call.command !== command) call.command = command
    if (call.client !== client) call.client = client
    if (call.reply !== client.reply) call.reply = client.reply
    if (call.database !== client.database) call.database = client.database
    if (call.bytes !== bytes) call.bytes = bytes
    if (call.starts !== starts) call.starts = starts
    if (call.ends !== ends) call.ends = ends
    call.argc = argc
    call.nowMs = keyspace.nowMs
    call.hasFailed = false
    call.propagation = Propagation.asSent
    const writesBefore = keyspace.writes
    const dirtyBefore = store.dirty
    const expiredBefore = keyspace.statistics[EXPIRED]!
    const startUs = this.markUs
    this.depth++
    command.run!(call)
    this.depth--
    if (this.suspension.isUnwinding) return this.suspension.putAside(call, startUs, dirtyBefore)
    if (keyspace.writes !== writesBefore) {
      if ((command.flags & (Flag.write | Flag.mayReplicate | Flag.protected)) === 0) {
        // A reading command may delete what time has passed by, and nothing else (but DEBUG may). EXEC's commands have been
        // looked at one by one.
        assert(
          command.name === 'EXEC' || keyspace.writes - writesBefore <= keyspace.statistics[EXPIRED]! - expiredBefore,
        )
      }
      if ((store.state & State.memoryLimited) !== 0) store.memoryLimit.check()
    }
    if (this.effects.isActive) this.propagate(call, store.dirty !== dirtyBefore)
    if (!isGrouped) return this.account(call, startUs)
    this.groupCommand = command
    if (call.hasFailed) this.counters[command.id * CommandCounter.count + CommandCounter.failed]!++
    if (this.monitor !== undefined && (command.flags & (Flag.skipMonitor | Flag.admin)) === 0) this.monitor.feed(call)
    if (++this.groupCalls === GROUP_CALLS_MAX) this.closeGroup()
  }

  /**
   * Goes on with a command that was put aside in mid-run; false when it has been put aside again.
   *
   * @param startUs      when it began, in microseconds
   * @param dirtyBefore  changes that had been counted then
   */
  goOn(
    client: Client, { command, bytes, starts, ends, argc }: QueuedCommand, depth: number, startUs: number, dirtyBefore: number,
    run: (call: Call) => void,
  ): boolean {
    const call = this.preparedCall(depth, client, command, bytes, starts, ends, argc)
    this.depth = depth + 1
    run(call)
    this.depth = depth
    if (this.suspension.isUnwinding) return false
    if ((this.store.state & State.memoryLimited) !== 0) this.store.memoryLimit.check()
    if (this.effects.isActive) this.propagate(call, this.store.dirty !== dirtyBefore)
    this.account(call, startUs)
    return true
  } // prettier-ignore

  /** Runs what a transaction has queued; the time stands still meanwhile. */
  runQueued(client: Client, queued: QueuedCommand): void {
    this.run(client, queued.command, queued.bytes, queued.starts, queued.ends, queued.argc)
  }

  /**
   * Runs a command out of the append-only file. It was admitted, counted and shown when it first ran, so now it is not. (Commands
   * within EXEC are counted.)
   *
   * @returns false when it replied with an error
   */
  replay(
    client: Client, command: CommandSpec,
    bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
  ): boolean {
    const call = this.preparedCall(this.depth, client, command, bytes, starts, ends, argc)
    call.propagation = Propagation.none
    this.depth++
    command.run!(call)
    this.depth--
    return !call.hasFailed
  } // prettier-ignore

  countError(error: ErrorReply): void {
    this.statistics[Stat.errorReplies]!++
    this.errors.set(error.code, (this.errors.get(error.code) ?? 0) + 1)
  }

  /** Refuses a command before it runs. */
  reject(client: Client, command: CommandSpec | undefined, error: ErrorReply): void {
    if (command !== undefined) {
      this.counters[command.id * CommandCounter.count + CommandCounter.rejected]!++
      if (command.name === 'EXEC') {
        this.discard(client)
        error = ErrorReply.execAbortBecause(error)
      }
    }
    if (client.transaction !== undefined) client.transaction.isSpoiled = true
    const mark = muteMark(client)
    client.reply.error(error)
    this.countError(error)
    finishReply(client, mark)
  }

  /** Ends a transaction without running it. */
  discard(client: Client): void {
    if (client.transaction !== undefined) this.queuedBytes -= client.transaction.memoryBytes
    client.transaction = undefined
    client.gate &= ~(Gate.inTransaction | Gate.watchedChanged)
    this.store.watches.unwatchAll(client)
  }

  /** The call of a level of nesting, for a request; `run` does the same, sparing stores that change nothing. */
  private preparedCall(
    depth: number, client: Client, command: CommandSpec,
    bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
  ): Call {
    const call = this.callAt(depth, client, command)
    call.command = command
    call.client = client
    call.reply = client.reply
    call.database = client.database
    call.bytes = bytes
    call.starts = starts
    call.ends = ends
    call.argc = argc
    call.nowMs = this.keyspace.nowMs
    call.hasFailed = false
    call.propagation = Propagation.asSent
    return call
  } // prettier-ignore

  private callAt(depth: number, client: Client, command: CommandSpec): Call {
    assert(depth < DEPTH_MAX)
    const call = this.calls[depth]
    if (call !== undefined) return call
    const created = new Call(this.store, client, command)
    this.calls.push(created)
    return created
  }

  private propagate(call: Call, hasChanged: boolean): void {
    if (call.propagation === Propagation.forced || (hasChanged && call.propagation === Propagation.asSent)) {
      if (call.command.name !== 'EXEC') {
        if (this.depth === 0 && (call.command.flags & Flag.touchesArbitraryKeys) === 0) {
          return this.effects.commitRequest(call.database.index, call.bytes, call.starts, call.ends, call.argc)
        }
        this.effects.addRequest(call.database.index, call.bytes, call.starts, call.ends, call.argc)
      }
    }
    if (this.depth === 0) this.effects.commit((call.command.flags & Flag.touchesArbitraryKeys) === 0)
  }

  /** The last reading of the clock: for a command that has just begun, when it did. */
  get beganUs(): number {
    return this.markUs
  }

  /**
   * How long a constant-time command took that ran within another, as part of a script: one in DIRECT_CALLS_SAMPLED is timed and
   * stands for those that follow.
   *
   * @returns -1 when it is to be timed by itself
   */
  private nestedUs(command: CommandSpec): number {
    if (this.untimedNested === 0 || command !== this.nestedCommand) return -1
    this.untimedNested--
    return this.nestedSampleUs
  }

  private account(call: Call, startUs: number): void {
    const { command } = call
    const isNested = this.depth !== 0 && command.isConstantTime && this.observeFromUs >= GROUP_THRESHOLD_US
    if (isNested) {
      const sampleUs = this.nestedUs(command)
      if (sampleUs >= 0) {
        this.count(call, sampleUs)
        if (this.monitor !== undefined && (command.flags & (Flag.skipMonitor | Flag.admin)) === 0)
          this.monitor.feed(call)
        return
      }
    }
    const nowUs = this.clock.monotonicUs()
    const durationUs = nowUs - startUs
    if (isNested) {
      this.nestedCommand = command
      this.nestedSampleUs = durationUs
      this.untimedNested = DIRECT_CALLS_SAMPLED - 1
    }
    this.markUs = nowUs
    const waits = (command.flags & Flag.blocking) !== 0 && this.store.blocking.isWaiting(call.client)
    if (waits) this.store.blocking.noteSpent(call.client, durationUs + this.carriedUs)
    else this.count(call, durationUs + this.carriedUs)
    if (this.monitor !== undefined && !this.isRunningAgain && (command.flags & (Flag.skipMonitor | Flag.admin)) === 0) {
      this.monitor.feed(call)
    }
    if (this.depth !== 0) return
    this.statistics[Stat.commandTimeUs]! += durationUs
    this.setCommandTime(nowUs)
  }

  /** Counts a call that has ended, and shows it to those who watch for slow ones. */
  private count(call: Call, durationUs: number): void {
    const { command } = call
    const at = command.id * CommandCounter.count
    this.counters[at]!++
    this.counters[at + CommandCounter.microseconds]! += durationUs
    if (call.hasFailed) this.counters[at + CommandCounter.failed]!++
    this.statistics[Stat.commands]!++
    if (this.tracksLatency) this.registry.recordLatency(command, durationUs, 1)
    if (durationUs >= this.observeFromUs) this.observe(call, durationUs)
  }

  /**
   * Reads the clock for the calls since its last reading and shares the time among them evenly. A group that took long enough
   * to be observed shows its last call, with all of the time: something held it up.
   */
  private closeGroup(): void {
    const nowUs = this.clock.monotonicUs()
    const durationUs = nowUs - this.markUs
    this.markUs = nowUs
    this.attributeGroup(durationUs)
    if (durationUs >= this.observeFromUs) this.observe(this.calls[0]!, durationUs)
    this.setCommandTime(nowUs)
  }

  private attributeGroup(durationUs: number): void {
    const calls = this.groupCalls
    const command = this.groupCommand!
    this.groupCalls = 0
    const at = command.id * CommandCounter.count
    this.counters[at]! += calls
    this.counters[at + CommandCounter.microseconds]! += durationUs
    this.statistics[Stat.commands]! += calls
    this.statistics[Stat.commandTimeUs]! += durationUs
    if (this.tracksLatency) this.registry.recordLatency(command, durationUs / calls, calls)
  }

  /** Sets the time that commands see, from the monotonic clock and the last reading of the other. */
  private setCommandTime(nowUs: number): void {
    this.keyspace.setTime(this.wallMs + Math.floor((nowUs - this.wallMarkUs) / 1000))
  }

  private observe(call: Call, durationUs: number): void {
    for (const observer of this.observers) if (durationUs >= observer.thresholdUs) observer.observe(call, durationUs)
  }

  private executeGated(
    client: Client, command: CommandSpec,
    bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
  ): void {
    const mark = muteMark(client)
    client.lastCommand = command
    if (this.admit(client, command)) {
      if (client.transaction !== undefined && !runsInsideMulti(command)) {
        // Once a watched key has changed nothing of it will run.
        if ((client.gate & Gate.watchedChanged) === 0) {
          const before = client.transaction.memoryBytes
          client.transaction.queue(command, bytes, starts, ends, argc)
          this.queuedBytes += client.transaction.memoryBytes - before
          if ((this.store.state & State.memoryLimited) !== 0) this.store.memoryLimit.check()
        }
        client.reply.simple('QUEUED')
      } else this.run(client, command, bytes, starts, ends, argc)
    } else if (this.monitor !== undefined && command.name === 'EXEC' && (client.gate & Gate.postponed) === 0) {
      this.showAborted(client, command, bytes, starts, ends, argc)
    }
    // Who waits inside the command gets its reply later, and is muted until then.
    if ((client.gate & (Gate.postponed | Gate.blocked)) === 0) finishReply(client, mark)
  } // prettier-ignore

  /** Monitors have seen MULTI; that the transaction is over they learn from EXEC, though it was refused. */
  private showAborted(
    client: Client, command: CommandSpec,
    bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number,
  ): void {
    const call = this.callAt(this.depth, client, command)
    call.command = command
    call.client = client
    call.bytes = bytes
    call.starts = starts
    call.ends = ends
    call.argc = argc
    this.monitor!.feed(call)
  } // prettier-ignore

  /** The long way: everything that may refuse or delay a command, in the reference's order. */
  private admit(client: Client, command: CommandSpec): boolean {
    const { store } = this
    // What clients hold may have shrunk since the last write.
    if ((store.state & State.overMemory) !== 0) store.memoryLimit.check()
    const { state } = store
    const flags = effectiveFlags(client, command)
    if ((flags & Flag.protected) !== 0 && !store.executor.allowsProtected(client, command)) {
      this.refuse(client, command, ErrorReply.protectedCommand('DEBUG', 'enable-debug-command'))
      return false
    }
    if ((client.gate & Gate.mustAuthenticate) !== 0 && (command.flags & Flag.noAuth) === 0) {
      return this.refuse(client, command, ErrorReply.noAuth)
    }
    if (client.transaction !== undefined && (command.flags & Flag.noMulti) !== 0) {
      return this.refuse(client, command, ErrorReply.notAllowedInTransaction)
    }
    if ((state & State.overMemory) !== 0 && this.refusesForMemory(client, command, flags)) {
      return this.refuse(client, command, ErrorReply.outOfMemory)
    }
    if ((state & State.diskError) !== 0 && ((flags & Flag.write) !== 0 || command.name === 'PING')) {
      const error = store.diskTrouble.error!
      if ((client.flags & ClientFlag.isInternal) === 0) return this.refuse(client, command, error)
    }
    if ((client.gate & Gate.subscribed) !== 0 && client.reply.protocol === 2 && !worksWhileSubscribed(command)) {
      return this.refuse(client, command, ErrorReply.subscriberContext(command.fullName))
    }
    if ((state & State.loading) !== 0 && (flags & Flag.loading) === 0) {
      return this.refuse(client, command, ErrorReply.loading)
    }
    if ((state & State.busyScript) !== 0 && (flags & Flag.allowBusy) === 0) {
      return this.refuse(client, command, this.suspension.busyError)
    }
    const isListener = (client.gate & (Gate.replica | Gate.monitor)) !== 0
    if (isListener && (flags & (Flag.write | Flag.readOnly | Flag.mayReplicate)) !== 0) {
      return this.refuse(client, command, ErrorReply.replicaKeyspace)
    }
    const isPaused =
      (state & State.pausedAll) !== 0 ||
      ((state & State.pausedWrites) !== 0 && (flags & (Flag.write | Flag.mayReplicate)) !== 0)
    if (isPaused && !isListener && (client.flags & ClientFlag.isInternal) === 0) {
      store.pause.hold(client)
      return false
    }
    return true
  }

  private refuse(client: Client, command: CommandSpec, error: ErrorReply): boolean {
    this.counters[command.id * CommandCounter.count + CommandCounter.rejected]!++
    if (command.name === 'EXEC') {
      this.discard(client)
      error = ErrorReply.execAbortBecause(error)
    } else if (client.transaction !== undefined) client.transaction.isSpoiled = true
    client.reply.error(error)
    this.countError(error)
    return false
  }

  private refusesForMemory(client: Client, command: CommandSpec, flags: number): boolean {
    // In a transaction queueing itself takes memory, so only what ends it is allowed.
    return (flags & Flag.denyOom) !== 0 || (client.transaction !== undefined && !endsTransaction(command))
  }

  /** DEBUG and MODULE: allowed by configuration for all, for local clients, or for nobody. */
  allowsProtected(client: Client, command: CommandSpec): boolean {
    const { values } = this.store.config
    const allowed = values[command.name === 'DEBUG' ? 'enable-debug-command' : 'enable-module-command']
    return allowed === 'yes' || (allowed === 'local' && isLocalClient(client))
  }

  private rejectUnknown(client: Client, bytes: Uint8Array, starts: Int32Array, ends: Int32Array, argc: number): void {
    const args: string[] = []
    for (let i = 1; i < argc && i <= PREVIEW_ARGS_MAX; i++) args.push(latin1(bytes, starts[i]!, ends[i]!))
    const name = latin1(bytes, starts[0]!, ends[0]!)
    client.lastCommand = undefined
    if (/^(?:post|host:)$/i.test(name)) return this.cutOff(client)
    const isToCome = this.store.notBuilt.has(name.toLowerCase())
    this.rejectMuted(client, isToCome ? ErrorReply.notBuilt(name.toLowerCase()) : ErrorReply.unknownCommand(name, args))
  }

  /**
   * Ends a connection that speaks HTTP: a browser may have been made to send a request here, with commands in its body.
   * Logged once a minute at most.
   */
  private cutOff(client: Client): void {
    const nowMs = this.keyspace.nowMs
    if (nowMs - this.cutOffLoggedMs > CUT_OFF_LOG_INTERVAL_MS) {
      this.cutOffLoggedMs = nowMs
      const from = client.port.address === '' ? '' : ` from ${client.port.address}`
      this.store.environment.log.write(
        'warning',
        `Possible SECURITY ATTACK detected: an HTTP request arrived on this port, perhaps an attempt at cross protocol ` +
          `scripting. Connection${from} aborted.`,
      )
    }
    client.port.close(false)
  }

  private rejectSubcommand(client: Client, container: CommandSpec, word: string): void {
    client.lastCommand = undefined
    const name = `${container.fullName}|${word.toLowerCase()}`
    const isToCome = this.store.notBuilt.has(name)
    this.rejectMuted(
      client,
      isToCome ? ErrorReply.notBuilt(name) : ErrorReply.unknownSubcommand(word, container.fullName),
    )
  }

  private rejectMuted(client: Client, error: ErrorReply): void {
    this.reject(client, undefined, error)
  }
}

/** Index of the counter of expired keys; see keyspace/statistics.ts. */
const EXPIRED = 2

/** Where the reply to the command that comes begins, if CLIENT REPLY mutes it; otherwise -1. */
function muteMark(client: Client): number {
  if ((client.gate & Gate.replySkipNext) !== 0) client.gate = (client.gate & ~Gate.replySkipNext) | Gate.replySkip
  return (client.gate & (Gate.replyOff | Gate.replySkip)) !== 0 ? client.reply.mark() : -1
}

/** Drops a reply that is muted, unless the command has ended that. */
function finishReply(client: Client, mark: number): void {
  if (mark < 0) return
  if ((client.gate & (Gate.replyOff | Gate.replySkip)) !== 0) client.reply.rollback(mark)
  client.gate &= ~Gate.replySkip
}

/** What a client with subscriptions may do in RESP2. */
function worksWhileSubscribed(command: CommandSpec): boolean {
  switch (command.fullName) {
    case 'ping':
    case 'subscribe':
    case 'ssubscribe':
    case 'psubscribe':
    case 'unsubscribe':
    case 'sunsubscribe':
    case 'punsubscribe':
    case 'quit':
    case 'reset':
      return true
    default:
      return false
  }
}

/** Commands that act on a transaction instead of joining it. */
function runsInsideMulti(command: CommandSpec): boolean {
  switch (command.name) {
    case 'EXEC':
    case 'DISCARD':
    case 'MULTI':
    case 'WATCH':
    case 'QUIT':
    case 'RESET':
      return command.parent === undefined
    default:
      return false
  }
}

function endsTransaction(command: CommandSpec): boolean {
  switch (command.name) {
    case 'EXEC':
    case 'DISCARD':
    case 'QUIT':
    case 'RESET':
      return command.parent === undefined
    default:
      return false
  }
}

/** EXEC counts as what it will run. */
function effectiveFlags(client: Client, command: CommandSpec): number {
  if (command.name !== 'EXEC' || client.transaction === undefined) return command.flags
  const { anyFlags, missingFlags } = client.transaction
  const inherited = anyFlags & (Flag.write | Flag.readOnly | Flag.denyOom | Flag.mayReplicate | Flag.noAsyncLoading)
  return (command.flags | inherited) & ~(missingFlags & (Flag.stale | Flag.loading))
}
