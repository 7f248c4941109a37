/** What spinel-rdb is asked for. */

import { typeNames } from '../../keyspace/entry.js'
import type { KeyFilter } from './filter.js'

export const Task = ['summary', 'largest', 'json', 'commands', 'explain'] as const
export type Task = (typeof Task)[number]

export interface RdbArguments extends KeyFilter {
  readonly task: Task
  readonly path: string
  readonly delimiter: string
  readonly depth: number
  readonly top: number
  /** A summary as JSON. */
  readonly asJson: boolean
  /** Commands as a server takes them. */
  readonly asRequests: boolean
  /** Range to explain. */
  readonly from: number
  readonly to: number
}

export const HELP = `Usage: spinel-rdb [task] [options] <file> [range]

Reads a snapshot (dump.rdb) without a server.

Tasks:
  summary              keys by type, form, database, prefix, size and time to live; the largest keys (default)
  largest              the largest keys alone
  json                 each key with its value as a line of JSON
  commands             the commands that rebuild the data, one a line
  explain              what the bytes of a range are for: offset, length, meaning, content.
                       Range: OFFSET, FROM-TO (TO included) or FROM+COUNT; decimal, or hexadecimal with 0x

Options:
  --db N               only keys of this database
  --type TYPE          only keys of this type: string, list, set, zset, hash, stream, module
  --match PATTERN      only keys whose name matches, as in KEYS
  --delimiter TEXT     what ends a prefix (default ":")
  --depth N            parts of a name that make a prefix (default 1)
  --top N              prefixes and keys to name (default 20)
  --json               the summary as one JSON object
  --pipe               commands in the form that redis-cli --pipe takes
  --help, --version

Exit codes: 0 the file is sound as far as it was read; 1 it is broken or cannot be read; 2 wrong usage.
Errors name the offset in the file. Sizes are those in the file.

Examples:
  spinel-rdb dump.rdb
  spinel-rdb summary --delimiter : --depth 2 --top 50 dump.rdb
  spinel-rdb json --match 'user:*' dump.rdb | jq .key
  spinel-rdb commands --pipe --db 0 dump.rdb | redis-cli --pipe
  spinel-rdb explain dump.rdb 0x1f0-0x23f
`

/** Returns what is wrong with the arguments as a text. */
export function parseArguments(words: readonly string[]): RdbArguments | string {
  const options = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('--')) rest.push(word)
    else if (FLAGS.has(word)) options.set(word, '')
    else if (!VALUED.has(word)) return `unknown option ${word}`
    else if (i + 1 === words.length) return `${word} needs a value`
    else options.set(word, words[++i]!)
  }
  const first = rest[0]
  const task = Task.find((name) => name === first)
  if (task !== undefined) rest.shift()
  return assembled(task ?? 'summary', rest, options)
}

const FLAGS: ReadonlySet<string> = new Set(['--json', '--pipe'])
const VALUED: ReadonlySet<string> = new Set(['--db', '--type', '--match', '--delimiter', '--depth', '--top'])
const TOP = 20

function assembled(task: Task, rest: readonly string[], options: ReadonlyMap<string, string>): RdbArguments | string {
  const [path, range] = rest
  if (path === undefined) return 'no file given'
  if (rest.length > (task === 'explain' ? 2 : 1)) return `too many words: ${rest.at(-1)}`
  if (task === 'explain' && range === undefined) return 'explain needs a range'
  const limits = range === undefined ? { from: 0, to: 0 } : parseRange(range)
  if (limits === undefined) return `${range} is no range`
  for (const name of ['--db', '--depth', '--top']) {
    const value = options.get(name)
    if (value !== undefined && !/^\d{1,9}$/.test(value)) return `${name} needs a number`
  }
  const type = options.get('--type')
  if (type !== undefined && !typeNames.includes(type)) return `${type} is no type`
  const delimiter = options.get('--delimiter') ?? ':'
  if (delimiter === '') return '--delimiter needs a text'
  const number = (name: string): number | undefined => (options.has(name) ? Number(options.get(name)) : undefined)
  return {
    task,
    path,
    database: number('--db'),
    type,
    pattern: options.get('--match'),
    delimiter,
    depth: Math.max(1, number('--depth') ?? 1),
    top: number('--top') ?? TOP,
    asJson: options.has('--json'),
    asRequests: options.has('--pipe'),
    ...limits,
  }
}

/** The end is the offset behind the last byte. */
function parseRange(text: string): { from: number; to: number } | undefined {
  const parts = /^(\d+|0x[0-9a-f]+)(?:([-+])(\d+|0x[0-9a-f]+))?$/i.exec(text)
  if (parts === null) return undefined
  const from = Number(parts[1])
  if (parts[2] === undefined) return { from, to: from + 1 }
  const second = Number(parts[3])
  const to = parts[2] === '+' ? from + second : second + 1
  return to > from && Number.isSafeInteger(to) ? { from, to } : undefined
}
