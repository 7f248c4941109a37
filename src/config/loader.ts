/**
 * Reads configuration text line by line into a `LoadTarget`.
 *
 * The file, standard input and the options of the command line are one text, in this order; a later line overrides an
 * earlier one. Included files are read where the `include` stands. The first bad line ends everything with a ConfigError.
 *
 * Departures from the reference: includes nest to a bounded depth and number; a file that lacks a final newline does not
 * run into the next one, or into standard input.
 */

import { ConfigError, ConfigFileError, type ConfigLine } from './config-error.js'
import { type ConfigFiles, readText, systemErrorText } from './config-files.js'
import { OBSOLETE } from './directives.js'
import { isComment, lowerAscii, splitLines, splitWords } from './file-syntax.js'
import { findParameter, type NamedParameter } from './parameters.js'

const INCLUDE_DEPTH_MAX = 16
const INCLUDE_FILES_MAX = 1000

/** Where a value came from. */
export type Source = 'default' | 'file' | 'command line' | 'runtime'

/** What lines are delivered to. A text that is returned says why the line is refused. */
export interface LoadTarget {
  /** @param addsSavePoints  the parameter is `save`, and an earlier line gave save points */
  setParameter(
    named: NamedParameter,
    words: readonly string[],
    source: Source,
    addsSavePoints: boolean,
  ): string | undefined
  addUser(words: readonly string[], line: ConfigLine): string | undefined
  addRename(from: string, to: string): string | undefined
  addModule(path: string, args: readonly string[]): void
  addModuleParameter(name: string, value: string): void
  addSentinel(words: readonly string[], line: ConfigLine): string | undefined
  /** Called when a text, also an included one, has been read to its end: does all of it fit together? */
  check(): string | undefined
}

export interface LoadRequest {
  /** A file, or a pattern. */
  readonly path?: string | undefined
  readonly standardInput?: string | undefined
  /** Configuration text from the command line. */
  readonly options?: string | undefined
}

export class Loader {
  private readonly target: LoadTarget
  private readonly files: ConfigFiles | undefined
  private filesRead = 0
  private hasSavePoints = false
  /** The reference forgets that it is reading a file once an included one ends: from then on `save` lines stand alone. */
  private savePointsAdd = false

  constructor(target: LoadTarget, files: ConfigFiles | undefined) {
    this.target = target
    this.files = files
  }

  /** @throws ConfigError */
  load(request: LoadRequest): void {
    const fileText = request.path === undefined ? '' : this.readFiles(request.path)
    const text = joinTexts([fileText, request.standardInput ?? ''])
    if (request.options === undefined) this.readLines(text, Infinity, 0)
    else this.readLines(`${text}\n${request.options}`, text.split('\n').length + 1, 0)
  }

  private readLines(text: string, optionsFrom: number, depth: number): void {
    this.savePointsAdd = true
    for (const [index, lineText] of splitLines(text).entries()) {
      if (isComment(lineText)) continue
      const line = { number: index + 1, text: lineText }
      const words = splitWords(lineText)
      if (words === undefined) throw new ConfigError('Unbalanced quotes in configuration line', line)
      if (words.length === 0) continue
      const source = line.number >= optionsFrom ? 'command line' : 'file'
      const [name, ...args] = words
      const reason = this.readLine(lowerAscii(name!), args, line, source, depth)
      if (reason !== undefined) throw new ConfigError(reason, line)
    }
    const reason = this.target.check()
    if (reason !== undefined) throw new ConfigError(reason)
    this.savePointsAdd = false
  }

  private readLine(
    name: string,
    args: readonly string[],
    line: ConfigLine,
    source: Source,
    depth: number,
  ): string | undefined {
    const named = findParameter(name)
    if (named !== undefined) return this.readParameter(named, args, source)
    if (OBSOLETE.has(name) && args.length === 1) return undefined
    if (name === 'include' && args.length === 1) return this.include(args[0]!, depth + 1)
    if (name === 'rename-command' && args.length === 2) return this.target.addRename(args[0]!, args[1]!)
    if (name === 'user' && args.length >= 1) return this.target.addUser(args, line)
    if (name === 'loadmodule' && args.length >= 1) {
      this.target.addModule(args[0]!, args.slice(1))
      return undefined
    }
    if (name.includes('.')) {
      if (args.length === 0) return 'Module config specified without value'
      this.target.addModuleParameter(name, args.join(' '))
      return undefined
    }
    // A bare "sentinel" only selects the mode, which has happened before anything is read.
    if (name === 'sentinel') return args.length === 0 ? undefined : this.target.addSentinel(args, line)
    return 'Bad directive or wrong number of arguments'
  }

  private readParameter(named: NamedParameter, args: readonly string[], source: Source): string | undefined {
    const isSave = named.name === 'save'
    const addsSavePoints = isSave && this.savePointsAdd && this.hasSavePoints
    if (isSave && this.savePointsAdd) this.hasSavePoints = true
    if (!named.parameter.type.takesMany) {
      if (args.length !== 1) return 'wrong number of arguments'
      return this.target.setParameter(named, args, source, false)
    }
    // `--save "3600 1 300 100"`: a single argument may hold them all.
    const words = args.length === 1 && args[0] !== '' ? (splitWords(args[0]!) ?? []) : args
    return this.target.setParameter(named, words, source, addsSavePoints)
  }

  private include(path: string, depth: number): string | undefined {
    if (depth > INCLUDE_DEPTH_MAX) return 'Includes are nested too deeply'
    if (this.files === undefined) return 'There are no files to include here'
    this.readLines(this.readFiles(path), Infinity, depth)
    return undefined
  }

  /** The text of a file, or of all files a pattern matches. */
  private readFiles(path: string): string {
    const { files } = this
    if (files === undefined) throw new ConfigFileError(path, 'there are no files here')
    const paths = /[*?[]/.test(path) ? files.glob(path) : [path]
    return joinTexts(paths.map((each) => this.readFile(files, each)))
  }

  private readFile(files: ConfigFiles, path: string): string {
    this.filesRead++
    if (this.filesRead > INCLUDE_FILES_MAX) throw new ConfigFileError(path, 'too many files are included')
    try {
      return readText(files, path)
    } catch (error) {
      throw new ConfigFileError(path, systemErrorText(error))
    }
  }
}

/** Joins texts so that each starts on a line of its own. */
function joinTexts(texts: readonly string[]): string {
  const filled = texts.filter((text) => text !== '')
  const isLast = (index: number): boolean => index === filled.length - 1
  return filled.map((text, index) => (isLast(index) || text.endsWith('\n') ? text : `${text}\n`)).join('')
}
