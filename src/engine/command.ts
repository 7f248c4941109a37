/**
 * One object per command: what it is called, what it takes, touches and answers, and how it runs.
 *
 * COMMAND INFO, DOCS and LIST, access control, key extraction, cluster routing, generated tests and the reply check derive
 * from these objects. `defineCommand` checks and freezes; the registry gives numbers.
 */

import { assert } from '../base/assert.js'
import type { Call } from './call.js'

/** What COMMAND INFO shows as flags, and what admission asks. */
export const Flag = {
  write: 1 << 0,
  readOnly: 1 << 1,
  denyOom: 1 << 2,
  module: 1 << 3,
  admin: 1 << 4,
  pubsub: 1 << 5,
  noScript: 1 << 6,
  blocking: 1 << 8,
  loading: 1 << 9,
  stale: 1 << 10,
  skipMonitor: 1 << 11,
  skipSlowlog: 1 << 12,
  asking: 1 << 13,
  fast: 1 << 14,
  noAuth: 1 << 15,
  mayReplicate: 1 << 16,
  sentinel: 1 << 17,
  onlySentinel: 1 << 18,
  noMandatoryKeys: 1 << 19,
  protected: 1 << 20,
  noAsyncLoading: 1 << 23,
  noMulti: 1 << 24,
  movableKeys: 1 << 25,
  allowBusy: 1 << 26,
  touchesArbitraryKeys: 1 << 28,
} as const

/** Bits of `COMMAND INFO` flags in the order and with the names a client sees. */
export const flagNames: readonly (readonly [number, string])[] = [
  [Flag.write, 'write'],
  [Flag.readOnly, 'readonly'],
  [Flag.denyOom, 'denyoom'],
  [Flag.module, 'module'],
  [Flag.admin, 'admin'],
  [Flag.pubsub, 'pubsub'],
  [Flag.noScript, 'noscript'],
  [Flag.blocking, 'blocking'],
  [Flag.loading, 'loading'],
  [Flag.stale, 'stale'],
  [Flag.skipMonitor, 'skip_monitor'],
  [Flag.skipSlowlog, 'skip_slowlog'],
  [Flag.asking, 'asking'],
  [Flag.fast, 'fast'],
  [Flag.noAuth, 'no_auth'],
  [Flag.noMandatoryKeys, 'no_mandatory_keys'],
  [Flag.noAsyncLoading, 'no_async_loading'],
  [Flag.noMulti, 'no_multi'],
  [Flag.movableKeys, 'movablekeys'],
  [Flag.allowBusy, 'allow_busy'],
]

/** What a command does with a key: how it uses the value (one of the first four), and what it does with the data. */
export const Access = {
  readOnly: 1 << 0,
  readWrite: 1 << 1,
  overwrite: 1 << 2,
  remove: 1 << 3,
  /** Returns, copies or uses the user's data. */
  returnsData: 1 << 4,
  /** Changes data, possibly based on what is there. */
  update: 1 << 5,
  /** Adds data without reading or changing what is there. */
  insert: 1 << 6,
  /** Deletes content from the key's value. */
  delete: 1 << 7,
  notKey: 1 << 8,
  incomplete: 1 << 9,
  variableFlags: 1 << 10,
} as const

export const accessNames: readonly (readonly [number, string])[] = [
  [Access.readOnly, 'RO'],
  [Access.readWrite, 'RW'],
  [Access.overwrite, 'OW'],
  [Access.remove, 'RM'],
  [Access.returnsData, 'access'],
  [Access.update, 'update'],
  [Access.insert, 'insert'],
  [Access.delete, 'delete'],
  [Access.notKey, 'not_key'],
  [Access.incomplete, 'incomplete'],
  [Access.variableFlags, 'variable_flags'],
]

/**
 * Where keys stand among the arguments. The search begins at a fixed index (`at`) or after a keyword; keys then follow as a
 * range, or as many as a count argument says.
 */
export interface KeySpec {
  /** Index of the first key; the command name is 0. */
  readonly at?: number
  /** Keys follow this word, looked for from `from` (negative: backwards from the end). */
  readonly keyword?: string
  readonly from?: number
  /** Last key, relative to the first: 0 is the same, -1 the last argument, -2 the last but one; with `limit` see there. */
  readonly last?: number
  /** Distance from one key to the next. */
  readonly step?: number
  /** With last = -1: 2 means that the first half of the rest are keys, and so on; 0 and 1 mean no limit. */
  readonly limit?: number
  /** The keys are counted by an argument, this far behind where the search began. */
  readonly count?: { readonly index: number; readonly first: number; readonly step: number }
  /** The positions cannot be told by this specification alone. */
  readonly isUnknown?: boolean
  readonly access: number
  readonly notes?: string
}

export type ArgumentType =
  | 'string' | 'integer' | 'double' | 'key' | 'pattern' | 'unix-time' | 'pure-token' | 'oneof' | 'block' // prettier-ignore

/**
 * An argument, as COMMAND DOCS describes it. The short form is a text: `name:type` and then any of `optional`, `multiple`,
 * `multiple-token`, `token=WORD`, `key=0` (which key spec), `display=TEXT`, `since=7.0.0`, `deprecated=6.2.0`, in any order. For example
 * `'key:key'` (the n-th key argument belongs to the n-th key spec), `'seconds:integer token=EX'`, `'nx:pure-token token=NX'`.
 */
export interface ArgumentSpec {
  readonly name: string
  readonly type: ArgumentType
  readonly display?: string
  readonly token?: string
  readonly keySpec?: number
  readonly summary?: string
  readonly since?: string
  readonly deprecatedSince?: string
  readonly isOptional?: boolean
  readonly isMultiple?: boolean
  readonly isMultipleToken?: boolean
  readonly args?: readonly Argument[]
}

export type Argument = string | ArgumentSpec

export type CommandGroup =
  | 'generic' | 'string' | 'list' | 'set' | 'sorted-set' | 'hash' | 'pubsub' | 'transactions' | 'connection' | 'server'
  | 'scripting' | 'hyperloglog' | 'cluster' | 'sentinel' | 'geo' | 'stream' | 'bitmap' | 'module' // prettier-ignore

/** Access-control categories that do not follow from the flags. */
export type CommandCategory =
  | 'keyspace' | 'set' | 'sortedset' | 'list' | 'hash' | 'string' | 'bitmap' | 'hyperloglog' | 'geo' | 'stream' | 'pubsub'
  | 'admin' | 'dangerous' | 'connection' | 'transaction' | 'scripting' | 'read' | 'write' | 'fast' | 'slow' | 'blocking' // prettier-ignore

/**
 * The shapes a successful reply can have, alternatives joined by `|`: `ok`, `simple`, `integer`, `bulk`, `nil`, `nil-array`, `double`,
 * `boolean`, `array`, `map`, `set`, `verbatim`, `unordered` (an array whose order means nothing), `any`.
 */
export type ReplyShape = string

export interface CommandDefinition {
  /** Upper case; of a subcommand, its own word alone. */
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly group: CommandGroup
  readonly complexity?: string
  /** Number of words with the name (and subcommand); negative: at least so many. */
  readonly arity: number
  readonly flags: number
  readonly acl?: readonly CommandCategory[]
  readonly keys?: readonly KeySpec[]
  readonly args?: readonly Argument[]
  readonly reply?: ReplyShape
  /** Hints for clients and proxies: nondeterministic_output, request_policy:all_shards, … */
  readonly tips?: readonly string[]
  readonly history?: readonly (readonly [version: string, change: string])[]
  readonly deprecatedSince?: string
  readonly replacedBy?: string
  readonly docFlags?: readonly ('deprecated' | 'syscmd')[]
  readonly subcommands?: readonly CommandSpec[]
  /** Lines of HELP, as the reference prints them but in own words; containers only. */
  readonly help?: readonly string[]
  /** Finds the keys of a call when the key specs cannot: appends argument indexes to `into`. Undefined reply: invalid arguments. */
  findKeys?(call: KeyFinderCall, into: number[]): boolean
  /**
   * What a call does with the key at argument `index`, for commands whose key specs cannot say: those that hold
   * `variableFlags`, and those whose keys come from `findKeys`.
   */
  keyAccess?(call: KeyFinderCall, index: number): number
  /** Appends the indexes of arguments that logs must not show (passwords). Asked when a call is about to be shown. */
  findSecrets?(call: Call, into: number[]): void
  run?(call: Call): void
}

/** What a key finder may look at. */
export interface KeyFinderCall {
  readonly argc: number
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

export interface CommandSpec extends CommandDefinition {
  /** Lower case, `config|get` for a subcommand: what errors and statistics show. */
  fullName: string
  /** Number of the command in this process's registry: the index of its counters. */
  id: number
  /** Lower-case bytes of its own word. */
  readonly nameBytes: Uint8Array
  /** States of the store (engine/admission.ts) in which this command needs a closer look. */
  readonly concerns: number
  /** Takes O(1), or O(log N): the time of several calls may be measured together. */
  readonly isConstantTime: boolean
  parent: CommandSpec | undefined
}

const encoder = new TextEncoder()

export function defineCommand(definition: CommandDefinition): CommandSpec {
  assert(definition.name === definition.name.toUpperCase())
  assert(definition.run !== undefined || definition.subcommands !== undefined)
  const lower = definition.name.toLowerCase()
  const command: CommandSpec = {
    ...definition,
    flags: definition.flags | (hasMovableKeys(definition) ? Flag.movableKeys : 0),
    fullName: lower,
    id: -1,
    nameBytes: encoder.encode(lower),
    concerns: concernsOf(definition.flags) | (definition.name === 'PING' ? State.diskError : 0),
    isConstantTime: isConstantTime(definition),
    parent: undefined,
  }
  for (const child of definition.subcommands ?? []) {
    assert(child.parent === undefined)
    child.parent = command
    child.fullName = `${lower}|${child.fullName}`
  }
  return command
}

/** A command that may wait is timed by itself: its time is known when it has ended, which may be much later. */
function isConstantTime({ complexity, flags }: CommandDefinition): boolean {
  if ((flags & Flag.blocking) !== 0) return false
  return (flags & Flag.fast) !== 0 || (complexity ?? '').startsWith('O(1)')
}

/** States of a store that may refuse or delay a command; the admission check looks closer when one concerns the command. */
export const State = {
  loading: 1 << 0,
  overMemory: 1 << 1,
  diskError: 1 << 2,
  readOnlyReplica: 1 << 3,
  staleReplica: 1 << 4,
  notEnoughReplicas: 1 << 5,
  busyScript: 1 << 6,
  pausedAll: 1 << 7,
  pausedWrites: 1 << 8,
  clusterEnabled: 1 << 9,
  /** There is a maxmemory to be watched; concerns no command. */
  memoryLimited: 1 << 10,
} as const

function concernsOf(flags: number): number {
  let concerns = State.pausedAll | State.overMemory | State.clusterEnabled
  if ((flags & Flag.loading) === 0) concerns |= State.loading
  if ((flags & Flag.stale) === 0) concerns |= State.staleReplica
  if ((flags & Flag.allowBusy) === 0) concerns |= State.busyScript
  if ((flags & (Flag.write | Flag.mayReplicate)) !== 0) concerns |= State.pausedWrites
  if ((flags & Flag.write) !== 0) concerns |= State.diskError | State.readOnlyReplica | State.notEnoughReplicas
  return concerns
}

/** Keys that the old first/last/step triple cannot describe. */
function hasMovableKeys(definition: CommandDefinition): boolean {
  const keys = definition.keys ?? []
  const plain = keys.filter((spec) => spec.at !== undefined && spec.count === undefined && spec.isUnknown !== true)
  return plain.length !== keys.length || (definition.findKeys !== undefined && keys.length === 0)
}
