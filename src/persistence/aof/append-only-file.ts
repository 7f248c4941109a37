/**
 * The append-only file of a store: takes in what changes, keeps the files, and is switched on and off while the server runs.
 *
 *     off  ---- appendonly yes ----->  waiting  ---- the first base is written ---->  on
 *      ^                                  |                                           |
 *      +------------------------ appendonly no ---------------------------------------+
 *
 * While waiting, changes since the base was begun gather in an increment under a temporary name: it is worth nothing without the
 * base. Together with it, it gets its name.
 */

import type { LogLevel } from '../../base/environment.js'
import { systemErrorText } from '../../config/config-files.js'
import type { ChangeFeed } from '../../engine/effects.js'
import { type LatencyEvents, latencyEvents } from '../../engine/latency-events.js'
import { serverControl } from '../../engine/server-control.js'
import { defineService } from '../../engine/services.js'
import type { Store } from '../../engine/store.js'
import type { Loading } from '../loading.js'
import { libraries } from '../rdb/libraries.js'
import type { AofDirectory } from './directory.js'
import { AofLoader, type LoadOutcome } from './loader.js'
import { LogWriter, type LogWriterHost } from './log-writer.js'
import type { Manifest } from './manifest.js'
import { SyncWaiters } from './sync-waiters.js'
import { type BaseWriter, Rewriter, type RewrittenLog } from './rewriter.js'

export type AofState = 'off' | 'waiting' | 'on'

const REFUSED = 'Unable to turn on AOF. Check server logs.'

export class AppendOnlyFile implements ChangeFeed, RewrittenLog, LogWriterHost {
  state: AofState
  readonly directory: AofDirectory
  readonly writer: LogWriter
  readonly rewriter: Rewriter
  /** Clients of WAITAOF. */
  readonly waiters: SyncWaiters
  /** Size after the last rewrite, from which growth counts. */
  baseBytes: number
  /** DEBUG AOF-FLUSH-SLEEP: makes writing slow, in microseconds. */
  flushDelayUs: number
  private readonly store: Store
  private readonly loading: Loading
  private readonly baseWriter: BaseWriter
  private latency: LatencyEvents | undefined
  private isFlushScheduled: boolean
  private isAttached: boolean
  private readonly flushTurn: () => void
  private readonly endTurn: () => void

  constructor(store: Store, directory: AofDirectory, loading: Loading, baseWriter: BaseWriter) {
    this.store = store
    this.loading = loading
    this.directory = directory
    this.baseWriter = baseWriter
    this.state = 'off'
    this.baseBytes = 0
    this.flushDelayUs = 0
    this.latency = undefined
    this.isFlushScheduled = false
    this.isAttached = false
    this.flushTurn = () => this.flush()
    this.endTurn = () => {
      this.isFlushScheduled = false
      this.flush()
    }
    this.writer = new LogWriter(this)
    this.waiters = new SyncWaiters(store, this)
    this.rewriter = new Rewriter(store, directory, this, baseWriter)
    this.listen()
  }

  // What the writer needs.

  get clock(): LogWriterHost['clock'] {
    return this.store.environment.clock
  }

  get config(): LogWriterHost['config'] {
    return this.store.config
  }

  get isSavingInBackground(): boolean {
    return this.baseWriter.isBusy
  }

  log(level: LogLevel, message: string): void {
    this.store.environment.log.write(level, message)
  }

  noteLatency(event: string, milliseconds: number): void {
    this.latency ??= this.store.services.has(latencyEvents) ? this.store.services.get(latencyEvents) : undefined
    this.latency?.note(event, milliseconds)
  }

  setTrouble(reason: string | undefined): void {
    this.store.diskTrouble.setAppendOnly(reason)
  }

  synced(): void {
    this.waiters.check()
  }

  end(): never {
    return this.store.services.get(serverControl).exit(1)
  }

  // What happens.

  append(bytes: Uint8Array, databases: Int32Array, starts: Int32Array, ends: Int32Array, count: number): void {
    if (this.state === 'waiting' && !this.rewriter.isRunning) return
    if (!this.isFlushScheduled) this.scheduleFlush()
    const { buffer } = this.writer
    if (count === 1 && bytes === this.store.effects.lent) {
      if (buffer.appendLent(bytes, databases[0]!, starts[0]!, ends[0]!)) return
    }
    buffer.append(bytes, databases, starts, ends, count, this.store.keyspace.nowMs)
  }

  settle(): void {
    this.writer.buffer.settle()
  }

  /** Whether the log is on the disk up to a position of the writer, with what it goes on from. */
  hasSynced(position: number): boolean {
    return this.state === 'on' && this.writer.syncedPosition >= position
  }

  // On the way up.

  /** Reads the manifest. @throws ManifestError */
  readManifest(): void {
    this.directory.load()
  }

  /** Loads everything in slices; other events are served in between. */
  load(): Promise<LoadOutcome> {
    const loader = this.newLoader()
    const outcome = loader.begin()
    if (outcome !== undefined) return Promise.resolve(outcome)
    const { timers } = this.store.environment
    return new Promise((resolve) => {
      const step = (): void => {
        const end = loader.step(this.clock.monotonicUs() + LOAD_SLICE_US)
        if (end === undefined) timers.soon(step)
        else resolve(this.loaded(loader, end))
      }
      step()
    })
  }

  /** Loads everything at once in place of the data there is; DEBUG LOADAOF. @throws ManifestError */
  reload(): LoadOutcome {
    const wasAttached = this.clear()
    const loader = this.newLoader()
    const outcome = loader.begin() ?? loader.step(Infinity)!
    if (wasAttached) this.attach()
    return this.loaded(loader, outcome)
  }

  /** The same in slices. @throws ManifestError at once */
  reloadInSlices(): Promise<LoadOutcome> {
    const wasAttached = this.clear()
    return this.load().then((outcome) => {
      if (wasAttached) this.attach()
      return outcome
    })
  }

  /** Writes what is left to write, and drops all data; nothing is taken in any more. Returns whether it was before. */
  private clear(): boolean {
    const wasAttached = this.isAttached
    if (this.state !== 'off') this.writer.flush(true)
    this.detach()
    this.store.keyspace.flush(-1, false)
    this.store.services.get(libraries).clear()
    this.readManifest()
    this.directory.removeHistory()
    return wasAttached
  }

  /**
   * Goes on where the files end, or begins them; the data has been loaded.
   *
   * @returns false, with the reason logged, when that fails
   */
  open(): boolean {
    const { directory } = this
    if (!directory.make()) return false
    directory.removeOrphans()
    let { manifest } = directory
    if (manifest.isEmpty) {
      const withBase = this.writeFirstBase(manifest)
      if (withBase === undefined) return false
      manifest = withBase
    }
    const isNew = manifest.increments.length === 0
    if (isNew) manifest = manifest.withIncrement(directory.fileName)
    const { name } = manifest.increments.at(-1)!
    if (!this.openLast(name) || !directory.persist(manifest)) return false
    this.state = 'on'
    this.attach()
    this.log('notice', `${isNew ? 'Creating' : 'Opening'} AOF incr file ${name} on server start`)
    directory.removeHistory()
    return true
  }

  // On the way down.

  /** Why the server should not end now: it would lose the data. */
  get refusesShutdown(): string | undefined {
    return this.state === 'waiting' && this.rewriter.isRunning ? "Writing initial AOF, can't exit." : undefined
  }

  /** Writes and syncs everything; nothing is taken in afterwards. */
  close(): void {
    this.stopRewriting()
    if (this.state === 'off') return
    this.log('notice', 'Calling fsync() on the AOF file.')
    this.writer.stop()
    this.detach()
    this.state = 'off'
  }

  // Rewriting.

  /** The server is about to end. */
  stopRewriting(): void {
    if (!this.rewriter.isRunning) return
    this.log('warning', 'There is a child rewriting the AOF. Killing it!')
    this.rewriter.cancel()
  }

  syncSoon(done: () => void): boolean {
    return this.writer.syncAllSoon(done)
  }

  openIncrement(): boolean {
    const { directory, writer } = this
    if (this.state === 'off') return true
    // What is buffered belongs to the old increment: in the new one it would be done a second time, after a base that has it already.
    if (!writer.completeFile()) return false
    const isFirst = this.state === 'waiting'
    const manifest = isFirst ? directory.manifest : directory.manifest.withIncrement(directory.fileName)
    const name = isFirst ? directory.temporaryIncrement : manifest.increments.at(-1)!.name
    try {
      const file = directory.open(name, 'replace')
      if (!isFirst && !directory.persist(manifest)) {
        file.close()
        return false
      }
      writer.use(file, 0)
    } catch (error) {
      directory.warn(`Can't open the append-only file ${name}`, error)
      return false
    }
    this.log('notice', `Creating AOF incr file ${name} on background rewrite`)
    return true
  }

  adoptBase(): boolean {
    const { directory } = this
    const before = directory.manifest
    let manifest = before.withBase(directory.fileName, this.config.values['aof-use-rdb-preamble'])
    const base = manifest.base!.name
    if (!this.rename(directory.temporaryBase, base, 'base')) return false
    let increment: string | undefined
    if (this.state === 'waiting') {
      manifest = manifest.withIncrement(directory.fileName)
      increment = manifest.increments.at(-1)!.name
      if (!this.rename(directory.temporaryIncrement, increment, 'incr')) {
        directory.files.removeSoon(directory.pathOf(base))
        return false
      }
    }
    manifest = manifest.withIncrementsDone(this.state === 'off' ? 0 : 1)
    if (!directory.exchange(manifest)) {
      directory.files.removeSoon(directory.pathOf(base))
      if (increment !== undefined) directory.files.removeSoon(directory.pathOf(increment))
      return false
    }
    this.baseAdopted(base)
    return true
  }

  rewriteFailed(): void {
    if (this.state !== 'waiting') return
    this.writer.drop()
    const { directory } = this
    this.log('notice', `Removing the temp incr aof file ${directory.temporaryIncrement} in the background`)
    directory.files.removeSoon(directory.pathOf(directory.temporaryIncrement))
    this.rewriter.isScheduled = true
  }

  private baseAdopted(base: string): void {
    const { directory } = this
    if (this.state !== 'off') {
      const startUs = this.clock.monotonicUs()
      this.writer.totalBytes = directory.files.size(directory.pathOf(base)) + this.writer.incrementBytes
      this.noteLatency('aof-fstat', (this.clock.monotonicUs() - startUs) / 1000)
      this.baseBytes = this.writer.totalBytes
    }
    directory.removeHistory()
    if (this.state !== 'waiting') return
    this.state = 'on'
    this.waiters.check()
  }

  private rename(from: string, to: string, kind: 'base' | 'incr'): boolean {
    const { clock, directory } = this
    const startUs = clock.monotonicUs()
    try {
      directory.files.rename(directory.pathOf(from), directory.pathOf(to))
      this.noteLatency('aof-rename', (clock.monotonicUs() - startUs) / 1000)
    } catch (error) {
      directory.warn(`Error trying to rename the temporary AOF ${kind} file ${from} into ${to}`, error)
      return false
    }
    this.log('notice', `Successfully renamed the temporary AOF ${kind} file ${from} into ${to}`)
    return true
  }

  // Switching on and off.

  private listen(): void {
    const { config } = this.store
    config.onChange(['appendonly'], ({ appendonly }) => {
      if (appendonly) return this.state === 'off' ? this.turnOn() : undefined
      if (this.state !== 'off') this.turnOff()
      return undefined
    })
    const noteTime = (): undefined => {
      this.writer.buffer.notesTime = config.values['aof-timestamp-enabled']
    }
    config.onChange(['aof-timestamp-enabled'], noteTime)
    noteTime()
    config.onChange(['aof-disable-auto-gc'], () => {
      this.directory.removeHistory()
      return undefined
    })
    this.store.timeEvents.add('append-only file', 0, () => this.lookAfter())
  }

  private turnOn(): string | undefined {
    const { rewriter } = this
    this.state = 'waiting'
    if (rewriter.isBlocked) {
      rewriter.isScheduled = true
      this.log(
        'notice',
        'AOF was enabled but there is already another background operation. An AOF background was scheduled to start when possible.',
      )
    } else if (this.isInTransaction) {
      rewriter.isScheduled = true
      this.log(
        'notice',
        'AOF was enabled during a transaction. An AOF background was scheduled to start when possible.',
      )
    } else if (!this.beginFirst()) return REFUSED
    this.attach()
    this.writer.forgetErrors()
    return undefined
  }

  private beginFirst(): boolean {
    const { rewriter } = this
    if (rewriter.isRunning) {
      this.log(
        'notice',
        'AOF was enabled but there is already an AOF rewriting in background. Stopping background AOF and starting a rewrite now.',
      )
      rewriter.cancel()
    }
    if (rewriter.start()) return true
    this.state = 'off'
    this.log(
      'warning',
      "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation. Check the above logs for more info about the error.",
    )
    return false
  }

  private turnOff(): void {
    const { directory } = this
    const isUnfinished = this.state === 'waiting'
    this.writer.stop()
    this.detach()
    this.state = 'off'
    this.rewriter.isScheduled = false
    this.rewriter.cancel()
    this.writer.drop()
    if (isUnfinished) directory.files.removeSoon(directory.pathOf(directory.temporaryIncrement))
    this.setTrouble(undefined)
    this.waiters.check()
  }

  /** A command runs within another: EXEC, whose effects must not be torn apart by a new file. */
  get isInTransaction(): boolean {
    return this.store.executor.depth > 1
  }

  private attach(): void {
    if (this.isAttached) return
    this.isAttached = true
    this.store.effects.attach(this)
    this.store.beforeReplies = this.flushTurn
  }

  private detach(): void {
    if (!this.isAttached) return
    this.isAttached = false
    this.settle()
    this.store.effects.detach(this)
    this.store.beforeReplies = undefined
  }

  // Recurring work.

  /** Changes come from background work as well, when no reply follows. */
  private scheduleFlush(): void {
    this.isFlushScheduled = true
    this.store.environment.timers.atTurnEnd(this.endTurn)
  }

  private flush(): void {
    if (this.flushDelayUs !== 0 && this.writer.buffer.length !== 0) {
      this.store.environment.host.blockMs(this.flushDelayUs / 1000)
    }
    this.writer.flush(false)
  }

  /** Writes that were put off or failed, syncs that are due, rewrites that are scheduled or called for by growth. */
  private lookAfter(): number {
    if (!this.store.isCronPaused && !this.loading.isActive) {
      const { rewriter } = this
      if (rewriter.isScheduled && !this.baseWriter.isBusy && !rewriter.isLimited()) rewriter.start()
      this.rewriteIfGrown()
      if (this.state !== 'off') this.writer.flush(false)
    }
    return 1000 / this.config.values.hz
  }

  private rewriteIfGrown(): void {
    const { values } = this.config
    const percentage = values['auto-aof-rewrite-percentage']
    const { totalBytes } = this.writer
    if (this.state !== 'on' || percentage === 0 || totalBytes <= values['auto-aof-rewrite-min-size']) return
    if (this.baseWriter.isBusy) return
    const growth = Math.floor((totalBytes * 100) / (this.baseBytes || 1)) - 100
    if (growth < percentage || this.rewriter.isLimited()) return
    this.log('notice', `Starting automatic rewriting of AOF on ${growth}% growth`)
    this.rewriter.start()
  }

  // Loading and opening.

  private newLoader(): AofLoader {
    return new AofLoader(this.store, this.directory, this.loading)
  }

  private loaded(loader: AofLoader, outcome: LoadOutcome): LoadOutcome {
    if (outcome === 'loaded' || outcome === 'truncated') {
      this.writer.totalBytes = loader.totalBytes
      this.baseBytes = loader.baseBytes
    }
    this.store.memoryLimit.check()
    return outcome
  }

  /** A store without data begins with a base without data: what it means that there is none stays clear. */
  private writeFirstBase(before: Manifest): Manifest | undefined {
    const { directory } = this
    const manifest = before.withBase(directory.fileName, this.config.values['aof-use-rdb-preamble'])
    const { name } = manifest.base!
    try {
      this.baseWriter.writeNow(directory.pathOf(directory.temporaryBase))
      directory.files.rename(directory.pathOf(directory.temporaryBase), directory.pathOf(name))
    } catch (error) {
      directory.warn('Write error writing append only file on disk', error)
      return undefined
    }
    this.log('notice', `Creating AOF base file ${name} on server start`)
    return manifest
  }

  private openLast(name: string): boolean {
    try {
      const file = this.directory.open(name, 'append')
      this.writer.use(file, file.size())
      return true
    } catch (error) {
      this.log('warning', `Can't open the append-only file ${name}: ${systemErrorText(error)}`)
      return false
    }
  }
}

/** A slice of loading, in microseconds: nobody waits for more than LOADING. */
const LOAD_SLICE_US = 4000

export const appendOnlyFile = defineService<AppendOnlyFile>('append-only file')
