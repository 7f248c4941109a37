/**
 * Checks an append-only file, and cuts it back when asked to: to its last whole command, or to a moment. Reports and exit statuses
 * are those of redis-check-aof.
 */

import { latin1, latin1Bytes } from '../../base/bytes.js'
import type { Files, OpenFile } from '../../base/environment.js'
import { systemErrorText } from '../../config/config-files.js'
import { CommandCheck, type TimeLimit } from './check-part.js'
import { readWhole } from './directory.js'
import { FileCursor } from './file-cursor.js'
import { type Manifest, ManifestError, parseManifest } from './manifest.js'

export interface CheckOptions {
  readonly path: string
  readonly fixes: boolean
  /** Seconds since 1970 up to which the file is to be kept; undefined for all of it. */
  readonly truncatesTo: number | undefined
}

export interface CheckWorld {
  readonly files: Files
  print(text: string): void
  /** The first character of what the operator answers; empty at the end of input. */
  ask(): string
  /** Checks the snapshot at the beginning of a file, and reports; returns where it ends, undefined when it is broken. */
  checkSnapshot(path: string, file: OpenFile): number | undefined
}

/** The check cannot go on; the reason is printed. */
class CheckEnd extends Error {}

const SNAPSHOT_BYTES_MIN = 8
const SIGNATURE = 'REDIS'
const MANIFEST_WORD = 'file'

type Outcome = 'whole' | 'empty' | 'truncated' | 'truncated to time'

/** Returns the exit status. */
export function checkAppendOnlyFile(options: CheckOptions, world: CheckWorld): number {
  try {
    new Check(options, world).run()
    return 0
  } catch (error) {
    if (error instanceof ManifestError) for (const line of error.report) world.print(`${line}\n`)
    else if (error instanceof CheckEnd) world.print(`${error.message}\n`)
    else throw error
    return 1
  }
}

class Check {
  private readonly options: CheckOptions
  private readonly world: CheckWorld

  constructor(options: CheckOptions, world: CheckWorld) {
    this.options = options
    this.world = world
  }

  run(): void {
    const { path } = this.options
    const bytes = this.beginning(path)
    if (isManifest(bytes)) return this.multiPart(path)
    this.print('Start checking Old-Style AOF')
    this.report(this.part(path, path, true, isSnapshot(bytes)), path, 'AOF')
  }

  private multiPart(path: string): void {
    this.print('Start checking Multi Part AOF')
    const manifest = this.manifest(path)
    const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.'
    const { base, increments } = manifest
    const last = manifest.parts.at(-1)
    if (base !== undefined) {
      const basePath = `${directory}/${base.name}`
      const hasSnapshot = isSnapshot(this.beginning(basePath))
      this.print(`Start to check BASE AOF (${hasSnapshot ? 'RDB' : 'RESP'} format).`)
      this.report(this.part(base.name, basePath, base === last, hasSnapshot), base.name, 'BASE AOF')
    }
    if (increments.length !== 0) this.print('Start to check INCR files.')
    for (const increment of increments) {
      const outcome = this.part(increment.name, `${directory}/${increment.name}`, increment === last, false)
      this.report(outcome, increment.name, 'INCR AOF')
    }
    this.print('All AOF files and manifest are valid')
  }

  private manifest(path: string): Manifest {
    const bytes = this.guarded(`Cannot open file ${path}`, () => readWhole(this.world.files, path))
    return parseManifest(latin1(bytes, 0, bytes.length), path)
  }

  /** Checks one file, and cuts it when that is asked for and may be. */
  private part(name: string, path: string, isLast: boolean, hasSnapshot: boolean): Outcome {
    const file = this.guarded(`Cannot open file ${path}`, () => this.world.files.open(path, 'update'), ', aborting...')
    try {
      const cursor = new FileCursor(file)
      if (cursor.size === 0) return 'empty'
      if (hasSnapshot) cursor.position = this.snapshot(path, file)
      const check = new CommandCheck(cursor, path, this.timeLimit())
      const verdict = check.run()
      if (verdict === 'later') return this.cutToTime(file, path, check.validBytes, isLast)
      if (check.isForeign) this.print(`AOF ${name} format error`)
      if (check.problem !== '') this.print(check.problem)
      return this.conclude(file, name, cursor.size, check, isLast)
    } finally {
      file.close()
    }
  }

  private snapshot(path: string, file: OpenFile): number {
    const end = this.world.checkSnapshot(path, file)
    if (end === undefined) return this.stop('RDB preamble of AOF file is not sane, aborting.')
    this.print('RDB preamble is OK, proceeding with AOF tail...')
    return end
  }

  private timeLimit(): TimeLimit {
    return { seconds: this.options.truncatesTo, refuse: () => this.stop('Invalid timestamp annotation') }
  }

  private conclude(file: OpenFile, name: string, size: number, check: CommandCheck, isLast: boolean): Outcome {
    const { fixes, truncatesTo } = this.options
    const valid = check.validBytes
    const surplus = size - valid
    if (surplus === 0 && truncatesTo !== undefined) {
      this.print(`Truncate nothing in AOF ${name} to timestamp ${truncatesTo}`)
      return 'whole'
    }
    const facts = `size=${size}, ok_up_to=${valid}, ok_up_to_line=${check.lineNumber}, diff=${surplus}`
    this.print(`AOF analyzed: filename=${name}, ${facts}`)
    if (surplus === 0) return 'whole'
    if (!fixes) return this.stop(`AOF ${name} is not valid. Use the --fix option to try fixing it.`)
    if (!isLast) return this.stop(`Failed to truncate AOF ${name} because it is not the last file`)
    this.confirm(`This will shrink the AOF ${name} from ${size} bytes, with ${surplus} bytes, to ${valid} bytes`)
    this.guarded(`Failed to truncate AOF ${name}`, () => cut(file, valid))
    return 'truncated'
  }

  private confirm(question: string): void {
    this.print(question)
    this.world.print('Continue? [y/N]: ')
    if (this.world.ask().toLowerCase() !== 'y') this.stop('Aborting...')
  }

  private cutToTime(file: OpenFile, path: string, at: number, isLast: boolean): Outcome {
    const seconds = this.options.truncatesTo!
    if (at === 0) return this.stop(`AOF ${path} has nothing before timestamp ${seconds}, aborting...`)
    if (!isLast) {
      this.print(
        `Failed to truncate AOF ${path} to timestamp ${seconds} to offset ${at} because it is not the last file.`,
      )
      return this.stop(
        'If you insist, please delete all files after this file according to the manifest file and delete the ' +
          'corresponding records in manifest file manually. Then re-run redis-check-aof.',
      )
    }
    this.guarded(`Failed to truncate AOF ${path} to timestamp ${seconds}`, () => cut(file, at))
    return 'truncated to time'
  }

  private report(outcome: Outcome, name: string, kind: string): void {
    if (outcome === 'whole') this.print(`${kind} ${name} is valid`)
    else if (outcome === 'empty') this.print(`${kind} ${name} is empty`)
    else if (outcome === 'truncated') this.print(`Successfully truncated AOF ${name}`)
    else this.print(`Successfully truncated AOF ${name} to timestamp ${this.options.truncatesTo}`)
  }

  /** Enough of a file to tell what it is: a manifest as a whole. */
  private beginning(path: string): Uint8Array {
    return this.guarded(`Cannot open file ${path}`, () => {
      const file = this.world.files.open(path, 'read')
      try {
        const bytes = new Uint8Array(Math.min(file.size(), MANIFEST_BYTES_MAX))
        return bytes.subarray(0, file.read(bytes, 0, bytes.length, 0))
      } finally {
        file.close()
      }
    })
  }

  private guarded<T>(message: string, run: () => T, suffix = ''): T {
    try {
      return run()
    } catch (error) {
      return this.stop(`${message}: ${systemErrorText(error)}${suffix}`)
    }
  }

  private stop(message: string): never {
    throw new CheckEnd(message)
  }

  private print(line: string): void {
    this.world.print(`${line}\n`)
  }
}

const MANIFEST_BYTES_MAX = 1 << 20

function cut(file: OpenFile, bytes: number): void {
  file.truncate(bytes)
  file.sync()
}

/** Whether some line that is no comment begins with `file`. */
function isManifest(bytes: Uint8Array): boolean {
  const word = latin1Bytes(MANIFEST_WORD)
  for (let at = 0; at < bytes.length; at = bytes.indexOf(10, at) + 1) {
    if (word.every((byte, i) => bytes[at + i] === byte)) return true
    if (bytes.indexOf(10, at) < 0) return false
  }
  return false
}

function isSnapshot(bytes: Uint8Array): boolean {
  return bytes.length >= SNAPSHOT_BYTES_MIN && latin1(bytes, 0, SIGNATURE.length) === SIGNATURE
}
