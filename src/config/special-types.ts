/** Values with a shape of their own: save points, buffer limits, event classes, addresses, the primary, a directory. */

import { latin1Bytes } from '../base/bytes.js'
import { formatFixed, parseDouble, trimZeros } from '../base/double.js'
import { parseMemorySize } from '../base/memory-size.js'
import { cString, lowerAscii, quote, quoteIfNeeded } from './file-syntax.js'
import { formatMemory, scanLong } from './number-text.js'
import { type ValueContext, Refusal, rewriteAs, type RewriteLine, type ValueType } from './value-type.js'

const WRONG_COUNT = new Refusal('wrong number of arguments')
const BIND_ADDRESSES_MAX = 16
const PORT_MAX = 65535n

/** A snapshot is due when `changes` writes have come in within `seconds`. */
export interface SavePoint {
  readonly seconds: number
  readonly changes: number
}

/** `save 3600 1 300 100`; the empty list switches snapshots off. A file may spread the points over several lines. */
export const savePoints: ValueType<readonly SavePoint[]> = {
  kind: 'special',
  syntax: 'seconds changes ...',
  takesMany: true,
  read(words, before, context) {
    const isClearing = words.length === 1 && cString(words[0]!) === ''
    const points = isClearing ? '' : readSavePoints(words)
    if (points === undefined) return new Refusal('Invalid save parameters')
    return context.saveAdds && !isClearing ? joinNonEmpty(before, points) : points
  },
  value: (text) => chunk(text, 2).map(([seconds, changes]) => ({ seconds: Number(seconds), changes: Number(changes) })),
  format: (points) => points.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' '),
  rewrite(name, text, _initial, context) {
    if (context.isSentinel) return []
    if (text === '' || context.mergesSaves) return rewriteAs(name, text === '' ? '""' : text, true)
    return chunk(text, 2).map((point) => ({ line: `${name} ${point.join(' ')}`, isForced: true }))
  },
}

function readSavePoints(words: readonly string[]): string | undefined {
  if (words.length % 2 === 1) return undefined
  const numbers: bigint[] = []
  for (const [index, word] of words.entries()) {
    const { value, isWhole } = scanLong(word, 10)
    const isSeconds = index % 2 === 0
    if (!isWhole || value < (isSeconds ? 1n : 0n)) return undefined
    numbers.push(isSeconds ? value : BigInt.asIntN(32, value)) // the count of changes is an int there, and wraps
  }
  return numbers.join(' ')
}

/** Past `hardBytes` a client is cut off at once, past `softBytes` when it stays there for `softSeconds`; 0 is no limit. */
export interface OutputBufferLimit {
  readonly hardBytes: number
  readonly softBytes: number
  readonly softSeconds: number
}

export interface OutputBufferLimits {
  readonly normal: OutputBufferLimit
  readonly replica: OutputBufferLimit
  readonly pubsub: OutputBufferLimit
}

/** Limits of the classes in the order of the canonical text; the classes not named keep theirs. */
export const outputBufferLimits: ValueType<OutputBufferLimits> = {
  kind: 'special',
  syntax: 'normal | replica | pubsub, hard bytes, soft bytes, soft seconds ...',
  takesMany: true,
  read(words, before) {
    if (words.length % 4 !== 0) return new Refusal('Wrong number of arguments in buffer limit configuration.')
    const limits = chunk(before, 4)
    for (let at = 0; at < words.length; at += 4) {
      const index = CLASS_INDEX.get(lowerAscii(cString(words[at]!)))
      if (index === undefined) return new Refusal('Invalid client class specified in buffer limit configuration.')
      const figures = readLimit(words.slice(at + 1, at + 4))
      if (figures === undefined) {
        return new Refusal('Error in hard, soft or soft_seconds setting in buffer limit configuration.')
      }
      limits[index] = [CLASS_NAMES[index]!, ...figures]
    }
    return limits.flat().join(' ')
  },
  value(text) {
    const [normal, replica, pubsub] = chunk(text, 4).map(([, hard, soft, seconds]) => ({
      hardBytes: Number(hard),
      softBytes: Number(soft),
      softSeconds: Number(seconds),
    }))
    return { normal: normal!, replica: replica!, pubsub: pubsub! }
  },
  format: ({ normal, replica, pubsub }) =>
    [normal, replica, pubsub]
      .map((limit, index) => `${CLASS_NAMES[index]} ${limit.hardBytes} ${limit.softBytes} ${limit.softSeconds}`)
      .join(' '),
  rewrite(name, text, initial) {
    const defaults = chunk(initial, 4)
    return chunk(text, 4).map(([word, hard, soft, seconds], index) => {
      const shown = `${word === 'slave' ? 'replica' : word} ${formatMemory(BigInt(hard!))} ${formatMemory(BigInt(soft!))}`
      const isForced = [word, hard, soft, seconds].join(' ') !== defaults[index]!.join(' ')
      return { line: `${name} ${shown} ${seconds}`, isForced }
    })
  },
}

const CLASS_NAMES = ['normal', 'slave', 'pubsub'] as const
const CLASS_INDEX: ReadonlyMap<string, number> = new Map([
  ['normal', 0],
  ['slave', 1],
  ['replica', 1],
  ['pubsub', 2],
])

function readLimit([hardWord, softWord, secondsWord]: readonly string[]): string[] | undefined {
  const hard = parseMemorySize(cString(hardWord!))
  const soft = parseMemorySize(cString(softWord!))
  const seconds = scanLong(secondsWord!, 10)
  const kept = BigInt.asIntN(32, seconds.value) // an int while it is checked
  if (hard === undefined || soft === undefined || kept < 0n || !seconds.isWhole) return undefined
  return [hard, soft, kept].map(String)
}

/** OOM killer scores of a primary, a replica and a background child. */
export const oomScores: ValueType<readonly number[]> = {
  kind: 'special',
  syntax: 'primary replica child, each -2000 to 2000',
  takesMany: true,
  read(words, _before, context) {
    if (words.length !== 3) return WRONG_COUNT
    const scores: number[] = []
    for (const word of words) {
      const { value, isWhole } = scanLong(word, 10)
      if (!isWhole || value < -2000n || value > 2000n) {
        return new Refusal('Invalid oom-score-adj-values, elements must be between -2000 and 2000.')
      }
      scores.push(Number(value))
    }
    if (scores[1]! < scores[0]! || scores[2]! < scores[1]!) {
      context.warn(
        'The oom-score-adj-values configuration may not work for non-privileged processes! Please consult the documentation.',
      )
    }
    return scores.join(' ')
  },
  value: (text) => text.split(' ').map(Number),
  format: (scores) => scores.join(' '),
  rewrite: (name, text, initial) => rewriteAs(name, text, text !== initial),
}

/** Letters that `A` stands for; with those after them, all there are, in the order CONFIG GET prints them. */
const ALL_CLASSES = 'g$lshzxetd'
const OTHER_CLASSES = 'nKEm'

/**
 * Which keyspace events are published: a set of class letters, in canonical order and with `A` where it applies.
 *
 * The reference prints no `n` (new keys) after an `A`, and so loses it on CONFIG REWRITE; here it stays.
 */
export const keyspaceEvents: ValueType<string> = {
  kind: 'special',
  syntax: 'any of K E g $ l s h z x e t d n m A',
  takesMany: false,
  read(words) {
    const chosen = new Set(cString(words[0]!).replaceAll('A', () => ALL_CLASSES))
    const classes = pick(ALL_CLASSES, chosen)
    const others = pick(OTHER_CLASSES, chosen)
    if (classes.length + others.length !== chosen.size) {
      return new Refusal("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
    }
    return (classes === ALL_CLASSES ? 'A' : classes) + others
  },
  value: (text) => text,
  format: (value) => value,
  rewrite: (name, text) => rewriteAs(name, quote(text), text !== ''),
}

/** Addresses to listen on; a leading `-` marks one that may be missing. None at all means no TCP. */
export const addresses: ValueType<readonly string[]> = {
  kind: 'special',
  syntax: 'address ...',
  takesMany: true,
  read(words) {
    if (words.length > BIND_ADDRESSES_MAX) return new Refusal('Too many bind addresses specified.')
    return words.map(cString).join(' ')
  },
  value: (text) => (text === '' ? [] : text.split(' ')),
  format: (list) => list.join(' '),
  rewrite: (name, text, initial) =>
    text === initial ? [] : rewriteAs(name, text.split(' ').map(quoteIfNeeded).join(' '), true),
}

export interface PrimaryAddress {
  readonly host: string
  readonly port: number
}

/** The primary to follow; undefined when this store is a primary itself. */
export const primaryAddress: ValueType<PrimaryAddress | undefined> = {
  kind: 'special',
  syntax: 'host port | no one',
  takesMany: true,
  read(words) {
    if (words.length !== 2) return WRONG_COUNT
    const [host, portWord] = words.map(cString)
    if (lowerAscii(host!) === 'no' && lowerAscii(portWord!) === 'one') return ''
    const { value, isWhole } = scanLong(portWord!, 10)
    const port = BigInt.asIntN(32, value)
    if (port < 0n || port > PORT_MAX || !isWhole) return new Refusal('Invalid master port')
    return `${host} ${port}`
  },
  value(text) {
    if (text === '') return undefined
    const cut = text.lastIndexOf(' ')
    return { host: text.slice(0, cut), port: Number(text.slice(cut + 1)) }
  },
  format: (primary) => (primary === undefined ? '' : `${primary.host} ${primary.port}`),
  rewrite(name, text, _initial, context) {
    const primary = this.value(text)
    if (primary === undefined || context.textOf('cluster-enabled') === 'yes') return []
    return rewriteAs(name, `${quoteIfNeeded(primary.host)} ${primary.port}`, true)
  },
}

/** Percentiles between 0 and 100. */
export const percentiles: ValueType<readonly number[]> = {
  kind: 'special',
  syntax: 'percentile ...',
  takesMany: true,
  read(words) {
    if (words.length === 1 && words[0] === '') return ''
    const shown: string[] = []
    for (const word of words) {
      const bytes = latin1Bytes(word)
      const value = parseDouble(bytes, 0, bytes.length)
      if (Number.isNaN(value)) return new Refusal('Invalid latency-tracking-info-percentiles parameters')
      if (value < 0 || value > 100) {
        return new Refusal('latency-tracking-info-percentiles parameters should sit between [0.0,100.0]')
      }
      shown.push(formatPercentile(value))
    }
    return shown.join(' ')
  },
  value: (text) => (text === '' ? [] : text.split(' ').map(Number)),
  format: (list) => list.map(formatPercentile).join(' '),
  rewrite: (name, text) => rewriteAs(name, text === '' ? '""' : text, true),
}

function formatPercentile(value: number): string {
  return trimZeros(formatFixed(value, 6))
}

/** The working directory, always an absolute path. Reading it moves there, as later relative paths depend on it. */
export const directory: ValueType<string> = {
  kind: 'special',
  syntax: 'path',
  takesMany: false,
  read: (words, _before, context: ValueContext) => context.enterDirectory(cString(words[0]!)),
  value: (text) => text,
  format: (path) => path,
  rewrite: (name, text): readonly RewriteLine[] => (text === '' ? [] : rewriteAs(name, quote(text), true)),
}

/** Cuts a list of words separated by blanks into rows of `size`. */
function chunk(text: string, size: number): string[][] {
  const words = text === '' ? [] : text.split(' ')
  return Array.from({ length: words.length / size }, (_, row) => words.slice(row * size, row * size + size))
}

function joinNonEmpty(left: string, right: string): string {
  return left === '' || right === '' ? left + right : `${left} ${right}`
}

function pick(letters: string, chosen: ReadonlySet<string>): string {
  return [...letters].filter((letter) => chosen.has(letter)).join('')
}
