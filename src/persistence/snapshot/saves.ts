/**
 * RDB files: saved at once, in the background, or when enough has changed (save points).
 *
 * A file is written under a temporary name, synced, and renamed to `dbfilename`; the directory is synced after that. What is logged is
 * what tools look for.
 */

import { OperationalError } from '../../base/operational-error.js'
import { systemErrorText } from '../../config/config-files.js'
import { defineService } from '../../engine/services.js'
import type { Store } from '../../engine/store.js'
import type { ByteSink } from '../byte-sink.js'
import { rdbFileFacts } from '../rdb/save-whole.js'
import { type BackgroundWalk, startWalk, WALK_FAILED, walkNow } from './background-walk.js'
import type { SnapshotConsumer } from './consumer.js'
import { rdbConsumer } from './rdb-consumer.js'
import { type Walks, walks } from './walks.js'

/** After a failed save in the background, the next one by itself not before this. */
const RETRY_MS = 5000
const CHECK_MS = 100

export class Saves {
  /** When the data set was last on disk as a whole, ms since 1970. */
  lastSaveMs: number
  hasLastSucceeded: boolean
  /** How long the last save in the background took; -1 before the first. */
  lastSeconds: number
  /** Saves begun since the statistics were reset. */
  count: number
  /** What writes made the last save copy before its turn. */
  lastCopiedBytes: number
  /** A save in the background is to follow what is under way. */
  isScheduled: boolean
  private readonly store: Store
  private readonly walks: Walks
  private lastTryMs: number
  private dirtyBefore: number
  /** Of the save under way, until it is renamed. */
  private startedMs: number
  /** Its working directory and the name it is to get: CONFIG SET does not reach what has begun. */
  private home: string
  private target: string

  constructor(store: Store) {
    this.store = store
    this.walks = store.services.get(walks)
    this.lastSaveMs = store.startedMs
    this.hasLastSucceeded = true
    this.lastSeconds = -1
    this.count = 0
    this.lastCopiedBytes = 0
    this.isScheduled = false
    this.lastTryMs = 0
    this.dirtyBefore = 0
    this.startedMs = -1
    this.home = ''
    this.target = ''
    this.removeLeftovers()
    store.config.onChange(['save', 'stop-writes-on-bgsave-error'], () => {
      this.judge()
      return undefined
    })
    store.timeEvents.add('save points', CHECK_MS, () => {
      if (!store.isCronPaused) this.check()
      return CHECK_MS
    })
  }

  get hasSavePoints(): boolean {
    return this.store.config.values.save.length !== 0
  }

  /** A save in the background is under way. */
  get isRunning(): boolean {
    return this.startedMs >= 0
  }

  /** Seconds that the save under way has taken so far; -1 without one. */
  get currentSeconds(): number {
    return this.isRunning ? Math.floor((this.nowMs - this.startedMs) / 1000) : -1
  }

  /** The walk that writes RDB in the background, as long as it goes on. */
  get walk(): BackgroundWalk | undefined {
    const { active } = this.walks
    return active?.purpose === 'rdb' ? active : undefined
  }

  /** Saves while everybody waits; false, with the reason logged, when that failed. */
  saveNow(): boolean {
    this.count++
    const file = this.temporaryName
    try {
      walkNow(this.store, { file, consumer: (sink) => this.consumer(sink) })
    } catch (error) {
      this.logFailure(error, file)
      return false
    }
    return this.nameNow(file)
  }

  /**
   * The same in slices, for when the server ends: everybody waits, but signals are seen. Nothing else may be saving.
   *
   * @param done  told whether it worked; the reason has been logged if not
   * @returns how to give it up, with nothing left behind
   */
  saveInSlices(done: (isSaved: boolean) => void): () => void {
    this.count++
    const file = this.temporaryName
    try {
      const walk = startWalk(this.store, {
        purpose: 'rdb',
        file,
        isAlone: true,
        consumer: (sink) => this.consumer(sink),
        done: (error) => {
          if (error !== undefined) this.logFailure(error, file)
          done(error === undefined && this.nameNow(file))
        },
      })
      return () => {
        walk.cancel()
        this.store.environment.files!.remove(file)
      }
    } catch (error) {
      this.logFailure(error, file)
      done(false)
      return () => {}
    }
  }

  /** Gives what is complete its name; false, with the reason logged, when that failed. */
  private nameNow(file: string): boolean {
    const { environment, config } = this.store
    const files = environment.files!
    try {
      this.step('rename', file, () => files.rename(file, config.values.dbfilename))
      files.syncDirectory('.')
    } catch (error) {
      this.logFailure(error, file)
      return false
    }
    this.log('notice', 'DB saved on disk')
    this.store.dirty = 0
    this.noteSuccess()
    return true
  }

  /** Begins a save in the background. Whether it can even begin to write shows in its status, not here. */
  start(): void {
    this.count++
    this.lastTryMs = this.nowMs
    this.startedMs = this.nowMs
    this.dirtyBefore = this.store.dirty
    this.home = this.store.config.values.dir
    this.target = this.store.config.values.dbfilename
    // No name is used twice: what is still to be written to, or removed, of a save given up must not meet the next one.
    const file = `temp-${this.store.environment.host.processId}-${this.count}.rdb`
    this.log('notice', `Background saving started by pid ${this.store.environment.host.processId}`)
    try {
      const walk = startWalk(this.store, {
        purpose: 'rdb',
        file,
        consumer: (sink) => this.consumer(sink),
        done: (error) => {
          this.lastCopiedBytes = walk.walk.copiedBytes
          if (error === undefined) this.rename(file)
          else this.failed(error, file)
        },
      })
    } catch (error) {
      this.failed(error, file)
    }
  }

  /** Begins one as soon as nothing else is under way. */
  schedule(): void {
    this.isScheduled = true
  }

  /** Ends a save in the background without a result, as though it had not been begun. */
  cancel(): void {
    if (!this.isRunning) return
    this.walk?.cancel()
    this.removeElsewhere(`temp-${this.store.environment.host.processId}-${this.count}.rdb`)
    this.startedMs = -1
    this.lastSeconds = Math.floor((this.nowMs - this.lastTryMs) / 1000)
    this.log('warning', 'Background saving cancelled')
  }

  /** All data has been removed on purpose: with save points, that is saved at once, lest the old data come back. */
  dataFlushed(): void {
    if (this.hasSavePoints) this.saveNow()
  }

  /** What was loaded at the start, or by DEBUG, counts as saved. */
  noteLoaded(): void {
    this.store.dirty = 0
    this.lastSaveMs = this.nowMs
  }

  private check(): void {
    if (this.walks.active !== undefined || this.isRunning) return
    const mayTry = this.hasLastSucceeded || this.nowMs - this.lastTryMs > RETRY_MS
    if (!mayTry) return
    if (this.isScheduled) {
      this.isScheduled = false
      return this.start()
    }
    const { dirty } = this.store
    const elapsedMs = this.nowMs - this.lastSaveMs
    for (const { seconds, changes } of this.store.config.values.save) {
      if (dirty < changes || elapsedMs <= seconds * 1000) continue
      this.log('notice', `${changes} changes in ${seconds} seconds. Saving...`)
      return this.start()
    }
  }

  private consumer(sink: ByteSink): SnapshotConsumer {
    return rdbConsumer(this.store, sink, rdbFileFacts(this.store))
  }

  /**
   * The file is complete and on disk: it gets its name. At once, so that it cannot come to replace what is saved later, when
   * this save is given up.
   */
  private rename(file: string): void {
    const files = this.store.environment.files!
    const started = this.startedMs
    try {
      this.step('rename', this.atHome(file), () => files.rename(this.atHome(file), this.atHome(this.target)))
    } catch (error) {
      return this.failed(error, file)
    }
    files.syncDirectorySoon(this.hasMoved ? this.home : '.', (error) => {
      if (this.startedMs !== started) return // given up meanwhile
      if (error === undefined) this.succeeded()
      else this.failed(new StepError('fsync', error), file)
    })
  }

  private succeeded(): void {
    this.log('notice', 'DB saved on disk')
    this.log('notice', 'Background saving terminated with success')
    this.store.dirty = Math.max(0, this.store.dirty - this.dirtyBefore)
    this.ended()
    this.noteSuccess()
  }

  private failed(error: unknown, file: string): void {
    this.removeElsewhere(file)
    this.logFailure(error, file, this.target)
    this.log('warning', 'Background saving error')
    this.ended()
    this.hasLastSucceeded = false
    this.judge()
  }

  /** The working directory is another than that of the save under way. */
  private get hasMoved(): boolean {
    return this.home !== this.store.config.values.dir
  }

  /** Path of a file of the save under way. */
  private atHome(file: string): string {
    return this.hasMoved ? `${this.home}/${file}` : file
  }

  /** Who writes the file knows it by its name alone, and has not found it there. */
  private removeElsewhere(file: string): void {
    if (this.hasMoved) this.store.environment.files!.removeSoon(this.atHome(file))
  }

  private ended(): void {
    this.lastSeconds = Math.floor((this.nowMs - this.startedMs) / 1000)
    this.startedMs = -1
  }

  private noteSuccess(): void {
    this.lastSaveMs = this.nowMs
    this.hasLastSucceeded = true
    this.judge()
  }

  /** Writes are refused while what is to be saved cannot be. */
  private judge(): void {
    const isFailing = !this.hasLastSucceeded && this.hasSavePoints
    this.store.diskTrouble.setSnapshot(isFailing && this.store.config.values['stop-writes-on-bgsave-error'])
  }

  /** Files of saves that a crash cut off; those of another process that lives are left alone. */
  private removeLeftovers(): void {
    const { files, host } = this.store.environment
    if (files === undefined || host.isRunning === undefined) return
    try {
      for (const name of files.list('.')) {
        const processId = /^temp-(\d+)(?:-\d+)?\.rdb(?:\.side)?$/.exec(name)?.[1]
        if (processId === undefined) continue
        if (Number(processId) === host.processId || !host.isRunning(Number(processId))) files.removeSoon(name)
      }
    } catch {
      // A directory that cannot be read shows when something is to be saved there.
    }
  }

  private get temporaryName(): string {
    return `temp-${this.store.environment.host.processId}.rdb`
  }

  private get nowMs(): number {
    return this.store.environment.clock.nowMs()
  }

  private step(name: Step, file: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.store.environment.files!.remove(file)
      throw new StepError(name, error as OperationalError)
    }
  }

  private logFailure(error: unknown, file: string, target = this.store.config.values.dbfilename): void {
    if (!(error instanceof StepError)) {
      const reason = reasonOf(error)
      return this.log('warning', `Write error while saving DB to the disk: ${reason} (${file})`)
    }
    const reason = reasonOf(error.reason)
    this.log(
      'warning',
      error.step === 'rename'
        ? `Error moving temp DB file ${file} on the final destination ${target}: ${reason}`
        : `Something went wrong while saving DB: the directory could not be synced: ${reason}`,
    )
  }

  private log(level: 'notice' | 'warning', message: string): void {
    this.store.environment.log.write(level, message)
  }
}

/** In C's words where it is an error of the system. */
function reasonOf(error: unknown): string {
  if (!(error instanceof OperationalError)) throw error
  return error.code === WALK_FAILED ? error.message : systemErrorText(error)
}

type Step = 'rename' | 'fsync'

/** What failed after the file itself had been written. */
class StepError {
  readonly step: Step
  readonly reason: OperationalError

  constructor(step: Step, reason: OperationalError) {
    this.step = step
    this.reason = reason
  }
}

export const saves = defineService<Saves>('saves')
