/**
 * Writes the buffered log to its file and sees to it that it gets to the disk.
 *
 * Once a turn, before replies go out, everything buffered is written in one go. `always` syncs right there: what a client is told is
 * on the disk, and if that cannot be done the process ends, since replies may already show data that would not survive. `everysec`
 * syncs once a second on another thread. A write to a file that is being synced may block, so writing waits for the sync for up
 * to two seconds. `no` leaves it to the system.
 *
 * Without `always` a failed write is tried again until it works, and writing commands are refused meanwhile. A write that came out
 * short is taken back, so that the file ends with a whole command whatever happens next.
 */

import type { Clock, LogLevel, OpenFile } from '../../base/environment.js'
import type { OperationalError } from '../../base/operational-error.js'
import type { Config } from '../../config/config.js'
import { systemErrorText } from '../../config/config-files.js'
import { LogBuffer } from './log-buffer.js'

/** What the writer needs of the store around it. */
export interface LogWriterHost {
  readonly clock: Clock
  readonly config: Config
  log(level: LogLevel, message: string): void
  noteLatency(event: string, milliseconds: number): void
  /** A snapshot or a rewrite is being written. */
  readonly isSavingInBackground: boolean
  /** Whether writing works; a text says why it does not. */
  setTrouble(reason: string | undefined): void
  /** More of the log is on the disk. */
  synced(): void
  /** The log can neither be written nor done without. */
  end(): never
}

/** Seconds for which a sync under way may hold a write up. */
const POSTPONED_SECONDS_MAX = 2
const ERROR_LOG_SECONDS = 30

export class LogWriter {
  readonly buffer: LogBuffer
  /** Bytes of all files of the log together. */
  totalBytes: number
  /** Writes that went ahead although the sync before them took too long. */
  delayedSyncs: number
  /** Syncs under way on other threads. */
  pendingSyncs: number
  /** Why the last write failed; undefined when it did not. */
  writeError: string | undefined
  /** Where the log has got on the disk, as `position` counts. */
  syncedPosition: number
  /** The same for what has been written. */
  private writtenPosition: number
  private syncError: string | undefined
  private readonly host: LogWriterHost
  private file: OpenFile | undefined
  private fileBytes: number
  /** Bytes of the file for which a sync has been asked. */
  private syncedBytes: number
  /** Bytes of the file that are on the disk. */
  private diskBytes: number
  private isSyncing: boolean
  private lastSyncSeconds: number
  private postponedSeconds: number
  private errorLoggedSeconds: number

  constructor(host: LogWriterHost) {
    this.host = host
    this.buffer = new LogBuffer()
    this.totalBytes = 0
    this.delayedSyncs = 0
    this.pendingSyncs = 0
    this.writeError = undefined
    this.syncedPosition = 0
    this.writtenPosition = 0
    this.syncError = undefined
    this.file = undefined
    this.fileBytes = 0
    this.syncedBytes = 0
    this.diskBytes = 0
    this.isSyncing = false
    this.lastSyncSeconds = 0
    this.postponedSeconds = 0
    this.errorLoggedSeconds = -Infinity
  }

  /** The last write or sync failed. */
  get isFailing(): boolean {
    return (this.writeError ?? this.syncError) !== undefined
  }

  /** Bytes that have been added to the log since the start, whatever the file. */
  get position(): number {
    return this.writtenPosition + this.buffer.length
  }

  get isOpen(): boolean {
    return this.file !== undefined
  }

  /** Bytes of the file being written. */
  get incrementBytes(): number {
    return this.fileBytes
  }

  /** Goes on in another file; what was written to the one before is synced in the background. */
  use(file: OpenFile, fileBytes: number): void {
    const before = this.file
    if (before !== undefined) {
      this.lastSyncSeconds = this.seconds()
      this.syncSoon(before)
      before.close()
    }
    this.file = file
    this.fileBytes = fileBytes
    this.syncedBytes = fileBytes
    // What a process before this one wrote need not be on the disk.
    this.diskBytes = 0
    this.isSyncing = false
    this.buffer.forgetDatabase()
  }

  /** Writes and syncs everything and closes the file. */
  stop(): void {
    const { file } = this
    if (file === undefined) return
    this.flush(true)
    try {
      file.sync()
      this.lastSyncSeconds = this.seconds()
      this.syncedPosition = this.writtenPosition
    } catch (error) {
      this.host.log('warning', `Fail to fsync the AOF file: ${systemErrorText(error)}`)
    }
    file.close()
    this.file = undefined
    this.fileBytes = 0
    this.syncedBytes = 0
    this.drop()
    this.buffer.forgetDatabase()
  }

  /** Lets go of what has not been written. */
  drop(): void {
    this.buffer.consume(this.buffer.length)
  }

  /** Starts with a clean slate: failures of a file that is closed no longer matter. */
  forgetErrors(): void {
    this.lastSyncSeconds = this.seconds()
    if (this.syncError !== undefined) {
      this.host.log('warning', 'AOF reopen, just ignore the AOF fsync error in bio job')
      this.syncError = undefined
    }
    if (this.writeError !== undefined) {
      this.host.log('warning', 'AOF reopen, just ignore the last error.')
      this.writeError = undefined
    }
    this.showTrouble()
  }

  /** Syncs what has been written on another thread; false, and nothing happens, when all is on the disk already. */
  syncAllSoon(done: () => void): boolean {
    const { file } = this
    if (file === undefined || (this.diskBytes === this.fileBytes && this.buffer.length === 0)) return false
    this.flush(true)
    this.syncSoon(file, done)
    return true
  }

  /** Writes and syncs what is left, which is little after `syncAllSoon`; false, with the reason logged, when that fails. */
  completeFile(): boolean {
    const { file } = this
    if (file === undefined) return true
    this.flush(true)
    if (this.buffer.length !== 0) return this.refuseNext(this.writeError ?? '')
    if (this.diskBytes === this.fileBytes) return true
    try {
      file.sync()
    } catch (error) {
      return this.refuseNext(systemErrorText(error))
    }
    this.diskBytes = this.fileBytes
    this.syncedBytes = this.fileBytes
    this.syncedPosition = this.writtenPosition
    this.host.synced()
    return true
  }

  private refuseNext(reason: string): false {
    this.host.log('warning', `Can't begin another AOF incr file before the present one is complete: ${reason}`)
    return false
  }

  /**
   * Writes what is buffered and syncs as the policy says.
   *
   * @param isForced  does not wait for a sync under way
   */
  flush(isForced: boolean): void {
    const { file } = this
    if (file === undefined) return
    const policy = this.host.config.values.appendfsync
    const waitsForSync = policy === 'everysec' && this.isSyncing
    if (this.buffer.length !== 0) {
      if (waitsForSync && !isForced && this.postpones()) return
      if (!this.write(file, policy === 'always', waitsForSync)) return
    } else if (this.syncedBytes === this.fileBytes || policy === 'no' || waitsForSync) return
    this.syncIfDue(file, policy)
  }

  /** True while the write may still wait for the sync. */
  private postpones(): boolean {
    const seconds = this.seconds()
    if (this.postponedSeconds === 0) {
      this.postponedSeconds = seconds
      return true
    }
    if (seconds - this.postponedSeconds < POSTPONED_SECONDS_MAX) return true
    this.delayedSyncs++
    this.host.log(
      'notice',
      'Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to ' +
        'complete, this may slow down Redis.',
    )
    return false
  }

  /** Returns true when all has been written. */
  private write(file: OpenFile, isFatal: boolean, waitsForSync: boolean): boolean {
    const { buffer } = this
    buffer.settle()
    const startUs = this.host.clock.monotonicUs()
    let written = 0
    let failure: unknown
    try {
      while (written < buffer.length) written += file.write(buffer.bytes, written, buffer.length)
    } catch (error) {
      failure = error
    }
    this.noteWriteTime(startUs, waitsForSync)
    this.postponedSeconds = 0
    if (failure !== undefined) written = this.failed(file, written, failure, isFatal)
    else if (this.writeError !== undefined) this.recovered()
    this.fileBytes += written
    this.totalBytes += written
    this.writtenPosition += written
    buffer.consume(written)
    return failure === undefined
  }

  /** Takes back what was written in part; returns how much of it stays in the file. */
  private failed(file: OpenFile, written: number, failure: unknown, isFatal: boolean): number {
    const { host } = this
    const logs = this.mayLogError()
    const reason = systemErrorText(failure)
    if (written === 0) {
      if (logs) host.log('warning', `Error writing to the AOF file: ${reason}`)
    } else {
      if (logs) {
        const facts = `(nwritten=${written}, expected=${this.buffer.length})`
        host.log('warning', `Short write while writing to the AOF file: ${facts}`)
      }
      if (this.takesBack(file, logs)) written = 0
    }
    if (isFatal) {
      host.log('warning', "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...")
      host.end()
    }
    this.writeError = reason
    this.showTrouble()
    return written
  }

  private takesBack(file: OpenFile, logs: boolean): boolean {
    try {
      file.truncate(this.fileBytes)
      return true
    } catch (error) {
      if (logs) {
        const consequence = 'Redis may refuse to load the AOF the next time it starts.'
        const reason = `ftruncate: ${systemErrorText(error)}`
        this.host.log('warning', `Could not remove short write from the append-only file.  ${consequence}  ${reason}`)
      }
      return false
    }
  }

  private recovered(): void {
    this.host.log('notice', 'AOF write error looks solved, Redis can write again.')
    this.writeError = undefined
    this.showTrouble()
  }

  private syncIfDue(file: OpenFile, policy: 'always' | 'everysec' | 'no'): void {
    if (policy === 'no') return
    if (this.host.config.values['no-appendfsync-on-rewrite'] && this.host.isSavingInBackground) return
    if (policy === 'always') return this.syncNow(file)
    const seconds = this.seconds()
    if (seconds <= this.lastSyncSeconds) return
    this.lastSyncSeconds = seconds
    if (this.isSyncing) return
    this.syncedBytes = this.fileBytes
    this.syncSoon(file)
  }

  private syncNow(file: OpenFile): void {
    const { host } = this
    const startUs = host.clock.monotonicUs()
    try {
      file.sync()
    } catch (error) {
      const reason = systemErrorText(error)
      host.log(
        'warning',
        `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${reason}. Exiting...`,
      )
      host.end()
    }
    host.noteLatency('aof-fsync-always', (host.clock.monotonicUs() - startUs) / 1000)
    this.syncedBytes = this.fileBytes
    this.diskBytes = this.fileBytes
    this.lastSyncSeconds = this.seconds()
    this.syncedPosition = this.writtenPosition
    host.synced()
  }

  private syncSoon(file: OpenFile, done?: () => void): void {
    const bytes = this.fileBytes
    const position = this.writtenPosition
    this.pendingSyncs++
    if (file === this.file) this.isSyncing = true
    file.syncSoon((error) => {
      this.synced(file, bytes, error)
      if (error === undefined) {
        this.syncedPosition = Math.max(this.syncedPosition, position)
        this.host.synced()
      }
      done?.()
    })
  }

  private synced(file: OpenFile, bytes: number, error: OperationalError | undefined): void {
    this.pendingSyncs--
    if (file === this.file) {
      this.isSyncing = false
      if (error === undefined) this.diskBytes = Math.max(this.diskBytes, bytes)
    }
    if (error !== undefined) {
      // It has to be done again, though nothing more may be written to the file.
      if (file === this.file) this.syncedBytes = 0
      const reason = systemErrorText(error)
      if (this.syncError === undefined) this.host.log('warning', `Fail to fsync the AOF file: ${reason}`)
      this.syncError = reason
    } else if (this.syncError !== undefined) this.syncError = undefined
    else return
    this.showTrouble()
  }

  private showTrouble(): void {
    this.host.setTrouble(this.writeError ?? this.syncError)
  }

  private noteWriteTime(startUs: number, waitsForSync: boolean): void {
    const { host } = this
    const milliseconds = (host.clock.monotonicUs() - startUs) / 1000
    if (waitsForSync) host.noteLatency('aof-write-pending-fsync', milliseconds)
    else if (host.isSavingInBackground) host.noteLatency('aof-write-active-child', milliseconds)
    else host.noteLatency('aof-write-alone', milliseconds)
    host.noteLatency('aof-write', milliseconds)
  }

  private mayLogError(): boolean {
    const seconds = this.seconds()
    if (seconds - this.errorLoggedSeconds <= ERROR_LOG_SECONDS) return false
    this.errorLoggedSeconds = seconds
    return true
  }

  private seconds(): number {
    return Math.floor(this.host.clock.nowMs() / 1000)
  }
}
