/** A parameter: one row of the tables in `parameters/`, from which everything else about it derives. */

import type { ValueType } from './value-type.js'

/** Restrictions and hints; a parameter without `immutable` can be changed by CONFIG SET. */
export const ParameterFlag = {
  /** Set on start-up only. */
  immutable: 1,
  /** The value must not show up in logs, MONITOR or SLOWLOG. */
  sensitive: 2,
  /** CONFIG SET needs `enable-protected-configs`. */
  protected: 4,
  /** CONFIG SET is refused while the data set is being loaded. */
  denyLoading: 8,
  /** CONFIG GET shows it only when asked for by its exact name. */
  hidden: 16,
  /** Setting it to the value it has still counts as a change: the file behind it may be another one. */
  volatile: 32,
  /** Printed in the crash report. */
  debug: 64,
} as const

/**
 * The part of Spinel that makes a parameter effective. A parameter whose part is not there yet is accepted and kept;
 * `none` has no meaning here and stays that way.
 */
export const GENERATIONS = {
  now: 'The server core: connections, limits, expiry, introspection.',
  collections: 'Lists, sets, hashes, sorted sets, streams and their encodings.',
  pubsub: 'Publish/subscribe, keyspace events and client-side caching.',
  eviction: 'Eviction of keys and clients, and active defragmentation.',
  acl: 'Users and their permissions.',
  persistence: 'RDB and AOF files.',
  scripting: 'Lua scripts and functions.',
  replication: 'Primaries and replicas.',
  cluster: 'Cluster mode.',
  sentinel: 'Sentinel.',
  tls: 'Encrypted connections.',
  none: 'Accepted, kept and without effect: it steers something Spinel does not have.',
} as const

export type Generation = keyof typeof GENERATIONS

/** What a figure counts; shown in the sample file. */
export type Unit = 'bytes' | 'seconds' | 'milliseconds' | 'microseconds' | 'percent' | 'entries' | 'per second'

export interface ParameterFacts {
  /** An older or newer name of the same parameter, equally valid. */
  readonly alias?: string
  readonly flags?: number
  readonly unit?: Unit
  /** The Redis release that brought the name; for parameters of our own, the Spinel release. */
  readonly since: string
  readonly generation: Generation
  /** Not a parameter of the reference. */
  readonly isOwn?: boolean
  /** What the sample file shows where the default is no valid text. */
  readonly example?: string
  readonly doc: string
}

export interface Parameter<Value> extends ParameterFacts {
  readonly type: ValueType<Value>
  readonly default: Value
  readonly flags: number
}

export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>

export function parameter<Value>(type: ValueType<Value>, initial: Value, facts: ParameterFacts): Parameter<Value> {
  return { ...facts, type, default: initial, flags: facts.flags ?? 0 }
}
