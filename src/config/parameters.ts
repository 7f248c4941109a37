/** All parameters, by area, and the types that follow from them. */

import { lowerAscii } from './file-syntax.js'
import type { Parameter, ParameterTable } from './parameter.js'
import { cluster } from './parameters/cluster.js'
import { collections } from './parameters/collections.js'
import { general } from './parameters/general.js'
import { introspection } from './parameters/introspection.js'
import { memoryLimits } from './parameters/memory.js'
import { networking } from './parameters/networking.js'
import { persistence } from './parameters/persistence.js'
import { pubsub } from './parameters/pubsub.js'
import { replication } from './parameters/replication.js'
import { security } from './parameters/security.js'
import { tls } from './parameters/tls.js'

export const PARAMETERS = {
  ...networking,
  ...tls,
  ...general,
  ...persistence,
  ...replication,
  ...security,
  ...memoryLimits,
  ...cluster,
  ...introspection,
  ...pubsub,
  ...collections,
}

/** The areas in the order of the sample file, with their headings. */
export const AREAS: readonly (readonly [heading: string, table: ParameterTable])[] = [
  ['Network and clients', networking],
  ['TLS', tls],
  ['General', general],
  ['Persistence: snapshots and the append-only file', persistence],
  ['Replication', replication],
  ['Security and scripts', security],
  ['Memory', memoryLimits],
  ['Cluster', cluster],
  ['Slow log and latency', introspection],
  ['Keyspace events and tracking', pubsub],
  ['Encodings of collections', collections],
]

export type ParameterName = keyof typeof PARAMETERS

export type ValueOf<Name extends ParameterName> =
  (typeof PARAMETERS)[Name] extends Parameter<infer Value> ? Value : never

/** The typed values of all parameters, under their primary names. */
export type ConfigValues = { readonly [Name in ParameterName]: ValueOf<Name> }

/** A name a parameter goes by. The reference treats an alias as a parameter of its own that shares the value. */
export interface NamedParameter {
  /** In lower case; what CONFIG GET and error texts show. */
  readonly shown: string
  readonly name: ParameterName
  readonly parameter: Parameter<unknown>
}

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[]

/** Every name, aliases right after the names they stand for. */
const BY_NAME: ReadonlyMap<string, NamedParameter> = new Map(
  PARAMETER_NAMES.flatMap((name) => {
    const parameter: Parameter<unknown> = PARAMETERS[name]
    const names = parameter.alias === undefined ? [name] : [name, parameter.alias]
    return names.map((shown): [string, NamedParameter] => [shown, { shown, name, parameter }])
  }),
)

/** Finds a parameter by its name or alias, in any case. */
export function findParameter(name: string): NamedParameter | undefined {
  return BY_NAME.get(lowerAscii(name))
}

export function allParameterNames(): IterableIterator<NamedParameter> {
  return BY_NAME.values()
}
