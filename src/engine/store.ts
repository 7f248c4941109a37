/** One store: data, sessions, time and everything that hangs off it. Several live in one process. */

import type { Environment } from '../base/environment.js'
import type { Config } from '../config/config.js'
import type { Database } from '../keyspace/database.js'
import { KeyspaceStat } from '../keyspace/statistics.js'
import { Keyspace } from '../keyspace/keyspace.js'
import { Arena } from '../memory/arena.js'
import { ChunkPool } from '../protocol/chunk-pool.js'
import type { AccessCheck } from './access-check.js'
import { Blocking } from './blocking.js'
import { Clients } from './clients.js'
import type { CommandSpec } from './command.js'
import { DiskTrouble } from './disk-trouble.js'
import { Effects } from './effects.js'
import { Executor } from './executor.js'
import { EventClass, type KeyEventListener } from './key-events.js'
import { MemoryLimit } from './memory-limit.js'
import { Pause } from './pause.js'
import { CommandRegistry } from './registry.js'
import { Services } from './services.js'
import { Stat } from './statistics.js'
import { TimeEvents } from './time-events.js'
import { WatchTable } from './watch.js'

export interface StoreOptions {
  readonly environment: Environment
  readonly config: Config
  readonly commands: readonly CommandSpec[]
  readonly access: AccessCheck
  /** Full names of commands that are to come; they answer so. */
  readonly notBuilt?: ReadonlySet<string>
  /** Fills freed memory with a pattern; for tests. */
  readonly poisonsMemory?: boolean
}

const NOTHING: ReadonlySet<string> = new Set()

export class Store {
  readonly environment: Environment
  readonly config: Config
  readonly keyspace: Keyspace
  readonly registry: CommandRegistry
  readonly executor: Executor
  readonly clients: Clients
  readonly timeEvents: TimeEvents
  readonly statistics: Float64Array
  readonly services: Services
  readonly effects: Effects
  readonly watches: WatchTable
  readonly pause: Pause
  readonly blocking: Blocking
  readonly memoryLimit: MemoryLimit
  readonly diskTrouble: DiskTrouble
  readonly access: AccessCheck
  readonly notBuilt: ReadonlySet<string>
  readonly chunkPool: ChunkPool
  /** Bits of `State` (engine/command.ts). */
  state: number
  /** Changes since the last save; what commands count with `call.changed`. */
  dirty: number
  keyEvents: KeyEventListener | undefined
  isReplica: boolean
  /** Makes what a turn has changed durable. While it is set, replies wait for the end of the turn, when it is called first. */
  beforeReplies: (() => void) | undefined
  /** Bytes of query buffers in use; set by whoever reads from clients. */
  inputMemory: () => number
  /** DEBUG PAUSE-CRON: the background rounds do nothing. */
  isCronPaused: boolean
  readonly startedMs: number

  constructor(options: StoreOptions) {
    const { environment, config } = options
    this.environment = environment
    this.config = config
    this.statistics = new Float64Array(Stat.count)
    this.services = new Services()
    this.effects = new Effects()
    this.clients = new Clients()
    this.timeEvents = new TimeEvents(environment.clock, environment.timers)
    this.chunkPool = new ChunkPool()
    this.state = 0
    this.dirty = 0
    this.keyEvents = undefined
    this.isReplica = false
    this.beforeReplies = undefined
    this.inputMemory = () => 0
    this.isCronPaused = false
    this.access = options.access
    this.notBuilt = options.notBuilt ?? NOTHING
    this.startedMs = environment.clock.nowMs()
    const arena = new Arena({ poison: options.poisonsMemory ?? false })
    this.keyspace = new Keyspace(arena, environment.random, config.values.databases)
    this.keyspace.setTime(this.startedMs)
    this.registry = new CommandRegistry(options.commands, renamedCommands(config))
    this.watches = new WatchTable(config.values.databases)
    this.executor = new Executor(this)
    this.blocking = new Blocking(this)
    this.pause = new Pause(this)
    this.memoryLimit = new MemoryLimit(this, config)
    this.diskTrouble = new DiskTrouble(this)
    this.keyspace.events = this.listenToKeyspace()
  }

  /** Bytes of the data and of the allocator's own tables. */
  /** What counts as used: the data set, and what clients make the store hold. */
  get usedMemory(): number {
    return this.keyspace.arena.usedBytes + this.keyspace.arena.records.byteLength + this.clientMemory
  }

  /** Output buffers, query buffers, queued requests and watches of all clients. */
  get clientMemory(): number {
    return this.chunkPool.takenBytes + this.inputMemory() + this.executor.queuedBytes + this.watches.memoryBytes
  }

  private listenToKeyspace(): Keyspace['events'] {
    return {
      modified: (database, bytes, start, end) => this.watches.modified(database, bytes, start, end),
      missed: (database, bytes, start, end) =>
        this.announce(EventClass.keyMiss, 'keymiss', database, bytes, start, end),
      added: (database, bytes, start, end) => this.keyAdded(database, bytes, start, end),
      removed: (database, bytes, start, end) => this.blocking.keyLost(database, bytes, start, end),
      expired: (database, bytes, start, end) => this.keyExpired(database, bytes, start, end),
      fieldsExpired: (database, bytes, start, end, fields, isGone) =>
        this.fieldsExpired(database, bytes, start, end, fields, isGone),
      flushed: (database, replacement) => this.databaseFlushed(database, replacement),
    }
  }

  private announce(
    eventClass: number, event: string, database: Database, bytes: Uint8Array, start: number, end: number,
  ): void {
    if (this.keyEvents !== undefined) this.keyEvents.keyEvent(eventClass, event, database, bytes, start, end)
  } // prettier-ignore

  private keyAdded(database: Database, bytes: Uint8Array, start: number, end: number): void {
    this.blocking.keyFed(database, bytes, start, end)
    this.announce(EventClass.newKey, 'new', database, bytes, start, end)
  }

  private databaseFlushed(database: Database, replacement: Database | undefined): void {
    this.blocking.databaseChanged(database)
    this.watches.flushed(database, replacement)
  }

  private keyExpired(database: Database, bytes: Uint8Array, start: number, end: number): void {
    if (this.effects.isActive) {
      const word = this.keyspace.lazyFreesExpired ? 'UNLINK' : 'DEL'
      this.effects.addParts(database.index, [word, bytes.slice(start, end)])
      if (!this.executor.isRunning) this.effects.commit()
    }
    this.announce(EventClass.expired, 'expired', database, bytes, start, end)
  }

  private fieldsExpired(
    database: Database, bytes: Uint8Array, start: number, end: number, fields: readonly Uint8Array[], isGone: boolean,
  ): void {
    if (this.effects.isActive) {
      this.effects.addParts(database.index, ['HDEL', bytes.slice(start, end), ...fields])
      if (!this.executor.isRunning) this.effects.commit()
    }
    this.announce(EventClass.hash, 'hexpired', database, bytes, start, end)
    if (isGone) this.announce(EventClass.generic, 'del', database, bytes, start, end)
  } // prettier-ignore

  /** Zeroes what CONFIG RESETSTAT zeroes. */
  resetStatistics(): void {
    const peakMemory = this.statistics[Stat.peakMemory]!
    this.statistics.fill(0)
    this.statistics[Stat.peakMemory] = peakMemory
    for (const index of [KeyspaceStat.hits, KeyspaceStat.misses, KeyspaceStat.expired, KeyspaceStat.expiredTimeCapReached,
      KeyspaceStat.expireCycleCpuMs, KeyspaceStat.lazyFreed, KeyspaceStat.expiredFields]) this.keyspace.statistics[index] = 0 // prettier-ignore
    this.registry.resetStatistics()
    this.executor.resetErrorCounts()
  }
}

/** What `rename-command` says, the last word for each command. */
function renamedCommands(config: Config): ReadonlyMap<string, string> {
  return new Map(config.renames.map(({ from, to }) => [from.toLowerCase(), to.toLowerCase()]))
}
