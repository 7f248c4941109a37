/**
 * Rewriting the append-only file: the data as it stands becomes a new base, and what happens from then on goes to a new increment.
 *
 *     prepare  the present increment is synced on another thread: it must be whole when it is not the last any more
 *     start    a new increment is opened and named in the manifest; from here on both the old files with it, and the new base
 *              with it, are the whole data
 *     walk     the base is written under a temporary name, in slices, and synced
 *     end      the base is renamed; the manifest names it instead of the old files; those are removed
 *
 * A rewrite that fails leaves an increment more, and nothing else behind.
 */

import type { OperationalError } from '../../base/operational-error.js'
import { systemErrorText } from '../../config/config-files.js'
import type { Store } from '../../engine/store.js'
import type { AofDirectory } from './directory.js'
import { RetryDelay } from './retry-delay.js'

/** Writes the base: all data as it stood at one moment. */
export interface BaseWriter {
  /** Whether a snapshot of any kind is being written. */
  readonly isBusy: boolean
  /**
   * Takes the data as it is now, and writes it in the background.
   *
   * @param done  called when the file is synced and closed, or writing has failed; not after `cancel`
   * @throws OperationalError when the file cannot be made
   */
  start(path: string, done: (error: OperationalError | undefined) => void): { cancel(): void }
  /** Writes and syncs it at once. @throws OperationalError */
  writeNow(path: string): void
}

/** The log that a rewrite makes shorter. */
export interface RewrittenLog {
  /** Syncs what has been written so far in the background; returns false when there is nothing to be synced. */
  syncSoon(done: () => void): boolean
  /** Opens the increment that goes with the new base; false, with the reason logged, when that fails. */
  openIncrement(): boolean
  /** The base lies ready under its temporary name: puts it in its place. False, with the reason logged, when that fails. */
  adoptBase(): boolean
  /** The rewrite is over without a base. */
  rewriteFailed(): void
}

export class Rewriter {
  /** Starts as soon as nothing else is being written. */
  isScheduled: boolean
  /** Figures of INFO. */
  startedCount: number
  consecutiveFailures: number
  lastSucceeded: boolean
  /** Seconds the last one took; -1 before the first. */
  lastSeconds: number
  private readonly store: Store
  private readonly directory: AofDirectory
  private readonly log: RewrittenLog
  private readonly writer: BaseWriter
  private readonly retryDelay: RetryDelay
  private running: { cancel(): void } | undefined
  private startMs: number
  /** The sync that comes first is under way. */
  private isPreparing: boolean
  private preparations: number

  constructor(store: Store, directory: AofDirectory, log: RewrittenLog, writer: BaseWriter) {
    this.store = store
    this.directory = directory
    this.log = log
    this.writer = writer
    this.retryDelay = new RetryDelay()
    this.running = undefined
    this.isPreparing = false
    this.preparations = 0
    this.isScheduled = false
    this.startedCount = 0
    this.consecutiveFailures = 0
    this.lastSucceeded = true
    this.lastSeconds = -1
    this.startMs = 0
  }

  get isRunning(): boolean {
    return this.isPreparing || this.running !== undefined
  }

  /** A snapshot of another kind is being written, which has to end first. */
  get isBlocked(): boolean {
    return !this.isRunning && this.writer.isBusy
  }

  /** Seconds since the one under way began; -1 when there is none. */
  get currentSeconds(): number {
    return this.isRunning ? Math.floor((this.nowMs() - this.startMs) / 1000) : -1
  }

  /** Whether repeated failures keep one that nobody asked for from starting now. */
  isLimited(): boolean {
    const minutes = this.retryDelay.next(this.consecutiveFailures, this.nowMs())
    if (minutes > 0) {
      const what = 'Background AOF rewrite has repeatedly failed and triggered the limit'
      this.note('warning', `${what}, will retry in ${minutes} minutes`)
    }
    return minutes !== 0
  }

  /** False, with the reason logged, when it cannot be started. */
  start(): boolean {
    if (this.isRunning || this.writer.isBusy) return false
    this.isScheduled = false
    this.startMs = this.nowMs()
    const preparation = ++this.preparations
    this.isPreparing = this.log.syncSoon(() => this.prepared(preparation))
    return this.isPreparing || this.begin()
  }

  /** Stops the one under way; nothing comes of it. */
  cancel(): void {
    if (!this.isRunning) return
    this.note('notice', `Killing running AOF rewrite child: ${this.store.environment.host.processId}`)
    this.isPreparing = false
    if (this.running === undefined) return
    this.running.cancel()
    this.running = undefined
    this.directory.files.removeSoon(this.directory.pathOf(this.directory.temporaryBase))
  }

  private prepared(preparation: number): void {
    if (!this.isPreparing || preparation !== this.preparations) return
    this.isPreparing = false
    // Somebody else may have begun meanwhile.
    if (this.writer.isBusy) this.isScheduled = true
    else this.begin()
  }

  private begin(): boolean {
    if (!this.directory.make() || !this.log.openIncrement()) {
      this.lastSucceeded = false
      return false
    }
    this.startedCount++
    try {
      const path = this.directory.pathOf(this.directory.temporaryBase)
      this.running = this.writer.start(path, (error) => this.ended(error))
    } catch (error) {
      this.lastSucceeded = false
      this.note('warning', `Can't rewrite append only file in background: ${systemErrorText(error)}`)
      return false
    }
    const { processId } = this.store.environment.host
    this.note('notice', `Background append only file rewriting started by pid ${processId}`)
    return true
  }

  private ended(error: OperationalError | undefined): void {
    if (error === undefined) this.note('notice', 'Background AOF rewrite terminated with success')
    else {
      this.note('warning', `Write error writing append only file on disk: ${systemErrorText(error)}`)
      this.note('warning', 'Background AOF rewrite terminated with error')
    }
    this.running = undefined
    this.lastSucceeded = error === undefined && this.log.adoptBase()
    this.consecutiveFailures = this.lastSucceeded ? 0 : this.consecutiveFailures + 1
    if (this.lastSucceeded) this.note('notice', 'Background AOF rewrite finished successfully')
    this.close(this.lastSucceeded)
  }

  private close(hasSucceeded: boolean): void {
    this.lastSeconds = Math.floor((this.nowMs() - this.startMs) / 1000)
    if (hasSucceeded) return
    this.directory.files.removeSoon(this.directory.pathOf(this.directory.temporaryBase))
    this.log.rewriteFailed()
  }

  private nowMs(): number {
    return this.store.environment.clock.nowMs()
  }

  private note(level: 'notice' | 'warning', message: string): void {
    this.store.environment.log.write(level, message)
  }
}
