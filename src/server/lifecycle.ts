/**
 * How the server ends: by SHUTDOWN or a signal in an orderly way, or by a crash with a report.
 *
 * A signal only takes note; the next background round acts on it, and until then SHUTDOWN ABORT can take it back. An orderly
 * end sends what has been answered, closes the listeners, and removes the pid file and the socket file.
 */

import type { Environment } from '../base/environment.js'
import { AssertionError } from '../base/assert.js'
import { State } from '../engine/command.js'
import {
  type CrashKind,
  type ListenerFacts,
  randomId,
  type ServerControl,
  type ShutdownRequest,
} from '../engine/server-control.js'
import type { Store } from '../engine/store.js'
import { STOP } from '../engine/time-events.js'
import { appendOnlyFile } from '../persistence/aof/append-only-file.js'
import { type Saves, saves } from '../persistence/snapshot/saves.js'
import type { Server } from './server.js'

/** What the lifecycle does to the process; the program supplies it, tests their own. */
export interface ProcessPort {
  exit(status: number): never
  removeFile(path: string): void
  /** A service manager wants to know that the end has begun. */
  tellSupervisor(): void
}

export type StopSignal = 'SIGTERM' | 'SIGINT'

const RETRY_MS = 10
/** Everybody waits for the final snapshot, however long it takes. */
const FINAL_SAVE_MS_MAX = 86_400_000

export class Lifecycle implements ServerControl {
  readonly runId: string
  readonly supervisor: ServerControl['supervisor']
  shutdownDeadlineMs: number
  private readonly store: Store
  private readonly server: Server
  private readonly port: ProcessPort
  private readonly environment: Environment
  private requested: StopSignal | undefined
  private isEnding: boolean
  /** Where the final snapshot was saved. */
  private finalSaves: Saves | undefined
  /** Gives the final snapshot up that is being written in slices. */
  private abandonSave: (() => void) | undefined

  constructor(store: Store, server: Server, port: ProcessPort, supervisor: ServerControl['supervisor']) {
    this.store = store
    this.server = server
    this.port = port
    this.environment = store.environment
    this.supervisor = supervisor
    this.runId = randomId(store.environment.random)
    this.shutdownDeadlineMs = 0
    this.requested = undefined
    this.isEnding = false
    this.finalSaves = undefined
    this.abandonSave = undefined
  }

  get listeners(): readonly ListenerFacts[] {
    return this.server.listeners
  }

  /** A signal asks to stop. */
  signalled(signal: StopSignal): void {
    if (this.requested !== undefined && signal === 'SIGINT') {
      this.log('warning', 'You insist... exiting now.')
      this.abandonSave?.()
      this.port.exit(1)
    }
    if ((this.store.state & State.loading) !== 0) {
      this.log('warning', 'Received shutdown signal during loading, exiting now.')
      this.port.exit(0)
    }
    this.log('warning', `Received ${signal} scheduling shutdown...`)
    if (this.requested === undefined) this.store.timeEvents.add('shutdown', 0, () => this.actOnSignal())
    this.requested = signal
  }

  shutdown(request: ShutdownRequest): string | undefined {
    if (this.isEnding) return undefined
    this.log('notice', 'User requested shutdown...')
    const refusal = this.refusesToLoseLog(request) ?? this.refusesToLoseData(request)
    if (refusal === undefined) this.beginEnd()
    else this.noteRefusal()
    return refusal
  }

  abortShutdown(): boolean {
    if (this.requested === undefined) return false
    this.requested = undefined
    this.abandonSave?.()
    this.abandonSave = undefined
    this.store.pause.end('shutdown')
    this.log('notice', 'Shutdown manually aborted.')
    return true
  }

  crash(kind: CrashKind): never {
    throw new AssertionError(CRASH_TEXTS[kind])
  }

  exit(status: number): never {
    return this.port.exit(status)
  }

  private actOnSignal(): number {
    if (this.requested === undefined) return STOP
    if (this.store.isCronPaused) return RETRY_MS
    const { values } = this.store.config
    const options = this.requested === 'SIGINT' ? values['shutdown-on-sigint'] : values['shutdown-on-sigterm']
    const asked = options.includes('save') ? true : options.includes('nosave') ? false : undefined
    this.shutdownInSlices({ saves: asked, isNow: options.includes('now'), isForced: options.includes('force') })
    return STOP
  }

  /** As `shutdown`, but another signal can still end the process at once while the final snapshot is written. */
  private shutdownInSlices(request: ShutdownRequest): void {
    if (this.isEnding) return
    this.log('notice', 'User requested shutdown...')
    if (this.refusesToLoseLog(request) !== undefined) return this.stayUp()
    this.cancelSave()
    const service = this.savesToMake(request.saves)
    if (service === undefined) return this.beginEnd()
    this.log('notice', 'Saving the final RDB snapshot before exiting.')
    const { environment, pause, services } = this.store
    if (services.has(appendOnlyFile)) services.get(appendOnlyFile).stopRewriting()
    pause.start('shutdown', environment.clock.nowMs() + FINAL_SAVE_MS_MAX, true)
    this.abandonSave = service.saveInSlices((isSaved) => this.finalSaveEnded(service, isSaved, request))
  }

  private finalSaveEnded(service: Saves, isSaved: boolean, { isForced }: ShutdownRequest): void {
    this.abandonSave = undefined
    if (isSaved) this.finalSaves = service
    else this.noteFailedSave(isForced)
    if (isSaved || isForced) return this.beginEnd()
    this.store.pause.end('shutdown')
    this.stayUp()
  }

  private stayUp(): void {
    this.requested = undefined
    this.noteRefusal()
  }

  private noteRefusal(): void {
    this.log('warning', 'Errors trying to shut down the server. Check the logs for more information.')
  }

  private noteFailedSave(isForced: boolean): void {
    this.log('warning', `Error trying to save the DB${isForced ? '. Exit anyway.' : ", can't exit."}`)
  }

  private beginEnd(): void {
    this.isEnding = true
    this.port.tellSupervisor()
    // Replies of this turn go out first.
    this.environment.timers.atTurnEnd(() => this.finish())
  }

  /** Where snapshots are saved, if they are to be saved at the end. What is half loaded must not replace the file it comes from. */
  private savesToMake(asked: boolean | undefined): Saves | undefined {
    const { services, state } = this.store
    if (!services.has(saves) || (state & State.loading) !== 0) return undefined
    const service = services.get(saves)
    return (asked ?? service.hasSavePoints) ? service : undefined
  }

  private cancelSave(): void {
    const { services } = this.store
    if (!services.has(saves) || !services.get(saves).isRunning) return
    this.log('warning', 'There is a child saving an .rdb. Killing it!')
    services.get(saves).cancel()
  }

  /** The first base of the append-only file is being written: without it there is nothing to start from. */
  private refusesToLoseLog({ isForced }: ShutdownRequest): string | undefined {
    const { services } = this.store
    const refusal = services.has(appendOnlyFile) ? services.get(appendOnlyFile).refusesShutdown : undefined
    if (refusal === undefined) return undefined
    if (!isForced) {
      this.log('warning', refusal)
      return refusal
    }
    this.log('warning', 'Writing initial AOF. Exit anyway.')
    return undefined
  }

  /** Why the server goes on, when ending would lose what the configuration says is to be saved. */
  private refusesToLoseData({ saves: asked, isForced }: ShutdownRequest): string | undefined {
    this.cancelSave()
    const service = this.savesToMake(asked)
    if (service === undefined) return undefined
    this.log('notice', 'Saving the final RDB snapshot before exiting.')
    if (service.saveNow()) {
      this.finalSaves = service
      return undefined
    }
    this.noteFailedSave(isForced)
    return isForced ? undefined : 'Check logs.'
  }

  private finish(): never {
    const { pidfile, unixsocket } = this.store.config.values
    this.store.timeEvents.stop()
    // What others have changed later in the same turn is about to be acknowledged.
    if (this.store.dirty !== 0) this.finalSaves?.saveNow()
    // Also what commands have changed since SHUTDOWN, later in the same turn.
    if (this.store.services.has(appendOnlyFile)) this.store.services.get(appendOnlyFile).close()
    this.server.connections.flushAll()
    if (pidfile !== '') {
      this.log('notice', 'Removing the pid file.')
      this.port.removeFile(pidfile)
    }
    this.server.stopListening()
    if (unixsocket !== '') {
      this.log('notice', 'Removing the unix socket file.')
      this.port.removeFile(unixsocket)
    }
    this.log('warning', 'Redis is now ready to exit, bye bye...')
    this.port.exit(0)
  }

  private log(level: 'notice' | 'warning', message: string): void {
    this.environment.log.write(level, message)
  }
}

const CRASH_TEXTS: Readonly<Record<CrashKind, string>> = {
  segfault: 'DEBUG SEGFAULT asked for a crash',
  panic: 'called by Unit Test',
  assert: 'DEBUG ASSERT asked for a crash',
  'out of memory': 'DEBUG OOM asked for a crash',
}
