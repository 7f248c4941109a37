/**
 * The server as a process: background, log, pid file, title, limits, signals, and the order in which it starts.
 *
 * What it logs on the way up is what tools and service managers look for.
 */

import { processTitle } from '../config/process-title.js'
import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { systemErrorText } from '../config/config-files.js'
import { serverControl } from '../engine/server-control.js'
import type { Store } from '../engine/store.js'
import type { NodeDisk } from '../platform/node-disk.js'
import type { NodeEnvironment } from '../platform/node-environment.js'
import { NodeNetwork } from '../platform/node-network.js'
import {
  exitProcess,
  isInBackground,
  isTerminal,
  onSignal,
  onUncaught,
  openFilesMax,
  printError,
  programName,
  reportReady,
  setProcessTitle,
  startInBackground,
} from '../platform/node-process.js'
import { SystemLog } from '../platform/system-log.js'
import { type BannerFacts, logo, runningLine, startingLines } from './banner.js'
import { type Crash, crashReport } from './crash-report.js'
import { Lifecycle } from './lifecycle.js'
import { loadData } from './load-data.js'
import { checkWishes } from './not-built-settings.js'
import { OomScore } from './oom-score.js'
import { openStore } from './open-store.js'
import { Server } from './server.js'
import { Supervision } from './supervision.js'

/** Descriptors that the server needs besides those of its clients. */
const RESERVED_FILES = 32
const OOM_SCORE_REFUSED = 'Failed to set current oom_score_adj. Check server logs.'
const DEFAULT_PID_FILE = '/var/run/redis.pid'
const SMALL_MEMORY_BYTES = 1024 * 1024

/** SIGABRT, sent by somebody who wants a report. For signals that the processor causes, no JavaScript can be run. */
const ABORT_SIGNAL = 6

export interface StartFacts {
  readonly hasArguments: boolean
  readonly standardInput: string
}

export class Program {
  private readonly environment: NodeEnvironment
  private readonly config: Config
  private readonly disk: NodeDisk
  private store: Store | undefined

  constructor(environment: NodeEnvironment, config: Config, disk: NodeDisk) {
    this.environment = environment
    this.config = config
    this.disk = disk
    this.store = undefined
  }

  async run(facts: StartFacts): Promise<void> {
    const { config, environment } = this
    this.openLog()
    const supervision = new Supervision(config, environment.log)
    const isBackground = config.values.daemonize && !supervision.isPresent
    if (isBackground && !isInBackground()) exitProcess((await startInBackground(facts.standardInput)) ? 0 : 1)
    onUncaught((error) => this.crash({ error }))
    this.logStart(facts.hasArguments)
    const refusedWish = checkWishes(config, (message) => this.log('warning', message))
    if (refusedWish !== undefined) this.refuse(refusedWish)
    this.fitClientsToFiles()
    const store = openStore({ environment, config })
    environment.log.role = 'M'
    this.store = store
    this.showTitle()
    this.showBanner()
    const server = new Server(store, new NodeNetwork())
    const refusal = await server.listen()
    if (refusal !== undefined) this.refuse(refusal)
    // Not before: the file of a server that has the port already must stay as it is.
    if (isBackground || config.values.pidfile !== '') this.writePidFile()
    const lifecycle = this.takeControl(store, server, supervision)
    this.listenToSettings(store)
    this.log('notice', 'Server initialized')
    if (!(await loadData(store))) exitProcess(1)
    this.logReady(lifecycle)
    supervision.ready()
    reportReady()
  }

  private log(level: 'notice' | 'warning', message: string): void {
    this.environment.log.write(level, message)
  }

  private refuse(reason: string): never {
    this.log('warning', reason)
    exitProcess(1)
  }

  // On the way up.

  private openLog(): void {
    const { log } = this.environment
    const { loglevel, logfile } = this.config.values
    log.level = loglevel
    log.role = 'C' // not yet the primary of anything, in the terms of the reference
    try {
      log.moveTo(logfile)
    } catch (error) {
      const reason = `Can't open the log file: ${systemErrorText(error)}`
      printError(new ConfigError(reason).report())
      exitProcess(1)
    }
    this.openSystemLog()
  }

  private openSystemLog(): void {
    const { log } = this.environment
    const { values } = this.config
    if (!values['syslog-enabled']) return
    log.system = new SystemLog(values['syslog-ident'], values['syslog-facility'], (reason) => {
      log.system = undefined
      this.log('warning', `The system logger cannot be reached: ${reason}`)
    })
  }

  private logStart(hasArguments: boolean): void {
    for (const line of startingLines(this.bannerFacts())) this.log('notice', line)
    if (hasArguments) this.log('notice', 'Configuration loaded')
    else {
      const hint = `In order to specify a config file use ${programName()} /path/to/redis.conf`
      this.log('warning', `Warning: no config file specified, using the default config. ${hint}`)
    }
  }

  private logReady(lifecycle: Lifecycle): void {
    const { values } = this.config
    for (const { name } of lifecycle.listeners) this.log('notice', `Ready to accept connections ${name}`)
    if (values.maxmemory > 0 && values.maxmemory < SMALL_MEMORY_BYTES) {
      this.log('warning', `WARNING: maxmemory is less than 1MB (${values.maxmemory} bytes). Is that what you want?`)
    }
  }

  private bannerFacts(): BannerFacts {
    const { values } = this.config
    const { processId, pointerBits } = this.environment.host
    const mode = values['cluster-enabled'] ? 'cluster' : 'standalone'
    return { processId, pointerBits, mode, port: values.port || values['tls-port'] }
  }

  private showBanner(): void {
    const { log } = this.environment
    const isWatched = !log.isFile && isTerminal()
    if (isWatched || this.config.values['always-show-logo']) log.raw(logo(this.bannerFacts()))
    else this.log('notice', runningLine(this.bannerFacts()))
  }

  // The process.

  /** Lowers maxclients to what the open files allow, as the reference does. */
  private fitClientsToFiles(): void {
    const { config } = this
    const wanted = config.values.maxclients
    const files = openFilesMax()
    if (files === undefined || files >= wanted + RESERVED_FILES) return
    if (files <= RESERVED_FILES) {
      this.refuse(
        `Your current 'ulimit -n' of ${files} is not enough for the server to start. ` +
          `Please increase your open file limit to at least ${wanted + RESERVED_FILES}. Exiting.`,
      )
    }
    config.assign('maxclients', files - RESERVED_FILES)
    this.log(
      'warning',
      `You requested maxclients of ${wanted} requiring at least ${wanted + RESERVED_FILES} max file descriptors.`,
    )
    this.log(
      'warning',
      `Current maximum open files is ${files}. maxclients has been reduced to ${files - RESERVED_FILES} to compensate ` +
        "for low ulimit. If you need higher maxclients increase 'ulimit -n'.",
    )
  }

  private writePidFile(): void {
    const { config } = this
    if (config.values.pidfile === '') config.assign('pidfile', DEFAULT_PID_FILE)
    try {
      this.disk.writePlainly(config.values.pidfile, `${this.environment.host.processId}\n`)
    } catch (error) {
      this.log('warning', `Failed to write PID file: ${systemErrorText(error)}`)
    }
  }

  private showTitle(): void {
    const { config } = this
    if (!config.values['set-proc-title']) return
    const title = processTitle(config.values['proc-title-template'], {
      title: programName(),
      configFile: config.configFile ?? '',
      isSentinel: config.isSentinel,
      textOf: (name) => config.text(name as Parameters<Config['text']>[0]),
    })
    if (title !== undefined) setProcessTitle(title)
  }

  private listenToSettings(store: Store): void {
    const { config, environment } = this
    const score = new OomScore(this.disk, environment.log)
    score.apply(config.values, store.isReplica)
    config.onChange(['oom-score-adj', 'oom-score-adj-values'], (values) => {
      return score.apply(values, store.isReplica) ? undefined : OOM_SCORE_REFUSED
    })
    config.onChange(['loglevel'], (values) => {
      environment.log.level = values.loglevel
      return undefined
    })
    config.onChange(['proc-title-template', 'port', 'bind', 'tls-port'], () => {
      this.showTitle()
      return undefined
    })
    config.onChange(['maxclients'], ({ maxclients }) => {
      const files = openFilesMax() ?? Infinity
      if (maxclients + RESERVED_FILES <= files) return undefined
      const possible = Math.max(1, files - RESERVED_FILES)
      return `The operating system is not able to handle the specified number of clients, try with ${possible}`
    })
  }

  // On the way down.

  private takeControl(store: Store, server: Server, supervision: Supervision): Lifecycle {
    const port = {
      exit: exitProcess,
      removeFile: (path: string) => this.removeFile(path),
      tellSupervisor: () => supervision.stopping(),
    }
    const lifecycle = new Lifecycle(store, server, port, supervision.supervisor)
    store.services.provide(serverControl, lifecycle)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, () => lifecycle.signalled(signal))
    onSignal('SIGHUP', () => {}) // a server does not end with the terminal it was started from
    onSignal('SIGABRT', () => this.crash({ signal: 'SIGABRT', number: ABORT_SIGNAL }))
    return lifecycle
  }

  private removeFile(path: string): void {
    try {
      this.disk.remove(path)
    } catch (error) {
      this.log('warning', `Error removing ${path}: ${systemErrorText(error)}`)
    }
  }

  private crash(crash: Crash): never {
    if (this.store !== undefined && this.config.values['crash-log-enabled']) {
      this.environment.log.raw(crashReport(this.store, crash))
    } else this.log('warning', `Crashed: ${'error' in crash ? String((crash.error as Error).stack) : crash.signal}`)
    exitProcess(1)
  }
}
