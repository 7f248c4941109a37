/**
 * The directory in which the append-only file lives, with the manifest on disk: what turns a Manifest into fact.
 *
 * A manifest is written under a temporary name, synced, renamed, and the directory is synced; at any moment either the old or the
 * new one is there whole, and files are made before a manifest names them and removed after it has ceased to.
 */

import { latin1, latin1Bytes } from '../../base/bytes.js'
import type { Files, Log, LogLevel, OpenFile } from '../../base/environment.js'
import type { OperationalError } from '../../base/operational-error.js'
import type { Config } from '../../config/config.js'
import { systemErrorText } from '../../config/config-files.js'
import { Manifest, parseManifest } from './manifest.js'

const TEMPORARY = 'temp-'
/** No manifest is written like this. */
const UNKNOWN = '?'

export class AofDirectory {
  readonly files: Files
  /** The manifest as it stands on disk. */
  manifest: Manifest
  private readonly config: Config
  private readonly log: Log
  /** What the manifest on disk says; UNKNOWN when a write may or may not have come through. */
  private written: string

  constructor(files: Files, config: Config, log: Log) {
    this.files = files
    this.config = config
    this.log = log
    this.manifest = new Manifest()
    this.written = ''
  }

  /** Beginning of all names. */
  get fileName(): string {
    return this.config.values.appendfilename
  }

  get path(): string {
    return this.config.values.appenddirname
  }

  /** A base while it is being written. */
  get temporaryBase(): string {
    return `${TEMPORARY}${this.fileName}.base`
  }

  /** The increment while there is no base for it yet. */
  get temporaryIncrement(): string {
    return `${TEMPORARY}${this.fileName}.incr`
  }

  pathOf(name: string): string {
    return `${this.path}/${name}`
  }

  open(name: string, mode: 'append' | 'replace' | 'read' | 'update'): OpenFile {
    return this.files.open(this.pathOf(name), mode)
  }

  has(name: string): boolean {
    return this.files.exists(this.pathOf(name))
  }

  /** Reads the manifest; without one the append-only file is empty. @throws ManifestError */
  load(): void {
    this.manifest = new Manifest()
    this.written = ''
    if (!this.files.isDirectory(this.path)) return this.note('debug', `The AOF directory ${this.path} doesn't exist`)
    const path = this.pathOf(this.manifestName)
    if (!this.files.exists(path)) {
      return this.note('debug', `The AOF manifest file ${this.manifestName} doesn't exist`)
    }
    const bytes = readWhole(this.files, path)
    this.manifest = parseManifest(latin1(bytes, 0, bytes.length), path)
    this.written = this.manifest.toString()
  }

  /** Creates the directory if there is none; false, with the reason logged, when that fails. */
  make(): boolean {
    try {
      this.files.makeDirectory(this.path)
      return true
    } catch (error) {
      this.warn(`Can't open or create append-only dir ${this.path}`, error)
      return false
    }
  }

  /**
   * Makes a manifest the one that counts.
   *
   * @returns false, with the reason logged, when that fails: the old one is in force, or nobody knows which. All files that either names
   *          must stay.
   */
  persist(manifest: Manifest): boolean {
    return this.put(manifest) === 'durable'
  }

  /** The same, content with a manifest that is in its place without being sure to be there after a crash. */
  exchange(manifest: Manifest): boolean {
    const placed = this.put(manifest)
    if (placed === 'visible') this.manifest = manifest
    return placed !== 'failed'
  }

  private put(manifest: Manifest): 'durable' | 'visible' | 'failed' {
    const text = manifest.toString()
    if (text === this.written) {
      this.manifest = manifest
      return 'durable'
    }
    const placed = this.write(latin1Bytes(text))
    if (placed === 'durable') {
      this.written = text
      this.manifest = manifest
    } else if (placed === 'visible') this.written = UNKNOWN
    return placed
  }

  /** Removes the files that a rewrite has replaced, after the manifest has let go of them. */
  removeHistory(): void {
    const { history } = this.manifest
    if (this.config.values['aof-disable-auto-gc'] || history.length === 0) return
    // Not before: a manifest must not name files that are gone, should the process end in between.
    if (!this.persist(this.manifest.withoutHistory())) return
    for (const { name } of history) {
      this.note('notice', `Removing the history file ${name} in the background`)
      this.files.removeSoon(this.pathOf(name))
    }
  }

  /** Removes what a process that came to a sudden end left behind: files under temporary names, which no manifest names. */
  removeOrphans(): void {
    if (!this.files.isDirectory(this.path)) return
    const prefix = `${TEMPORARY}${this.fileName}.`
    for (const name of this.files.list(this.path)) if (name.startsWith(prefix)) this.files.removeSoon(this.pathOf(name))
  }

  /**
   * Takes over the single file of an older server as the base, if there is one that has not been taken over yet. At whatever point this
   * is cut short, the next start goes on with it.
   *
   * @returns false, with the reason logged, when that fails
   */
  takeOverOldFile(): boolean {
    const { fileName, files, manifest } = this
    if (!files.exists(fileName) || files.isDirectory(fileName) || !this.awaitsOldFile) return true
    if (!this.make() || !this.persist(manifest.withOldFile(fileName))) return false
    try {
      files.rename(fileName, this.pathOf(fileName))
      files.syncDirectory(this.path)
      files.syncDirectory('.')
    } catch (error) {
      this.warn(`Error trying to move the old AOF file ${fileName} into dir ${this.path}`, error)
      return false
    }
    this.note(
      'notice',
      `Successfully migrated an old-style AOF file (${fileName}) into the AOF directory (${this.path}).`,
    )
    return true
  }

  warn(message: string, error: unknown): void {
    this.note('warning', `${message}: ${systemErrorText(error)}`)
  }

  note(level: LogLevel, message: string): void {
    this.log.write(level, message)
  }

  private get manifestName(): string {
    return `${this.fileName}.manifest`
  }

  /** No file has been taken over, or the manifest says so and the file itself has not been moved yet. */
  private get awaitsOldFile(): boolean {
    const { base, increments, isEmpty } = this.manifest
    if (!this.files.isDirectory(this.path) || isEmpty) return true
    return base?.name === this.fileName && increments.length === 0 && !this.has(this.fileName)
  }

  private write(bytes: Uint8Array): 'durable' | 'visible' | 'failed' {
    const temporary = `${TEMPORARY}${this.manifestName}`
    let isPlaced = false
    let doing = `Can't open the AOF manifest file ${temporary}`
    try {
      const file = this.open(temporary, 'replace')
      try {
        doing = `Error trying to write the temporary AOF manifest file ${temporary}`
        for (let at = 0; at < bytes.length;) at += file.write(bytes, at, bytes.length)
        doing = `Fail to fsync the temp AOF file ${temporary}`
        file.sync()
      } finally {
        file.close()
      }
      doing = `Error trying to rename the temporary AOF manifest file ${temporary} into ${this.manifestName}`
      this.files.rename(this.pathOf(temporary), this.pathOf(this.manifestName))
      isPlaced = true
      doing = `Fail to fsync AOF directory ${this.path}`
      this.files.syncDirectory(this.path)
      return 'durable'
    } catch (error) {
      this.warn(doing, error)
      return isPlaced ? 'visible' : 'failed'
    }
  }
}

export function readWhole(files: Files, path: string): Uint8Array {
  const file = files.open(path, 'read')
  try {
    const bytes = new Uint8Array(file.size())
    let length = 0
    for (let got = 1; got > 0 && length < bytes.length; length += got)
      got = file.read(bytes, length, bytes.length, length)
    return bytes.subarray(0, length)
  } finally {
    file.close()
  }
}

/** Whether a failure is that of a file which is not there. */
export function isMissing(error: unknown): boolean {
  return (error as OperationalError).code === 'ENOENT'
}
