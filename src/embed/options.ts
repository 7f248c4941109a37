/** What a store is created with, and how that becomes a configuration. */

import { latin1, utf8Bytes } from '../base/bytes.js'
import type { LogLevel } from '../base/environment.js'
import { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { quote } from '../config/file-syntax.js'
import type { Parameter } from '../config/parameter.js'
import { findParameter, PARAMETER_NAMES, type ParameterName, type ValueOf } from '../config/parameters.js'
import type { SessionOptions } from './direct-client.js'

/** Parameters of redis.conf by name; each as its typed value, or as the text that a file would hold. */
export type ConfigOptions = { readonly [Name in ParameterName]?: ValueOf<Name> | string }

export interface StoreOptions extends SessionOptions {
  /** Parameters that differ from their defaults: `{ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' }`. */
  readonly config?: ConfigOptions
  /**
   * `real` (the default), or `virtual`: time stands still until `store.time.advance` moves it. A virtual clock starts at the
   * beginning of 2024 UTC, or at the given moment.
   */
  readonly clock?: 'real' | 'virtual' | { readonly startMs: number }
  /** Makes chance repeatable (RANDOMKEY, SPOP, LFU counters, the order of keys). Without it, chance is the system's. */
  readonly seed?: number
  /** What becomes of an error that a command replies: the `call` methods throw it (the default), or return it. */
  readonly errors?: 'throw' | 'return'
  /** Receives what a server would log, from the level of `loglevel` on; nothing is logged without it. */
  readonly log?: (level: LogLevel, message: string) => void
  /** Overwrites memory when it is freed, so that a use of it afterwards shows; slow, for tests of Spinel itself. */
  readonly poisonsMemory?: boolean
}

/** 2024-01-01T00:00:00Z */
const VIRTUAL_START_MS = 1_704_067_200_000

/** A store in a program listens nowhere and saves nothing unless it is told to. */
const EMBEDDED: ConfigOptions = { port: 0, save: '' }

/** The moment a virtual clock starts at; undefined for the real clock. */
export function virtualStartMs({ clock = 'real' }: StoreOptions): number | undefined {
  if (clock === 'real') return undefined
  const startMs = clock === 'virtual' ? VIRTUAL_START_MS : clock.startMs
  if (!Number.isSafeInteger(startMs) || startMs < 0)
    throw new RangeError('clock.startMs is not a whole number of milliseconds')
  return startMs
}

/** @throws ConfigError when a parameter is unknown or its value is refused; the message names it */
export function configOf(options: ConfigOptions): Config {
  const config = new Config()
  for (const [name, value] of Object.entries({ ...EMBEDDED, ...options })) {
    if (value !== undefined) setParameter(config, name, value)
  }
  return config
}

/** A configuration with the same values. */
export function copyConfig(from: Config): Config {
  const config = new Config()
  for (const name of PARAMETER_NAMES)
    if (from.text(name) !== config.text(name)) config.assign(name, from.values[name] as never)
  return config
}

function setParameter(config: Config, name: string, value: unknown): void {
  const named = findParameter(name)
  if (named === undefined) throw new ConfigError(`There is no parameter '${name}'`)
  const { type }: Parameter<unknown> = named.parameter
  const text = typeof value === 'string' ? byteString(value) : type.format(value)
  try {
    config.load({ options: `${named.shown} ${quote(text)}` })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(`The value of '${name}' is refused: ${error.message}`)
  }
}

/** Text as the configuration keeps it: one character for each byte of its UTF-8. */
function byteString(text: string): string {
  const bytes = utf8Bytes(text)
  return latin1(bytes, 0, bytes.length)
}
