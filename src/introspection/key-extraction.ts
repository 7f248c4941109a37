/**
 * Finds the keys among the arguments of a call: from the key specs of the command, and where those do not tell all, from its
 * own `findKeys`. COMMAND GETKEYS, access control and cluster routing ask here.
 */

import { equalsIgnoreCase, utf8Bytes } from '../base/bytes.js'
import { parseInteger } from '../base/integer.js'
import { Access, type CommandSpec, type KeyFinderCall, type KeySpec } from '../engine/command.js'

/** Keys of one call; instances are reused. */
export class FoundKeys {
  /** Index of each key's argument. */
  readonly indexes: number[]
  /** What the call does with it: bits of `Access`, 0 when unknown. */
  readonly access: number[]

  constructor() {
    this.indexes = []
    this.access = []
  }

  get count(): number {
    return this.indexes.length
  }

  clear(): void {
    this.indexes.length = 0
    this.access.length = 0
  }

  add(index: number, access: number): void {
    this.indexes.push(index)
    this.access.push(access)
  }
}

/** Whether calls of the command may name keys at all. Shard channels are routed like keys but are none. */
export function mayHaveKeys(command: CommandSpec): boolean {
  return command.findKeys !== undefined || (command.keys ?? []).some(isKey)
}

/**
 * Finds the keys of a call whose number of arguments fits the command.
 *
 * @returns false when there are none or the arguments make no sense; `into` is empty then
 */
export function findKeys(command: CommandSpec, call: KeyFinderCall, into: FoundKeys): boolean {
  into.clear()
  const specs = command.keys ?? []
  if (specs.some(isKey) && findBySpecs(specs, command, call, into)) return into.count > 0
  into.clear()
  return findByCommand(command, call, into)
}

/** @returns false when the specs do not tell all keys of this call */
function findBySpecs(specs: readonly KeySpec[], command: CommandSpec, call: KeyFinderCall, into: FoundKeys): boolean {
  for (const spec of specs) {
    if (!isKey(spec)) continue
    if (!addKeys(spec, call, into)) return false
    if ((spec.access & Access.incomplete) !== 0) return false
  }
  if (command.keyAccess === undefined) return true
  for (let i = 0; i < into.count; i++) {
    if ((into.access[i]! & Access.variableFlags) !== 0) into.access[i] = command.keyAccess(call, into.indexes[i]!)
  }
  return true
}

function findByCommand(command: CommandSpec, call: KeyFinderCall, into: FoundKeys): boolean {
  if (command.findKeys === undefined || !command.findKeys(call, into.indexes)) {
    into.clear()
    return false
  }
  for (const index of into.indexes) into.access.push(command.keyAccess?.(call, index) ?? 0)
  return into.count > 0
}

function isKey(spec: KeySpec): boolean {
  return (spec.access & Access.notKey) === 0
}

/** Adds the keys of one spec; false when they cannot be told, or would lie beyond the arguments. */
function addKeys(spec: KeySpec, call: KeyFinderCall, into: FoundKeys): boolean {
  const { argc } = call
  if (spec.isUnknown === true) return false
  let first = spec.at ?? afterKeyword(spec, call)
  if (first === 0) return true // the keyword does not occur, and neither do its keys
  let last: number
  if (spec.count !== undefined) {
    const count = countArgument(call, first + spec.count.index)
    if (count < 0) return false
    first += spec.count.first
    last = first + count - 1
  } else last = lastOfRange(spec, first, argc)
  if (last >= argc || last < first || first >= argc) return false
  const step = spec.count?.step ?? spec.step ?? 1
  for (let i = first; i <= last; i += step) into.add(i, spec.access)
  return true
}

function lastOfRange(spec: KeySpec, first: number, argc: number): number {
  const last = spec.last ?? 0
  if (last >= 0) return first + last
  const limit = spec.limit ?? 0
  return limit === 0 ? argc + last : first + Math.trunc((argc - first) / limit) + last
}

/** @returns the index after the keyword, 0 when it does not occur */
function afterKeyword(spec: KeySpec, { argc, bytes, ends, starts }: KeyFinderCall): number {
  const word = utf8Bytes(spec.keyword!.toLowerCase())
  const from = spec.from!
  const step = from > 0 ? 1 : -1
  // Backwards, the search begins at the end and does not reach the first argument.
  for (let i = from > 0 ? from : argc + from; from > 0 ? i < argc : i > 1; i += step) {
    if (equalsIgnoreCase(bytes, starts[i]!, ends[i]!, word)) return i + 1
  }
  return 0
}

/** @returns the count an argument says, -1 when it says none */
function countArgument({ argc, bytes, ends, starts }: KeyFinderCall, index: number): number {
  if (index >= argc) return -1
  const count = parseInteger(bytes, starts[index]!, ends[index]!)
  return Number.isSafeInteger(count) && count >= 0 && count <= argc ? count : -1
}

/** The positions of keys as older clients understand them; all 0 when there are none or they cannot be told so. */
export interface KeyRange {
  readonly first: number
  /** Negative: counted from the end. */
  readonly last: number
  readonly step: number
}

const NO_RANGE: KeyRange = { first: 0, last: 0, step: 0 }

/** One range over the key specs that stand side by side at fixed places. */
export function keyRange(command: CommandSpec): KeyRange {
  const keys = command.keys ?? []
  const ranges = keys.filter((spec) => spec.at !== undefined && spec.count === undefined && spec.isUnknown !== true)
  const only = keys.length === 1 ? ranges[0] : undefined
  if (only !== undefined) return { first: only.at!, last: absoluteLast(only), step: only.step ?? 1 }
  let first = Infinity
  let last = 0
  for (const spec of ranges) {
    if ((spec.step ?? 1) !== 1 || (last !== 0 && last !== spec.at! - 1)) continue
    first = Math.min(first, spec.at!)
    last = laterOf(last, absoluteLast(spec))
  }
  return first === Infinity ? NO_RANGE : { first, last, step: 1 }
}

function absoluteLast({ at, last = 0 }: KeySpec): number {
  return last >= 0 ? at! + last : last
}

/** Places counted from the end lie behind all others. */
function laterOf(a: number, b: number): number {
  if (a < 0 || b < 0) return a < 0 && b < 0 ? Math.max(a, b) : Math.min(a, b)
  return Math.max(a, b)
}
