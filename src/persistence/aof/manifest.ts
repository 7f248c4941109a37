/**
 * The manifest of the append-only file: which files it consists of, in which order.
 *
 *     file appendonly.aof.2.base.rdb seq 2 type b      the data as it stood at the last rewrite; at most one
 *     file appendonly.aof.1.incr.aof seq 1 type h      replaced by that base, to be removed
 *     file appendonly.aof.4.incr.aof seq 4 type i      commands since, oldest first; the last one is being written
 *
 * A manifest is a value: each change makes a new one, which counts once it is on disk. This is the format of Redis 7, whose
 * reader takes further pairs of words in a line and skips them.
 */

import { isBlank, lowerAscii, quoteIfNeeded, splitWords } from '../../config/file-syntax.js'
import { OperationalError } from '../../base/operational-error.js'

export interface AofPart {
  readonly name: string
  readonly sequence: number
}

const LINE_BYTES_MAX = 1024
const WORDS_MIN = 6

export class Manifest {
  readonly base: AofPart | undefined
  readonly history: readonly AofPart[]
  readonly increments: readonly AofPart[]
  /** Highest numbers given so far. */
  readonly baseSequence: number
  readonly incrementSequence: number

  constructor(fields: Partial<Manifest> = {}) {
    this.base = fields.base
    this.history = fields.history ?? []
    this.increments = fields.increments ?? []
    this.baseSequence = fields.baseSequence ?? 0
    this.incrementSequence = fields.incrementSequence ?? 0
  }

  /** Nothing has ever been written. */
  get isEmpty(): boolean {
    return this.base === undefined && this.increments.length === 0
  }

  /** What is loaded, in order. */
  get parts(): readonly AofPart[] {
    return this.base === undefined ? this.increments : [this.base, ...this.increments]
  }

  /** A file of commands of an older server becomes the base. */
  withOldFile(name: string): Manifest {
    return new Manifest({ ...this, base: { name, sequence: 1 }, baseSequence: 1 })
  }

  /** A new base; the one before becomes history. */
  withBase(fileName: string, isSnapshot: boolean): Manifest {
    const sequence = this.baseSequence + 1
    const name = `${fileName}.${sequence}.base.${isSnapshot ? 'rdb' : 'aof'}`
    const history = this.base === undefined ? this.history : [this.base, ...this.history]
    return new Manifest({ ...this, base: { name, sequence }, baseSequence: sequence, history })
  }

  withIncrement(fileName: string): Manifest {
    const sequence = this.incrementSequence + 1
    const part = { name: `${fileName}.${sequence}.incr.aof`, sequence }
    return new Manifest({ ...this, increments: [...this.increments, part], incrementSequence: sequence })
  }

  /** All increments but the last `kept` have gone into a new base. */
  withIncrementsDone(kept: number): Manifest {
    const count = Math.max(0, this.increments.length - kept)
    const history = [...this.increments.slice(0, count), ...this.history]
    return new Manifest({ ...this, increments: this.increments.slice(count), history })
  }

  withoutHistory(): Manifest {
    return new Manifest({ ...this, history: [] })
  }

  toString(): string {
    const base = this.base === undefined ? '' : lineOf(this.base, 'b')
    const history = this.history.map((part) => lineOf(part, 'h')).join('')
    return base + history + this.increments.map((part) => lineOf(part, 'i')).join('')
  }
}

/** What is wrong with a manifest, and with which of its lines, as far as there is one. */
export class ManifestError extends OperationalError {
  readonly lineNumber: number
  readonly line: string | undefined

  constructor(message: string, path: string, lineNumber: number, line: string | undefined) {
    super('AOF_MANIFEST', path, message)
    this.lineNumber = lineNumber
    this.line = line
  }

  /** For the log, as an operator of Redis knows it. */
  get report(): readonly string[] {
    const lines = ['\n*** FATAL AOF MANIFEST FILE ERROR ***\n']
    if (this.line !== undefined) {
      lines.push(`Reading the manifest file, at line ${this.lineNumber}\n`, `>>> '${this.line}'\n`)
    }
    return [...lines, `${this.message}\n`]
  }
}

/**
 * @param text  the file, one character a byte
 * @throws ManifestError
 */
export function parseManifest(text: string, path: string): Manifest {
  const reading = new ManifestReading(path)
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at)
    const end = Math.min(newline < 0 ? text.length : newline + 1, at + LINE_BYTES_MAX)
    reading.take(text.slice(at, end))
    at = end
  }
  return reading.finish()
}

class ManifestReading {
  private readonly path: string
  private lineNumber: number
  private line: string | undefined
  private base: AofPart | undefined
  private readonly history: AofPart[]
  private readonly increments: AofPart[]

  constructor(path: string) {
    this.path = path
    this.lineNumber = 0
    this.line = undefined
    this.base = undefined
    this.history = []
    this.increments = []
  }

  take(raw: string): void {
    this.lineNumber++
    this.line = undefined
    if (raw.startsWith('#')) return
    if (!raw.endsWith('\n')) this.fail('The AOF manifest file contains too long line')
    this.line = trimBlanks(raw)
    const words = this.line === '' ? undefined : splitWords(this.line)
    if (words === undefined || words.length < WORDS_MIN || words.length % 2 !== 0) {
      this.fail('Invalid AOF manifest file format')
    }
    this.add(words)
  }

  finish(): Manifest {
    this.line = undefined
    if (this.lineNumber === 0) this.fail('Found an empty AOF manifest')
    const { base, history, increments } = this
    const baseSequence = base?.sequence ?? 0
    return new Manifest({ base, history, increments, baseSequence, incrementSequence: this.lastSequence })
  }

  private get lastSequence(): number {
    return this.increments.at(-1)?.sequence ?? 0
  }

  private add(words: readonly string[]): void {
    const name = this.nameIn(words)
    const sequence = Number.parseInt(valueOf(words, 'seq') ?? '', 10) || 0
    const type = (valueOf(words, 'type') ?? '').charAt(0)
    if (name === undefined || sequence === 0 || type === '') this.fail('Invalid AOF manifest file format')
    const part = { name, sequence }
    if (type === 'b') {
      if (this.base !== undefined) this.fail('Found duplicate base file information')
      this.base = part
    } else if (type === 'h') this.history.push(part)
    else if (type === 'i') {
      if (sequence <= this.lastSequence) this.fail('Found a non-monotonic sequence number')
      this.increments.push(part)
    } else this.fail('Unknown AOF file type')
  }

  private nameIn(words: readonly string[]): string | undefined {
    const name = valueOf(words, 'file')
    if (name?.includes('/') === true || name?.includes('\\') === true) {
      this.fail("File can't be a path, just a filename")
    }
    return name
  }

  private fail(message: string): never {
    throw new ManifestError(message, this.path, this.lineNumber, this.line)
  }
}

/** The word behind the last `key`, which stands at an even place. */
function valueOf(words: readonly string[], key: string): string | undefined {
  let value: string | undefined
  for (let i = 0; i + 1 < words.length; i += 2) if (lowerAscii(words[i]!) === key) value = words[i + 1]
  return value
}

function lineOf({ name, sequence }: AofPart, type: 'b' | 'h' | 'i'): string {
  return `file ${quoteIfNeeded(name)} seq ${sequence} type ${type}\n`
}

function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start++
  while (end > start && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}
