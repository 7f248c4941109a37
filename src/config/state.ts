/** The values in force: the canonical text of each parameter, where it came from, and what is derived from it. */

import type { Log } from '../base/environment.js'
import { type ConfigFiles, systemErrorText } from './config-files.js'
import type { Source } from './loader.js'
import type { Parameter } from './parameter.js'
import {
  type ConfigValues,
  type NamedParameter,
  PARAMETER_NAMES,
  type ParameterName,
  PARAMETERS,
} from './parameters.js'
import { type ValueContext, Refusal, type RewriteLine } from './value-type.js'

const SENTINEL_PORT = '26379'

/** A value as it was at some moment. */
export interface Held {
  readonly text: string
  readonly source: Source
}

export class ConfigState {
  /** A live view, for reading only. */
  readonly values: ConfigValues
  readonly isSentinel: boolean
  readonly files: ConfigFiles | undefined
  readonly log: Log | undefined
  private readonly held: Map<ParameterName, Held> = new Map()
  private readonly mutableValues: Record<string, unknown> = {}

  constructor(isSentinel: boolean, files: ConfigFiles | undefined, log: Log | undefined) {
    this.isSentinel = isSentinel
    this.files = files
    this.log = log
    this.values = this.mutableValues as ConfigValues
    for (const name of PARAMETER_NAMES) this.store(name, defaultText(name), 'default')
    if (files !== undefined) this.store('dir', files.workingDirectory(), 'default')
    if (isSentinel) {
      this.store('port', SENTINEL_PORT, 'default')
      this.store('protected-mode', 'no', 'default')
    }
  }

  text(name: ParameterName): string {
    return this.get(name).text
  }

  get(name: ParameterName): Held {
    return this.held.get(name)!
  }

  store(name: ParameterName, text: string, source: Source): void {
    this.held.set(name, { text, source })
    this.mutableValues[name] = PARAMETERS[name].type.value(text)
  }

  /** Reads and stores a value; returns why it is refused. */
  read(named: NamedParameter, words: readonly string[], source: Source, saveAdds = false): string | undefined {
    const outcome = named.parameter.type.read(words, this.text(named.name), this.context(saveAdds))
    if (outcome instanceof Refusal) return outcome.reason
    this.store(named.name, outcome, source)
    return undefined
  }

  restore(before: ReadonlyMap<ParameterName, Held>): void {
    for (const [name, { text, source }] of before) {
      // The working directory is the one value that takes effect by being read.
      if (name === 'dir' && this.text(name) !== text) this.enterDirectory(text)
      this.store(name, text, source)
    }
  }

  /** The lines that restore a parameter. */
  lines(name: ParameterName, mergesSaves = false): readonly RewriteLine[] {
    const { type }: Parameter<unknown> = PARAMETERS[name]
    return type.rewrite(name, this.text(name), defaultText(name), { ...this.context(false), mergesSaves })
  }

  warn(message: string): void {
    this.log?.write('warning', message)
  }

  private context(saveAdds: boolean): ValueContext {
    return {
      textOf: (name) => this.text(name as ParameterName),
      isSentinel: this.isSentinel,
      saveAdds,
      mergesSaves: false,
      enterDirectory: (path) => this.enterDirectory(path),
      warn: (message) => this.warn(message),
    }
  }

  private enterDirectory(path: string): string | Refusal {
    if (this.files === undefined) return path
    if (path === '') return new Refusal('No such file or directory')
    try {
      this.files.changeDirectory(path)
      return this.files.workingDirectory()
    } catch (error) {
      return new Refusal(systemErrorText(error))
    }
  }
}

function defaultText(name: ParameterName): string {
  const { type, default: initial }: Parameter<unknown> = PARAMETERS[name]
  return type.format(initial)
}
