/** The world of a store within a program: its clock, its timers, its chance, its log; and its engine, opened in it. */

import type { Clock, Environment, Log, LogLevel, Random, TimerHandle, Timers } from '../base/environment.js'
import type { Config } from '../config/config.js'
import type { Store as Engine } from '../engine/store.js'
import { NodeClock, NodeRandom } from '../platform/node-clock.js'
import { NodeHost } from '../platform/node-host.js'
import { holdProcess, QuietTimers } from '../platform/quiet-timers.js'
import { openStore } from '../server/open-store.js'
import { Failure, GuardedTimers } from './failure.js'
import { configOf, copyConfig, type StoreOptions, virtualStartMs } from './options.js'
import { OpeningRandom, SeededRandom } from './seeded-random.js'
import { VirtualTime } from './virtual-time.js'

const LEVELS: readonly LogLevel[] = ['debug', 'verbose', 'notice', 'warning']

export class World {
  readonly options: StoreOptions
  readonly failure: Failure
  readonly engine: Engine
  /** Undefined when the clock is real. */
  readonly virtualTime: VirtualTime | undefined
  private readonly clock: Clock
  private readonly chance: Random
  /** What the engine drew while it opened; see OpeningRandom. */
  private readonly opening: readonly Uint8Array[]

  /** @param origin  the world of the store that this one is to be a copy of */
  constructor(options: StoreOptions, origin?: World) {
    this.options = options
    this.failure = new Failure()
    const timers = new QuietTimers()
    const startMs = origin === undefined ? virtualStartMs(options) : origin.virtualTime?.nowMs()
    this.virtualTime = startMs === undefined ? undefined : new VirtualTime(startMs, timers)
    this.clock = this.virtualTime ?? new NodeClock()
    this.chance = chanceOf(options, origin)
    const random = new OpeningRandom(this.chance, origin?.opening)
    const config = origin === undefined ? configOf(options.config ?? {}) : copyConfig(origin.engine.config)
    const environment = this.environment(timers, random, config)
    this.engine = openStore({ environment, config, poisonsMemory: options.poisonsMemory ?? false })
    this.opening = random.endOpening()
  }

  get nowMs(): number {
    return this.clock.nowMs()
  }

  /** Keeps the process from ending while a call waits, which on a virtual clock is the caller's affair. */
  hold(): TimerHandle {
    return this.virtualTime === undefined ? holdProcess() : { cancel: () => {} }
  }

  /** Chance that goes on as this world's would. */
  forkChance(): Random {
    return this.chance instanceof SeededRandom ? this.chance.fork() : new NodeRandom()
  }

  private environment(timers: Timers, random: Random, config: Config): Environment {
    return {
      clock: this.clock,
      random,
      timers: new GuardedTimers(this.virtualTime ?? timers, this.failure),
      log: logOf(this.options.log, config),
      host: new NodeHost(),
    }
  }
}

function chanceOf({ seed }: StoreOptions, origin: World | undefined): Random {
  if (origin !== undefined) return origin.forkChance()
  return seed === undefined ? new NodeRandom() : new SeededRandom(seed)
}

function logOf(receive: StoreOptions['log'], config: Config): Log {
  if (receive === undefined) return { write: () => {} }
  return {
    write(level, message) {
      const { loglevel } = config.values
      if (loglevel !== 'nothing' && LEVELS.indexOf(level) >= LEVELS.indexOf(loglevel)) receive(level, message)
    },
  }
}
