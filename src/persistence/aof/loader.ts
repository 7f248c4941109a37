/**
 * Loads the append-only file: its base, then its increments in order. Only the last file may end in the middle of something, and
 * only if `aof-load-truncated` says so; it is then cut back to its last whole command before anything is appended.
 */

import type { LogLevel, OpenFile } from '../../base/environment.js'
import { systemErrorText } from '../../config/config-files.js'
import type { Store } from '../../engine/store.js'
import type { Loading } from '../loading.js'
import { type AofDirectory, isMissing } from './directory.js'
import type { AofPart } from './manifest.js'
import { PartLoader } from './part-loader.js'

export type LoadOutcome =
  | 'loaded'
  /** The end of the last file was cut off. */
  | 'truncated'
  /** There are files, with nothing in them. */
  | 'empty'
  /** There has never been a file. */
  | 'missing'
  /** With the reason logged: the data must not be used. */
  | 'failed'

const US_PER_SECOND = 1_000_000

export class AofLoader {
  /** Bytes of all files together, and of the base, before anything was cut off. */
  totalBytes: number
  baseBytes: number
  private readonly store: Store
  private readonly directory: AofDirectory
  private readonly loading: Loading
  private parts: readonly AofPart[]
  /** Of the parts, the one that is being loaded. */
  private index: number
  private part: PartLoader | undefined
  private partStartUs: number
  private doneBytes: number
  private wasTruncated: boolean

  constructor(store: Store, directory: AofDirectory, loading: Loading) {
    this.store = store
    this.directory = directory
    this.loading = loading
    this.totalBytes = 0
    this.baseBytes = 0
    this.parts = []
    this.index = 0
    this.part = undefined
    this.partStartUs = 0
    this.doneBytes = 0
    this.wasTruncated = false
  }

  /** Looks what there is; undefined when there is something to load, and `step` is to be called. */
  begin(): LoadOutcome | undefined {
    if (!this.directory.takeOverOldFile()) return 'failed'
    this.parts = this.directory.manifest.parts
    if (this.parts.length === 0) return 'missing'
    for (const part of this.parts) {
      const bytes = this.sizeOf(part)
      if (bytes === undefined) return 'failed'
      if (part === this.directory.manifest.base) this.baseBytes = bytes
      this.totalBytes += bytes
    }
    if (this.totalBytes === 0) return 'empty'
    this.loading.start(this.totalBytes)
    return undefined
  }

  /** Goes on until the deadline (monotonic microseconds); undefined when that comes first. */
  step(deadlineUs: number): LoadOutcome | undefined {
    const outcome = this.advance(deadlineUs)
    if (outcome === undefined) {
      this.loading.progress(this.doneBytes + (this.part?.offset ?? 0))
      return undefined
    }
    this.loading.progress(this.doneBytes)
    this.loading.stop()
    return outcome
  }

  private advance(deadlineUs: number): LoadOutcome | undefined {
    while (this.index < this.parts.length) {
      const part = this.parts[this.index]!
      try {
        if (this.part === undefined && !this.open(part)) {
          this.index++
          continue
        }
        const status = this.part!.step(deadlineUs)
        if (status === 'more') return undefined
        if (status === 'failed' || (status === 'truncated' && !this.cutOff(part))) return this.fail()
        this.close(part)
      } catch (error) {
        this.log('warning', `Unrecoverable error reading the append only file ${part.name}: ${systemErrorText(error)}`)
        return this.fail()
      }
    }
    return this.wasTruncated ? 'truncated' : 'loaded'
  }

  /** Opens a part; false when it is empty. */
  private open(part: AofPart): boolean {
    const file = this.openFile(part)
    if (file.size() === 0) {
      file.close()
      return false
    }
    const { directory } = this
    this.partStartUs = this.nowUs()
    this.part = new PartLoader(this.store, file, part.name, part.name === directory.fileName)
    return true
  }

  private openFile(part: AofPart): OpenFile {
    return this.directory.open(part.name, 'read')
  }

  private close(part: AofPart): void {
    const kind = part === this.directory.manifest.base ? 'base' : 'incr'
    const seconds = ((this.nowUs() - this.partStartUs) / US_PER_SECOND).toFixed(3)
    this.log('notice', `DB loaded from ${kind} file ${part.name}: ${seconds} seconds`)
    this.doneBytes += this.part!.offset
    this.part!.close()
    this.part = undefined
    this.index++
  }

  private fail(): LoadOutcome {
    this.part?.close()
    this.part = undefined
    return 'failed'
  }

  /** Cuts a file back to its last whole command; false, with the reason logged, when that may not be or fails. */
  private cutOff({ name }: AofPart): boolean {
    if (this.store.config.values['aof-load-truncated']) {
      const { validBytes } = this.part!
      this.log('warning', `!!! Warning: short read while loading the AOF file ${name}!!!`)
      if (this.index !== this.parts.length - 1) {
        this.log('warning', 'Fatal error: the truncated file is not the last file')
        return false
      }
      this.log('warning', `!!! Truncating the AOF ${name} at offset ${validBytes} !!!`)
      if (this.truncate(name, validBytes)) {
        this.log('warning', `AOF ${name} loaded anyway because aof-load-truncated is enabled`)
        this.wasTruncated = true
        return true
      }
    }
    this.log(
      'warning',
      `Unexpected end of file reading the append only file ${name}. You can: 1) Make a backup of your AOF file, then use ` +
        "./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration " +
        'option to yes and restart the server.',
    )
    return false
  }

  private truncate(name: string, bytes: number): boolean {
    try {
      const file = this.directory.open(name, 'update')
      try {
        file.truncate(bytes)
        file.sync()
      } finally {
        file.close()
      }
      return true
    } catch (error) {
      this.log('warning', `Error truncating the AOF file ${name}: ${systemErrorText(error)}`)
      return false
    }
  }

  private sizeOf({ name }: AofPart): number | undefined {
    try {
      return this.directory.files.size(this.directory.pathOf(name))
    } catch (error) {
      this.log('warning', `Unable to obtain the AOF file ${name} length. stat: ${systemErrorText(error)}`)
      if (!isMissing(error)) this.log('warning', `Fatal error: can't open the append log file ${name} for reading`)
      return undefined
    }
  }

  private nowUs(): number {
    return this.store.environment.clock.monotonicUs()
  }

  private log(level: LogLevel, message: string): void {
    this.store.environment.log.write(level, message)
  }
}
