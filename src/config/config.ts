/**
 * The configuration of a store: reads redis.conf and the command line, answers CONFIG GET, SET and REWRITE, and tells
 * subsystems what changed. Everything about a single parameter stands in its row, in `parameters/`.
 */

import { latin1Bytes } from '../base/bytes.js'
import type { Log } from '../base/environment.js'
import { globMatch } from '../base/glob.js'
import { ErrorReply } from '../protocol/errors.js'
import type { CommandLine } from './command-line.js'
import type { ConfigLine } from './config-error.js'
import { type ConfigFiles, readText, systemErrorCode, systemErrorText, writeText } from './config-files.js'
import { DIRECTIVES } from './directives.js'
import { quoteIfNeeded } from './file-syntax.js'
import { Loader, type LoadRequest, type LoadTarget, type Source } from './loader.js'
import { type Parameter, ParameterFlag } from './parameter.js'
import {
  allParameterNames,
  type ConfigValues,
  findParameter,
  type NamedParameter,
  PARAMETER_NAMES,
  type ParameterName,
  PARAMETERS,
  type ValueOf,
} from './parameters.js'
import { RewriteState } from './rewrite.js'
import { type Apply, type Pair, type SetCircumstances, type SetOutcome, Setter } from './setter.js'
import { ConfigState } from './state.js'

export interface ConfigOptions {
  readonly isSentinel?: boolean
  /** Without files there are no includes, no rewriting, and `dir` is any text. */
  readonly files?: ConfigFiles
  readonly log?: Log
}

/** Lets the owner of an option that is no parameter describe it on CONFIG REWRITE. */
export type Rewriter = (state: RewriteState) => void

/** Checks on lines whose meaning other parts know; each returns why the line is refused. */
export interface DirectiveChecks {
  user?(words: readonly string[]): string | undefined
  renameCommand?(from: string, to: string): string | undefined
}

/** A line kept for the part that understands it, without its first word. */
export interface KeptLine {
  readonly words: readonly string[]
  readonly line: ConfigLine
}

export class Config {
  /** The values in force; a live view, for reading only. */
  readonly values: ConfigValues
  /** Absolute path of the file in use; undefined when there is none. */
  configFile: string | undefined = undefined

  // Lines for others, in the order read.
  readonly users: KeptLine[] = []
  readonly sentinelLines: KeptLine[] = []
  readonly renames: { readonly from: string; readonly to: string }[] = []
  readonly modules: { readonly path: string; readonly args: readonly string[] }[] = []
  readonly moduleParameters: Map<string, string> = new Map()

  private readonly state: ConfigState
  private readonly setter: Setter
  private readonly rewriters: Rewriter[] = []

  constructor(options: ConfigOptions = {}) {
    this.state = new ConfigState(options.isSentinel ?? false, options.files, options.log)
    this.setter = new Setter(this.state)
    this.values = this.state.values
  }

  get isSentinel(): boolean {
    return this.state.isSentinel
  }

  /** The value as CONFIG GET shows it, exact also where the number is not. */
  text(name: ParameterName): string {
    return this.state.text(name)
  }

  source(name: ParameterName): Source {
    return this.state.get(name).source
  }

  /** Calls `apply` once after each CONFIG SET that changed any of `names`, in the order of registration. */
  onChange(names: readonly ParameterName[], apply: Apply): void {
    this.setter.listen(names, apply)
  }

  onRewrite(rewriter: Rewriter): void {
    this.rewriters.push(rewriter)
  }

  /** Sets a value on the server's own account, e.g. after REPLICAOF or to lower maxclients. Nobody is told. */
  assign<Name extends ParameterName>(name: Name, value: ValueOf<Name>): void {
    const { type }: Parameter<unknown> = PARAMETERS[name]
    this.state.store(name, type.format(value), 'runtime')
  }

  /**
   * Reads a file, standard input and options of the command line, in this order.
   *
   * @throws ConfigError  what was read before the bad line stays in force
   */
  load(request: LoadRequest, checks: DirectiveChecks = {}): void {
    new Loader(this.loadTarget(checks), this.state.files).load(request)
  }

  /** Reads what a command line asks for, and remembers its file for CONFIG REWRITE. */
  loadCommandLine(line: CommandLine, standardInput: string, checks: DirectiveChecks = {}): void {
    const { configFile, readsStandardInput, options } = line
    if (configFile !== undefined) this.configFile = this.state.files?.absolutePath(configFile) ?? configFile
    if (readsStandardInput) this.state.log?.write('notice', 'Reading config from stdin')
    this.load({ path: this.configFile, standardInput: readsStandardInput ? standardInput : undefined, options }, checks)
  }

  /**
   * CONFIG GET: name and text of every parameter that is named or matches a pattern, each once, in the order asked for and
   * then that of the table (the reference has none). A name is shown as it was asked for; an alias is a name of its own.
   */
  get(patterns: readonly string[]): (readonly [name: string, text: string])[] {
    const matches = new Map<string, readonly [string, string]>()
    const add = (shown: string, named: NamedParameter | undefined): void => {
      if (named !== undefined && !matches.has(named.shown)) matches.set(named.shown, [shown, this.text(named.name)])
    }
    for (const pattern of patterns) {
      if (!/[[*?]/.test(pattern)) {
        add(pattern, findParameter(pattern))
        continue
      }
      for (const named of allParameterNames()) {
        const isHidden = (named.parameter.flags & ParameterFlag.hidden) !== 0
        if (!isHidden && matchesName(pattern, named.shown)) add(named.shown, named)
      }
    }
    return [...matches.values()]
  }

  /**
   * CONFIG SET: all or nothing.
   *
   * @returns the error to reply with, undefined on success; a promise of it when a subsystem needs time, or when an earlier
   *          change is still under way
   */
  set(pairs: readonly Pair[], circumstances: SetCircumstances): SetOutcome | Promise<SetOutcome> {
    return this.setter.set(pairs, circumstances)
  }

  /** A change is under way: `set` will answer later, whatever it is asked. */
  get isChanging(): boolean {
    return this.setter.isChanging
  }

  /** Whether the value given to this name must be kept out of logs. */
  isSensitive(name: string): boolean {
    return ((findParameter(name)?.parameter.flags ?? 0) & ParameterFlag.sensitive) !== 0
  }

  /**
   * CONFIG REWRITE as a function of the old file, undefined when there was none.
   *
   * @param forceAll  write every parameter, also those at their default
   */
  rewrite(oldText: string | undefined, forceAll = false): string {
    const rewrite = new RewriteState(oldText, { resolve: resolveOption, isSentinel: this.isSentinel, forceAll })
    // Behind an include only the last `save` line would count (see loader.ts), so there is one.
    const mergesSaves = rewrite.mentions('include')
    for (const name of PARAMETER_NAMES) rewrite.put(name, this.state.lines(name, mergesSaves))
    const modules = this.modules.map(({ path, args }) =>
      ['loadmodule', ...[path, ...args].map(quoteIfNeeded)].join(' '),
    )
    rewrite.put(
      'loadmodule',
      modules.map((line) => ({ line, isForced: true })),
    )
    for (const rewriter of this.rewriters) rewriter(rewrite)
    return rewrite.finish()
  }

  /** CONFIG REWRITE on the file in use. Returns the error to reply with, undefined on success. */
  rewriteFile(forceAll = false): ErrorReply | undefined {
    const { configFile, state } = this
    if (state.files === undefined || configFile === undefined) return ErrorReply.configNoFile
    try {
      writeText(state.files, configFile, this.rewrite(readIfThere(state.files, configFile), forceAll))
      state.log?.write('notice', 'CONFIG REWRITE executed with success.')
      return undefined
    } catch (error) {
      const reason = systemErrorText(error)
      state.warn(`CONFIG REWRITE failed: ${reason}`)
      return ErrorReply.configRewrite(reason)
    }
  }

  /** The parameters a crash report shows, as lines of a file. */
  debugLines(): string[] {
    const names = PARAMETER_NAMES.filter((name) => (PARAMETERS[name].flags & ParameterFlag.debug) !== 0)
    return names.flatMap((name) => this.state.lines(name).map(({ line }) => line))
  }

  private loadTarget(checks: DirectiveChecks): LoadTarget {
    return {
      setParameter: (named, words, source, saveAdds) => this.state.read(named, words, source, saveAdds),
      addUser: (words, line) => {
        this.users.push({ words, line })
        return checks.user?.(words)
      },
      addRename: (from, to) => {
        this.renames.push({ from, to })
        return checks.renameCommand?.(from, to)
      },
      addModule: (path, args) => {
        this.modules.push({ path, args })
      },
      addModuleParameter: (name, value) => {
        this.moduleParameters.set(name, value)
      },
      addSentinel: (words, line) => {
        if (!this.isSentinel) return 'sentinel directive while not in sentinel mode'
        this.sentinelLines.push({ words, line })
        return undefined
      },
      check: () => this.checkWhole(),
    }
  }

  /** What no line alone shows. */
  private checkWhole(): string | undefined {
    if (!this.values['cluster-enabled']) return undefined
    if (this.values.replicaof !== undefined) return 'replicaof directive not allowed in cluster mode'
    const { databases } = this.values
    if (databases > 1) {
      this.state.warn(`WARNING: Changing databases number from ${databases} to 1 since we are in cluster mode`)
      this.state.store('databases', '1', this.source('databases'))
    }
    return undefined
  }
}

/** The option a line of a file belongs to, under its primary name. */
function resolveOption(option: string): string | undefined {
  return findParameter(option)?.name ?? (DIRECTIVES.has(option) ? option : undefined)
}

function matchesName(pattern: string, name: string): boolean {
  const patternBytes = latin1Bytes(pattern)
  const nameBytes = latin1Bytes(name)
  return globMatch(patternBytes, 0, patternBytes.length, nameBytes, 0, nameBytes.length, true)
}

function readIfThere(files: ConfigFiles, path: string): string | undefined {
  try {
    return readText(files, path)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
