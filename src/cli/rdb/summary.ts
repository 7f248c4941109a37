/** What a file holds, in figures: by type, form, database, prefix, size and time to live; and its largest keys. */

import type { Keyspace } from '../../keyspace/keyspace.js'
import type { RdbKey, RdbVisitor } from '../../persistence/rdb/reader.js'
import { nameOfValueType } from '../../persistence/rdb/type-names.js'
import { elementCount } from './elements.js'
import { type KeyFilter, passes, typeName } from './filter.js'
import { shownName, sizeText, tableText } from './text.js'

export interface SummaryOptions extends KeyFilter {
  readonly delimiter: string
  /** Parts of a name that make a prefix. */
  readonly depth: number
  /** Prefixes and keys that are named. */
  readonly top: number
  readonly nowMs: number
}

export interface Group {
  keys: number
  elements: number
  bytes: number
}

export interface LargeKey {
  readonly database: number
  readonly name: string
  readonly type: string
  readonly form: string
  readonly elements: number
  readonly bytes: number
}

/** Prefixes that are told apart at a time: the smallest go into `others` when there are more. */
const PREFIXES_MAX = 20_000
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const TIMES: readonly (readonly [number, string])[] = [
  [0, 'over already'],
  [MINUTE_MS, 'up to a minute'],
  [HOUR_MS, 'up to an hour'],
  [DAY_MS, 'up to a day'],
  [7 * DAY_MS, 'up to a week'],
  [30 * DAY_MS, 'up to 30 days'],
  [Infinity, 'longer'],
]

const SIZES: readonly (readonly [number, string])[] = [
  [64, 'up to 64 B'],
  [1024, 'up to 1 KB'],
  [16 * 1024, 'up to 16 KB'],
  [256 * 1024, 'up to 256 KB'],
  [1024 * 1024, 'up to 1 MB'],
  [16 * 1024 * 1024, 'up to 16 MB'],
  [Infinity, 'more'],
]

const FOREVER = 'for ever'
const NO_PREFIX = '(none)'
const OTHERS = '(others)'

export class Summary implements RdbVisitor {
  readonly facts: Map<string, string>
  libraries: number
  readonly total: Group
  readonly types: Map<string, Group>
  readonly forms: Map<string, Group>
  readonly databases: Map<string, Group>
  readonly prefixes: Map<string, Group>
  readonly sizes: Map<string, Group>
  readonly times: Map<string, Group>
  /** The largest first. */
  readonly largest: LargeKey[]
  private readonly keyspace: Keyspace
  private readonly options: SummaryOptions
  private readonly report: (offset: number) => void

  constructor(keyspace: Keyspace, options: SummaryOptions, report: (offset: number) => void) {
    this.facts = new Map()
    this.libraries = 0
    this.total = newGroup()
    this.types = new Map()
    this.forms = new Map()
    this.databases = new Map()
    this.prefixes = new Map()
    this.sizes = new Map()
    this.times = new Map()
    this.largest = []
    this.keyspace = keyspace
    this.options = options
    this.report = report
  }

  fact(name: string, value: string): void {
    this.facts.set(name, value)
  }

  library(): void {
    this.libraries++
  }

  progress(offset: number): void {
    this.report(offset)
  }

  key(key: RdbKey): void {
    if (!passes(this.options, key)) return
    const { bytes } = key
    const elements = elementCount(this.keyspace, key)
    const count = (groups: Map<string, Group>, name: string): void => addTo(groupOf(groups, name), elements, bytes)
    addTo(this.total, elements, bytes)
    count(this.types, typeName(key))
    count(this.forms, nameOfValueType(key.typeByte))
    count(this.databases, String(key.database))
    count(this.sizes, stepOf(SIZES, bytes))
    count(this.times, key.expiryMs < 0 ? FOREVER : stepOf(TIMES, key.expiryMs - this.options.nowMs))
    count(this.prefixes, this.prefixOf(key.name))
    if (this.prefixes.size > PREFIXES_MAX) this.joinSmallPrefixes()
    this.noteSize(key, elements)
  }

  /** As lines of text. */
  *lines(path: string, fileBytes: number, version: number): Generator<string> {
    const { facts, libraries, total } = this
    yield `${path}: ${sizeText(fileBytes)}, RDB version ${version}, ${total.keys} keys, ${total.elements} elements`
    if (libraries !== 0) yield `${libraries} function libraries`
    for (const [name, value] of facts) yield `  ${shownName(name)} = ${shownName(value)}`
    yield* section('type', bySize(this.types))
    yield* section('form in the file', bySize(this.forms))
    yield* section(
      'database',
      [...this.databases].sort(([a], [b]) => Number(a) - Number(b)),
    )
    yield* section('prefix', bySize(this.prefixes).slice(0, this.options.top))
    yield* section(
      'size in the file',
      inOrder(
        this.sizes,
        SIZES.map(([, name]) => name),
      ),
    )
    yield* section('time to live', inOrder(this.times, [FOREVER, ...TIMES.map(([, name]) => name)]))
    yield* this.largestLines()
  }

  *largestLines(): Generator<string> {
    if (this.largest.length === 0) return
    const rows = this.largest.map(({ bytes, database, elements, form, name, type }) => [
      shownName(name), type, form, `db ${database}`, elements, sizeText(bytes),
    ]) // prettier-ignore
    yield ''
    yield* tableText([['largest keys', 'type', 'form', 'database', 'elements', 'bytes'], ...rows])
  }

  /** As one JSON object. */
  json(fileBytes: number, version: number): string {
    const { facts, libraries, total } = this
    return JSON.stringify({
      bytes: fileBytes,
      version,
      facts: Object.fromEntries(facts),
      libraries,
      total,
      types: Object.fromEntries(bySize(this.types)),
      forms: Object.fromEntries(bySize(this.forms)),
      databases: Object.fromEntries(this.databases),
      prefixes: Object.fromEntries(bySize(this.prefixes).slice(0, this.options.top)),
      sizes: Object.fromEntries(
        inOrder(
          this.sizes,
          SIZES.map(([, name]) => name),
        ),
      ),
      times: Object.fromEntries(inOrder(this.times, [FOREVER, ...TIMES.map(([, name]) => name)])),
      largest: this.largest,
    })
  }

  private prefixOf(name: string): string {
    const { delimiter, depth } = this.options
    let end = -1
    for (let i = 0; i < depth; i++) {
      const at = name.indexOf(delimiter, end + 1)
      if (at < 0) break
      end = at + delimiter.length - 1
    }
    return end < 0 ? NO_PREFIX : name.slice(0, end + 1)
  }

  /** Keeps the larger half. */
  private joinSmallPrefixes(): void {
    const others = groupOf(this.prefixes, OTHERS)
    for (const [name, group] of bySize(this.prefixes).slice(PREFIXES_MAX >> 1)) {
      if (name === OTHERS || name === NO_PREFIX) continue
      this.prefixes.delete(name)
      others.keys += group.keys
      others.elements += group.elements
      others.bytes += group.bytes
    }
  }

  private noteSize(key: RdbKey, elements: number): void {
    const { largest, options } = this
    const { bytes, database, name } = key
    if (largest.length >= options.top && (largest.at(-1)?.bytes ?? Infinity) >= bytes) return
    const at = largest.findIndex((other) => other.bytes < bytes)
    const noted = { database, name, type: typeName(key), form: nameOfValueType(key.typeByte), elements, bytes }
    largest.splice(at < 0 ? largest.length : at, 0, noted)
    if (largest.length > options.top) largest.pop()
  }
}

function newGroup(): Group {
  return { keys: 0, elements: 0, bytes: 0 }
}

function groupOf(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name)
  if (group !== undefined) return group
  const created = newGroup()
  groups.set(name, created)
  return created
}

function addTo(group: Group, elements: number, bytes: number): void {
  group.keys++
  group.elements += elements
  group.bytes += bytes
}

function stepOf(steps: readonly (readonly [number, string])[], value: number): string {
  return steps.find(([most]) => value <= most)![1]
}

function bySize(groups: ReadonlyMap<string, Group>): [string, Group][] {
  return [...groups].sort(([, a], [, b]) => b.bytes - a.bytes)
}

function inOrder(groups: ReadonlyMap<string, Group>, names: readonly string[]): [string, Group][] {
  return names.flatMap((name) => {
    const group = groups.get(name)
    return group === undefined ? [] : [[name, group] as [string, Group]]
  })
}

function* section(title: string, groups: readonly (readonly [string, Group])[]): Generator<string> {
  if (groups.length === 0) return
  const rows = groups.map(([name, { bytes, elements, keys }]) => {
    const shown = title === 'prefix' && name !== NO_PREFIX && name !== OTHERS ? shownName(name) : name
    return [shown, keys, elements, sizeText(bytes), sizeText(Math.round(bytes / keys))]
  })
  yield ''
  yield* tableText([[title, 'keys', 'elements', 'bytes', 'average'], ...rows])
}
