/**
 * What the streams for two servers consist of: which commands, with which values, and why the others are left out.
 */

import { allCommands } from '../../src/commands/index.js'
import { type CommandSpec, Flag } from '../../src/engine/command.js'
import { wordText, type Step } from '../support/stream/step.js'
import { StreamGenerator, WIDE_SPOILED_SHARE } from '../support/stream/stream.js'
import { cursorIndex, SCAN_CURSORS } from './iteration.js'
import { referenceHas, referenceTakesAsMany } from './release-changes.js'
import type { Palette } from '../support/stream/values.js'

export const DATABASES = 4
export const CONNECTIONS = 3

/** Options that both servers start with. Small limits on sizes make them reachable. */
export const SERVER_WORDS: readonly string[] = [
  '--databases', String(DATABASES), '--proto-max-bulk-len', '1mb', '--appendonly', 'no', '--maxmemory', '0',
  '--enable-debug-command', 'yes',
] // prettier-ignore

/** Parameters with the values that streams set; the first one is the value to begin with. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'lfu-log-factor': ['10', '0', '100'],
  'lfu-decay-time': ['1', '0'],
  'maxmemory-samples': ['5', '1', '64'],
  'slowlog-max-len': ['128', '0', '1000'],
  timeout: ['0', '3600'],
  'tcp-keepalive': ['300', '0'],
  'notify-keyspace-events': ['', 'KEA', 'Kgx', 'q'],
  'lazyfree-lazy-user-del': ['no', 'yes', 'maybe'],
  'lazyfree-lazy-user-flush': ['no', 'yes'],
  'hash-max-listpack-entries': ['128', '4'],
  'list-max-listpack-size': ['-2', '5'],
  'set-max-intset-entries': ['512', '3'],
  'zset-max-listpack-entries': ['128', '3'],
  'zset-max-listpack-value': ['64', '5'],
  'hll-sparse-max-bytes': ['3000', '60', '0'],
  'stream-node-max-entries': ['100', '3', '0'],
  'stream-node-max-bytes': ['4096', '200', '0'],
  'active-expire-effort': ['1', '10', '11'],
  'latency-tracking-info-percentiles': ['50 99 99.9', '', '1 2 3', '101'],
}

/** A request that brings both servers' parameters back to where streams begin. */
export const RESET_PARAMETERS: readonly string[] = [
  'CONFIG',
  'SET',
  ...Object.entries(PARAMETERS).flatMap(([name, values]) => [name, values[0]!]),
]

export const palette: Palette = {
  keys: ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'],
  databases: DATABASES,
  offsetMax: 700,
  valueBytesMax: 600,
  hasShortTimes: false,
  parameters: PARAMETERS,
}

/** The same with large values. */
const widePalette: Palette = { ...palette, keys: ['k1', 'k2', 'k3'], offsetMax: 300_000, valueBytesMax: 40_000 }

/** Left out of streams with large values. */
const SMALL_ONLY: readonly string[] = ['lcs'] // takes time and memory as the product of two lengths

/** Left out although their group takes part, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  quit: 'ends the connection',
  monitor: 'turns the connection into a feed',
  'client|kill': 'would end connections of the stream',
  'client|pause': 'holds both servers up',
  'client|reply': 'takes replies away, which a comparison waits for',
  'client|tracking': 'sends messages between replies',
  sort: 'members of sets that compare as equal come in the order of a hash table; sort.test.ts does without these',
  sort_ro: 'as sort',
  randomkey: 'random: it deletes keys whose time is over as it happens to draw them; a scenario has it',
  spop: 'random: the data sets would go different ways',
  pfselftest: 'keeps the reference busy for seconds, and its own random elements fail it now and then',
  migrate: 'needs a third server',
  wait: 'waits for replicas',
  waitaof: 'waits for replicas',
  dump: 'compared by the tests of the file format',
  restore: 'compared by the tests of the file format',
}

/** Of the group server only these: the others tell of the process, or act on it. */
const SERVER_COMMANDS: readonly string[] = [
  'dbsize', 'flushall', 'flushdb', 'swapdb', 'time', 'config|get', 'config|set', 'config|resetstat',
] // prettier-ignore

/** Groups of commands that can be compared. */
const GROUPS: readonly string[] = [
  'string', 'bitmap', 'generic', 'transactions', 'connection', 'server', 'list', 'set', 'hash', 'sorted-set', 'geo', 'hyperloglog',
  'stream',
] // prettier-ignore

/**
 * The reference forgets to reply to a wrong password while other replies are waiting to be sent, so these are sent alone; inside a
 * transaction it would spoil the reply of EXEC.
 */
export const SENT_ALONE: readonly string[] = ['auth', 'hello']

/** In a transaction a SCAN cannot be followed to its end: which keys whose time is over it meets, and deletes, is not determined. */
const NOT_QUEUED: readonly string[] = [...SENT_ALONE, ...Object.keys(SCAN_CURSORS)]

function takesPart(command: CommandSpec, groups: readonly string[]): boolean {
  if (!groups.includes(command.group) || command.fullName in LEFT_OUT) return false
  return command.group !== 'server' || SERVER_COMMANDS.includes(command.fullName)
}

/** WAIT and WAITAOF are not flagged so. */
function mayBlock({ flags, name }: CommandSpec): boolean {
  return (flags & Flag.blocking) !== 0 || name === 'WAIT' || name === 'WAITAOF'
}

/**
 * The streams for a reference of that version: with small values, and with large ones. Blocking commands come in transactions only,
 * where they do not wait.
 *
 * @param groups  of commands; all that can be compared when left out
 */
export function differentialStreams(
  version: string,
  groups: readonly string[] = GROUPS,
): Record<StreamKind, StreamGenerator> {
  const common = {
    commands: allCommands,
    connections: CONNECTIONS,
    spoiledShare: WIDE_SPOILED_SHARE,
    fits: (command: CommandSpec, isInTransaction: boolean) =>
      isInTransaction
        ? !NOT_QUEUED.includes(command.fullName) && referenceTakesAsMany(version, command.fullName)
        : !mayBlock(command) || command.group === 'stream', // without BLOCK: see `tame`
  }
  const includes = (command: CommandSpec): boolean =>
    takesPart(command, groups) && referenceHas(version, command.fullName)
  return {
    small: new StreamGenerator({ ...common, palette, includes }),
    wide: new StreamGenerator({
      ...common,
      palette: widePalette,
      includes: (command) => includes(command) && !SMALL_ONLY.includes(command.fullName),
    }),
  }
}

export type StreamKind = 'small' | 'wide'

const NO_CLIENT = Buffer.from('999999999')

/** Seconds or milliseconds from now below which a key might end while a stream runs, or soon after. */
const NEAR_SECONDS = 1000

/**
 * Takes what two servers cannot agree on out of a request (mistakes put anything anywhere). Times that lie shortly ahead move far
 * ahead: clocks of their own would not let a key end in the same place of the stream. Iterations begin at the start, to be followed
 * to the end. Numbers of clients become such as
 * nobody has. Names of clients lose NUL bytes:
 * the reference reads them to the first one, and differently from release to release.
 */
export function tame(step: Step): Step {
  const words = [...step.words]
  const name = wordText(words[0]!).toLowerCase()
  moveTimesFar(name, words)
  if (name === 'xadd') return { ...step, words: words.map((word, i) => (i > 0 ? withoutClock(word) : word)) }
  if (name === 'xread' || name === 'xreadgroup') return { ...step, words: words.map(withoutBlock) }
  const cursor = cursorIndex(step)
  if (cursor !== 0 && /^\d+$/.test(wordText(words[cursor]!))) words[cursor] = Buffer.from('0')
  if (name === 'lset' && words.length > 2) words[2] = withoutWrap(words[2]!)
  if (name !== 'client' && name !== 'hello') return { ...step, words }
  return { ...step, words: words.map(name === 'client' ? withoutClients : withoutZeros) }
}

function moveTimesFar(name: string, words: Uint8Array[]): void {
  if (name === 'expire' || name === 'setex') moveFar(words, 2, 1)
  if (name === 'pexpire' || name === 'psetex') moveFar(words, 2, 1000)
  if (name !== 'set' && name !== 'getex') return
  for (let i = 1; i < words.length; i++) {
    const option = wordText(words[i]!).toLowerCase()
    if (option === 'ex') moveFar(words, i + 1, 1)
    if (option === 'px') moveFar(words, i + 1, 1000)
  }
}

/** The servers' clocks would give entries ids of their own. */
function withoutClock(word: Uint8Array): Uint8Array {
  return wordText(word) === '*' ? Buffer.from('7-*') : word
}

/** Nobody would end a wait. */
function withoutBlock(word: Uint8Array): Uint8Array {
  return wordText(word).toLowerCase() === 'block' ? Buffer.from('COUNT') : word
}

/** The reference takes an index modulo 2^32 in short lists (docs/differences.md). */
function withoutWrap(word: Uint8Array): Uint8Array {
  const text = wordText(word)
  return /^-?\d{10,}$/.test(text) ? Buffer.from(text.slice(0, 9)) : word
}

function withoutClients(word: Uint8Array): Uint8Array {
  return /^[1-9]\d{0,6}$/.test(wordText(word)) ? NO_CLIENT : withoutZeros(word)
}

function withoutZeros(word: Uint8Array): Uint8Array {
  return word.map((byte) => (byte === 0 ? 0x30 : byte))
}

function moveFar(words: Uint8Array[], index: number, unitsPerSecond: number): void {
  const text = index < words.length ? wordText(words[index]!) : ''
  if (!/^[1-9]\d{0,6}$/.test(text) || Number(text) >= NEAR_SECONDS * unitsPerSecond) return
  words[index] = Buffer.from(String(Number(text) + NEAR_SECONDS * unitsPerSecond))
}
