/**
 * The file that a snapshot is written to, on other threads: chunks queue up here and are written one after the other, with what
 * has been written synced to disk in portions, so that the last sync is short and the disk is not flooded.
 */

import type { FileDone, Files, OpenFile } from '../../base/environment.js'
import type { OperationalError } from '../../base/operational-error.js'
import type { ByteTaker } from '../byte-sink.js'

/** Bytes written between two syncs (rdb-save-incremental-fsync). */
export const SYNC_BYTES = 4 << 20
/** Buffers kept for the chunks to come. */
const SPARE_MAX = 8

interface Chunk {
  readonly bytes: Uint8Array
  readonly end: number
}

export class SnapshotFile implements ByteTaker {
  readonly path: string
  /** Bytes that wait to be written, or are being written. */
  pendingBytes: number
  /** Nothing is written any more after an error. */
  error: OperationalError | undefined
  /** Told when there is room again, and of an error. */
  onProgress: (() => void) | undefined
  /** Told when a chunk has been added. */
  onTaken: (() => void) | undefined
  private readonly files: Files
  private readonly file: OpenFile
  private readonly syncBytes: number
  private readonly queue: Chunk[]
  private readonly spare: Uint8Array[]
  private isWriting: boolean
  private isSyncing: boolean
  private unsyncedBytes: number
  private isClosed: boolean
  private whenFinished: FileDone | undefined

  /** @param syncBytes  Infinity: synced only at the end */
  constructor(files: Files, path: string, syncBytes: number) {
    this.path = path
    this.pendingBytes = 0
    this.error = undefined
    this.onProgress = undefined
    this.onTaken = undefined
    this.files = files
    this.syncBytes = syncBytes
    this.queue = []
    this.spare = []
    this.isWriting = false
    this.isSyncing = false
    this.unsyncedBytes = 0
    this.isClosed = false
    this.whenFinished = undefined
    this.file = files.open(path, 'replace')
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    if (this.error === undefined && !this.isClosed) {
      this.queue.push({ bytes, end })
      this.pendingBytes += end
      this.writeNext()
      this.onTaken?.()
    }
    return this.spare.pop() ?? new Uint8Array(bytes.length)
  }

  /** Writes what is left, syncs, closes. */
  finish(done: FileDone): void {
    this.whenFinished = done
    this.goOn()
  }

  /** Drops the file. Nobody is told. */
  discard(): void {
    if (this.isClosed) return
    this.close()
    this.queue.length = 0
    this.files.removeSoon(this.path)
  }

  private writeNext(): void {
    if (this.isWriting || this.isClosed) return
    const chunk = this.queue.shift()
    if (chunk === undefined) return
    this.isWriting = true
    this.file.writeSoon(chunk.bytes, 0, chunk.end, (error) => {
      this.isWriting = false
      this.pendingBytes -= chunk.end
      this.unsyncedBytes += chunk.end
      if (this.spare.length < SPARE_MAX) this.spare.push(chunk.bytes)
      if (error !== undefined) this.fail(error)
      this.goOn()
    })
  }

  private goOn(): void {
    if (this.isClosed) return
    if (this.error === undefined) {
      this.writeNext()
      if (this.unsyncedBytes >= this.syncBytes && !this.isSyncing) this.sync()
    }
    if (this.whenFinished !== undefined) this.finishUp(this.whenFinished)
    else this.onProgress?.()
  }

  private sync(): void {
    this.isSyncing = true
    this.unsyncedBytes = 0
    this.file.syncSoon((error) => {
      this.isSyncing = false
      if (error !== undefined) this.fail(error)
      this.goOn()
    })
  }

  private finishUp(done: FileDone): void {
    if (this.isWriting || this.isSyncing) return
    if (this.error === undefined) {
      if (this.queue.length !== 0) return
      if (this.unsyncedBytes !== 0) return this.sync()
    }
    this.close()
    if (this.error !== undefined) this.files.removeSoon(this.path)
    done(this.error)
  }

  private fail(error: OperationalError): void {
    this.error ??= error
    for (const chunk of this.queue) this.pendingBytes -= chunk.end
    this.queue.length = 0
  }

  private close(): void {
    this.isClosed = true
    try {
      this.file.close()
    } catch (error) {
      this.error ??= error as OperationalError
    }
  }
}

/** The same at once, for a snapshot that everybody waits for. Throws an OperationalError. */
export class SnapshotFileNow implements ByteTaker {
  private readonly files: Files
  private readonly path: string
  private readonly file: OpenFile
  private readonly syncBytes: number
  private unsyncedBytes: number

  constructor(files: Files, path: string, syncBytes: number) {
    this.files = files
    this.path = path
    this.syncBytes = syncBytes
    this.unsyncedBytes = 0
    this.file = files.open(path, 'replace')
  }

  take(bytes: Uint8Array, end: number): Uint8Array {
    for (let at = 0; at < end;) at += this.file.write(bytes, at, end)
    this.unsyncedBytes += end
    if (this.unsyncedBytes >= this.syncBytes) this.sync()
    return bytes
  }

  finish(): void {
    this.sync()
    this.file.close()
  }

  discard(): void {
    try {
      this.file.close()
    } finally {
      this.files.remove(this.path)
    }
  }

  private sync(): void {
    this.file.sync()
    this.unsyncedBytes = 0
  }
}
