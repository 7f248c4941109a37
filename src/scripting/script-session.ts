/**
 * The session in which a script's commands run, and what may keep them from running.
 *
 * Commands go to the executor directly: what admission would look at has been looked at for the script as a whole, or is
 * looked at here, in the reference's order and with its words for scripts.
 */

import { equalsIgnoreCase } from '../base/bytes.js'
import type { LogLevel } from '../base/environment.js'
import { Client, ClientFlag, type ClientPort, Gate } from '../engine/client.js'
import { type CommandSpec, Flag, State } from '../engine/command.js'
import { CommandCounter } from '../engine/registry.js'
import type { Store } from '../engine/store.js'
import { ErrorReply } from '../protocol/errors.js'
import { ReplyWriter } from '../protocol/reply-writer.js'
import { Pulse, type ScriptHost } from './script-host.js'
import { ScriptRequest } from './script-request.js'
import type { ScriptRun } from './script-run.js'

/** How long a busy script runs before others get their turn. */
const SLICE_US = 5000
/** A script that is busy where it cannot be suspended is ended after so long. */
const STUCK_US_MAX = 60_000_000
const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']
const KILLED = 'ERR Script killed by user with SCRIPT KILL...'
const STUCK =
  'ERR Script ran for too long inside a callback (of sort, gsub or a metamethod), where it cannot be suspended'
const NOTHING = 0

export class ScriptSession implements ScriptHost {
  readonly request: ScriptRequest
  readonly output: ReplyWriter
  endReason: string
  /** The script at work. */
  current: ScriptRun | undefined
  /** False where a script must go on to its end without a pause. */
  mayPause: boolean
  /** DEBUG SET-DISABLE-DENY-SCRIPTS: also commands that are not for scripts. */
  runsForbidden: boolean
  private readonly store: Store
  private readonly client: Client
  private thresholdUs: number
  /** Scripts repeat: the command that was found last is tried first. */
  private lastFound: CommandSpec | undefined

  constructor(store: Store) {
    this.store = store
    this.request = new ScriptRequest()
    this.output = new ReplyWriter(store.chunkPool)
    this.endReason = KILLED
    this.current = undefined
    this.mayPause = true
    this.runsForbidden = false
    this.client = new Client(0, SCRIPT_PORT, this.output, store.keyspace.databases[0]!, store.startedMs)
    this.client.gate |= Gate.denyBlocking
    this.client.flags |= ClientFlag.script
    this.thresholdUs = 0
    this.lastFound = undefined
    const apply = (): undefined => {
      this.thresholdUs = store.config.values['busy-reply-threshold'] * 1000
      return undefined
    }
    apply()
    store.config.onChange(['busy-reply-threshold'], apply)
  }

  /** Makes the session that of a script which begins. */
  begin(run: ScriptRun): void {
    const { client } = this
    const caller = run.call.client
    if (client.database !== run.call.database) client.database = run.call.database
    if (client.user !== caller.user) client.user = caller.user
    this.output.protocol = 2
    this.endReason = KILLED
    this.current = run
  }

  end(): void {
    this.current = undefined
    this.store.effects.isMuted = false
    this.output.rewind()
  }

  // ---- What scripts ask ----

  get protocol(): 2 | 3 {
    return this.output.protocol
  }

  set protocol(protocol: 2 | 3) {
    this.output.protocol = protocol
  }

  run(): ErrorReply | undefined {
    const { bytes, starts, ends, argc } = this.request
    const command = this.find()
    if (command === undefined) return this.refuse(undefined, ErrorReply.scriptCallUnknown)
    const refusal = this.admit(command, argc)
    if (refusal !== undefined) return this.refuse(command, refusal)
    if ((command.flags & Flag.write) !== 0) this.current!.hasWritten = true
    const { client } = this
    if (client.lastCommand !== command) client.lastCommand = command
    this.store.executor.run(client, command, bytes, starts, ends, argc)
    return undefined
  }

  mayRun(): boolean | undefined {
    const command = this.find()
    if (command === undefined) return undefined
    return this.denial(command) === undefined
  }

  /** Effects go to the file and to replicas alike, or to neither; see docs/differences.md. */
  setPropagation(targets: number): void {
    this.store.effects.isMuted = targets === NOTHING
  }

  logs(level: LogLevel): boolean {
    const { loglevel } = this.store.config.values
    return loglevel !== 'nothing' && LEVELS.indexOf(level) >= LEVELS.indexOf(loglevel)
  }

  log(level: LogLevel, text: string): void {
    this.store.environment.log.write(level, text)
  }

  steadyMs(): number {
    return this.store.environment.clock.monotonicUs() / 1000
  }

  pulse(): number {
    const run = this.current
    if (run === undefined) return Pulse.goOn
    if (run.isKilled) return Pulse.end
    if (this.thresholdUs === 0) return Pulse.goOn
    const nowUs = this.store.environment.clock.monotonicUs()
    if (!run.isSlow) {
      if (nowUs - run.startUs < this.thresholdUs) return Pulse.goOn
      this.noteSlow(run, nowUs)
    }
    if (!this.mayPause || nowUs < run.sliceEndUs) return Pulse.goOn
    if (nowUs - run.sliceEndUs < STUCK_US_MAX) return Pulse.pause
    this.endReason = STUCK
    return Pulse.end
  }

  /** A slice of a busy script begins. */
  beginSlice(run: ScriptRun): void {
    run.sliceEndUs = this.store.environment.clock.monotonicUs() + SLICE_US
  }

  private noteSlow(run: ScriptRun, nowUs: number): void {
    run.isSlow = true
    run.sliceEndUs = nowUs
    const elapsedMs = Math.floor((nowUs - run.startUs) / 1000)
    this.store.environment.log.write(
      'warning',
      `Slow script detected: still in execution after ${elapsedMs} milliseconds. You can try killing the script using the ` +
        `${run.isEval ? 'SCRIPT KILL' : 'FUNCTION KILL'} command. Script name is: ${run.name}.`,
    )
  }

  // ---- Commands ----

  private find(): CommandSpec | undefined {
    const { registry } = this.store
    const { bytes, starts, ends, argc } = this.request
    let command = this.lastFound
    if (command === undefined || !equalsIgnoreCase(bytes, starts[0]!, ends[0]!, command.nameBytes)) {
      command = registry.find(bytes, starts[0]!, ends[0]!)
      this.lastFound = command
    }
    if (command?.subcommands === undefined || argc === 1) return command
    return registry.findSubcommand(command, bytes, starts[1]!, ends[1]!)
  }

  private admit({ arity, flags }: CommandSpec, argc: number): ErrorReply | undefined {
    const run = this.current!
    if (arity > 0 ? argc !== arity : argc < -arity) return ErrorReply.scriptCallArity
    if ((flags & Flag.noScript) !== 0 && !this.runsForbidden) return ErrorReply.scriptCallForbidden
    const { state } = this.store
    if ((state & State.staleReplica) !== 0 && (flags & Flag.stale) === 0) return ErrorReply.scriptCallStale
    if (run.isReadOnly && (flags & (Flag.write | Flag.mayReplicate)) !== 0) return ErrorReply.scriptCallWrite
    if (run.hasWritten) return undefined
    if ((flags & Flag.write) !== 0 && (run.call.client.flags & ClientFlag.isInternal) === 0) {
      if ((state & State.readOnlyReplica) !== 0) return ErrorReply.readOnlyReplica
      if ((state & State.diskError) !== 0) return this.store.diskTrouble.error
      if ((state & State.notEnoughReplicas) !== 0) return ErrorReply.notEnoughReplicas
    }
    const isShort = run.beganOverMemory && !run.allowsOom && (flags & Flag.denyOom) !== 0
    return isShort ? ErrorReply.outOfMemory : undefined
  }

  private denial(_command: CommandSpec): ErrorReply | undefined {
    return undefined
  }

  private refuse(command: CommandSpec | undefined, error: ErrorReply): ErrorReply {
    const { executor, registry } = this.store
    if (command !== undefined) registry.counters[command.id * CommandCounter.count + CommandCounter.rejected]!++
    executor.countError(error)
    return error
  }
}

/** Nothing arrives on it, and nothing leaves it: replies are taken from where they were written. */
const SCRIPT_PORT: ClientPort = Object.freeze({
  kind: 'internal',
  address: '',
  localAddress: '',
  descriptor: -1,
  queryBytes: 0,
  queryFreeBytes: 0,
  argumentBytes: 0,
  outputReady() {},
  resume() {},
  close() {},
})
