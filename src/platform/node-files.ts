/** Data files of the real world. Paths come and go as byte strings (see byte-string.ts). */

import {
  close,
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  open,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlink,
  write,
  writeSync,
} from 'node:fs'
import type { FileDone, Files, OpenFile, OpenMode } from '../base/environment.js'
import { OperationalError } from '../base/operational-error.js'
import { byteString, nodeText } from './byte-string.js'

const { O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants
/** What is written goes to the end, also after a part of it was taken back. */
const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  append: O_WRONLY | O_CREAT | O_APPEND,
  replace: O_WRONLY | O_CREAT | O_APPEND | O_TRUNC,
  update: O_RDWR,
}
const FILE_MODE = 0o644
const DIRECTORY_MODE = 0o755

export class NodeFiles implements Files {
  open(path: string, mode: OpenMode): OpenFile {
    return new NodeOpenFile(
      path,
      guarded(path, (file) => openSync(file, FLAGS[mode], FILE_MODE)),
    )
  }

  size(path: string): number {
    return guarded(path, (file) => statSync(file).size)
  }

  exists(path: string): boolean {
    return existsSync(nodeText(path))
  }

  isDirectory(path: string): boolean {
    return statSync(nodeText(path), { throwIfNoEntry: false })?.isDirectory() ?? false
  }

  rename(from: string, to: string): void {
    // While it is held open a file that is replaced keeps its blocks; giving back those of a large one takes long.
    const replaced = openIfThere(to)
    try {
      guarded(from, (file) => renameSync(file, nodeText(to)))
    } finally {
      if (replaced !== undefined) close(replaced, () => {})
    }
  }

  remove(path: string): void {
    guarded(path, (file) => rmSync(file, { force: true }))
  }

  removeSoon(path: string): void {
    unlink(nodeText(path), () => {})
  }

  makeDirectory(path: string): void {
    if (this.isDirectory(path)) return
    guarded(path, (file) => mkdirSync(file, DIRECTORY_MODE))
  }

  list(directory: string): string[] {
    return guarded(directory, (file) => readdirSync(file))
      .map(byteString)
      .sort()
  }

  syncDirectorySoon(path: string, done: FileDone): void {
    open(nodeText(path), 'r', (openError, descriptor) => {
      if (openError !== null) return done(directoryFailure(path, openError))
      fsync(descriptor, (error) => {
        close(descriptor, () => {})
        done(error === null ? undefined : directoryFailure(path, error))
      })
    })
  }

  syncDirectory(path: string): void {
    guarded(path, (file) => {
      const directory = openSync(file, 'r')
      try {
        fsyncSync(directory)
      } catch (error) {
        if (directoryFailure(path, error) !== undefined) throw error
      } finally {
        closeSync(directory)
      }
    })
  }
}

class NodeOpenFile implements OpenFile {
  readonly path: string
  private descriptor: number
  /** Work on other threads under way; the descriptor is closed when it has ended, lest it stands for another file then. */
  private pending: number
  private closesLater: boolean

  constructor(path: string, descriptor: number) {
    this.path = path
    this.descriptor = descriptor
    this.pending = 0
    this.closesLater = false
  }

  size(): number {
    return guarded(this.path, () => fstatSync(this.descriptor).size)
  }

  read(into: Uint8Array, start: number, end: number, position: number): number {
    return guarded(this.path, () => readSync(this.descriptor, into, start, end - start, position))
  }

  write(bytes: Uint8Array, start: number, end: number): number {
    try {
      return writeSync(this.descriptor, bytes, start, end - start)
    } catch (error) {
      throw failure(this.path, error)
    }
  }

  writeSoon(bytes: Uint8Array, start: number, end: number, done: FileDone): void {
    this.pending++
    this.writeRest(bytes, start, end, done)
  }

  sync(): void {
    try {
      fdatasyncSync(this.descriptor)
    } catch (error) {
      throw failure(this.path, error)
    }
  }

  syncSoon(done: FileDone): void {
    this.pending++
    fdatasync(this.descriptor, (error) => this.finish(error, done))
  }

  truncate(bytes: number): void {
    guarded(this.path, () => ftruncateSync(this.descriptor, bytes))
  }

  close(): void {
    if (this.pending !== 0) this.closesLater = true
    else guarded(this.path, () => closeSync(this.descriptor))
  }

  private writeRest(bytes: Uint8Array, start: number, end: number, done: FileDone): void {
    write(this.descriptor, bytes, start, end - start, null, (error, written) => {
      if (error === null && start + written < end) this.writeRest(bytes, start + written, end, done)
      else this.finish(error, done)
    })
  }

  private finish(error: NodeJS.ErrnoException | null, done: FileDone): void {
    this.pending--
    if (this.closesLater && this.pending === 0) closeSync(this.descriptor)
    done(error === null ? undefined : failure(this.path, error))
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(nodeText(path), 'r')
  } catch {
    return undefined
  }
}

function guarded<T>(path: string, run: (file: string) => T): T {
  try {
    return run(nodeText(path))
  } catch (error) {
    throw failure(path, error)
  }
}

/** Directories cannot be synced on every system, which is no failure. */
function directoryFailure(path: string, error: unknown): OperationalError | undefined {
  return ['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(codeOf(error)) ? undefined : failure(path, error)
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

function failure(path: string, error: unknown): OperationalError {
  return new OperationalError(codeOf(error) || 'EUNKNOWN', path, (error as Error).message, error)
}
