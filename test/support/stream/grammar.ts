/**
 * Requests made from the argument grammar that a command declares, most of them well formed, some spoiled on purpose.
 */

import { latin1Bytes } from '../../../src/base/bytes.js'
import type { CommandSpec } from '../../../src/engine/command.js'
import { type CommandArgument, readArguments } from '../../../src/introspection/command-docs-arguments.js'
import type { Dice } from '../dice.js'
import { wordText } from './step.js'
import type { Values } from './values.js'

/** A command with its grammar read and its words collected. */
export interface CallShape {
  readonly spec: CommandSpec
  readonly names: readonly string[]
  readonly args: readonly CommandArgument[]
  readonly tokens: readonly string[]
}

export function callShape(spec: CommandSpec): CallShape {
  const args = readArguments(spec)
  const names = spec.parent === undefined ? [spec.name] : [spec.parent.name, spec.name]
  return { spec, names, args, tokens: args.flatMap(tokensOf) }
}

function tokensOf(argument: CommandArgument): string[] {
  const own = argument.token === undefined || argument.token === '""' ? [] : [argument.token]
  return [...own, ...argument.args.flatMap(tokensOf)]
}

/** A call as the grammar allows it: optional parts sometimes left out, in any order behind the fixed ones. */
export function wellFormed(shape: CallShape, values: Values): Uint8Array[] {
  const words: Uint8Array[] = shape.names.map((name) => nameWord(name, values.dice))
  const lastFixed = shape.args.findLastIndex((argument) => !argument.isOptional)
  const parts = shape.args.map((argument) => {
    const part: Uint8Array[] = []
    appendArgument(shape, argument, values, part)
    return part
  })
  countKeys(shape, parts, values.dice)
  const fixed = parts.slice(0, lastFixed + 1)
  const options = parts.slice(lastFixed + 1)
  if (options.every(hasToken(shape)) && values.dice.chance(0.5)) values.dice.shuffle(options)
  words.push(...fixed.flat(), ...options.flat())
  return bounded(words)
}

/** These repeat elements as often as a negative count says. */
const REPEATING: readonly string[] = ['srandmember', 'hrandfield', 'zrandmember']

/** From here on down a count is refused. */
const COUNT_MIN = -(2n ** 62n) + 1n

/** Keeps a request from asking for more than any machine can send. */
function bounded(words: Uint8Array[]): Uint8Array[] {
  if (!REPEATING.includes(wordText(words[0]!).toLowerCase())) return words
  return words.map((word) => {
    const text = wordText(word)
    return /^-\d{4,19}$/.test(text) && BigInt(text) >= COUNT_MIN ? latin1Bytes('-99') : word
  })
}

/** Lets an argument that counts the keys behind it mostly do so. */
function countKeys(shape: CallShape, parts: Uint8Array[][], dice: Dice): void {
  for (const [i, argument] of shape.args.entries()) {
    const counted = shape.args[i + 1]
    if (argument.name !== 'numkeys' || counted?.type !== 'key' || dice.chance(0.1)) continue
    parts[i] = [latin1Bytes(String(parts[i + 1]!.length))]
  }
}

/** Options that begin with a word of their own may come in any order; positional ones may not. */
function hasToken(shape: CallShape): (part: Uint8Array[]) => boolean {
  const tokens = new Set(shape.tokens.map((token) => token.toLowerCase()))
  return (part) => part.length === 0 || tokens.has(Buffer.from(part[0]!).toString('latin1').toLowerCase())
}

function appendArgument(shape: CallShape, argument: CommandArgument, values: Values, words: Uint8Array[]): void {
  const { dice } = values
  if (argument.isOptional && !dice.chance(0.4)) return
  const count = argument.isMultiple ? dice.weighted([[5, 1], [4, 2], [2, 3], [1, 6]] as const) : 1 // prettier-ignore
  for (let i = 0; i < count; i++) {
    const isToken = argument.token !== undefined && argument.token !== '""'
    if (isToken && (i === 0 || argument.isMultipleToken)) words.push(nameWord(argument.token!, dice))
    appendValue(shape, argument, values, words)
  }
}

function appendValue(shape: CallShape, argument: CommandArgument, values: Values, words: Uint8Array[]): void {
  switch (argument.type) {
    case 'pure-token':
      break // the token has been said
    case 'oneof':
      appendArgument(shape, required(values.dice.pick(argument.args)), values, words)
      break
    case 'block':
      appendBlock(shape, argument, values, words)
      break
    default:
      words.push(values.argument(shape.spec.fullName, argument))
  }
}

function appendBlock(shape: CallShape, argument: CommandArgument, values: Values, words: Uint8Array[]): void {
  const start = words.length
  for (const inner of argument.args) appendArgument(shape, inner, values, words)
  // An argument that counts those behind it mostly does so.
  if (argument.args[0]?.name !== 'numfields' || values.dice.chance(0.1)) return
  words[start] = latin1Bytes(String(words.length - start - 1))
}

function required(argument: CommandArgument): CommandArgument {
  return argument.isOptional ? { ...argument, isOptional: false } : argument
}

/** Words of the protocol are read without regard to case. */
function nameWord(name: string, dice: Dice): Uint8Array {
  if (dice.chance(0.8)) return latin1Bytes(name)
  if (dice.chance(0.7)) return latin1Bytes(name.toLowerCase())
  return latin1Bytes(name.replace(/./g, (letter) => (dice.chance(0.5) ? letter.toLowerCase() : letter)))
}

/** Makes one mistake, or something that might be one. The name of the command mostly stays. */
export function spoil(shape: CallShape, words: Uint8Array[], values: Values): Uint8Array[] {
  const { dice } = values
  const spoiled = [...words]
  const first = dice.chance(0.97) ? shape.names.length : shape.names.length - 1
  const at = first + dice.below(Math.max(1, spoiled.length - first))
  const token = (): Uint8Array =>
    shape.tokens.length === 0 || dice.chance(0.1) ? values.anything() : nameWord(dice.pick(shape.tokens), dice)
  dice.weighted<() => void>([
    [2, () => void spoiled.splice(at, 1)],
    [2, () => void spoiled.splice(at, 1, values.anything())],
    [2, () => void spoiled.splice(at, 0, token())],
    [1, () => void spoiled.push(token())],
    [1, () => void spoiled.push(values.anything())],
    [1, () => void spoiled.push(...spoiled.slice(at))],
    [1, () => void spoiled.splice(first)],
    [1, () => void (at < spoiled.length && spoiled.splice(at, 0, spoiled[at]!))],
    [1, () => void swap(spoiled, at, first + dice.below(Math.max(1, spoiled.length - first)))],
  ])()
  return spoiled.length === 0 ? words : bounded(spoiled)
}

function swap(words: Uint8Array[], i: number, j: number): void {
  if (i >= words.length || j >= words.length) return
  const kept = words[i]!
  words[i] = words[j]!
  words[j] = kept
}
