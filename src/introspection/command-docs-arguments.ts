/**
 * Reads the arguments of a command from the short texts it is written down with: `'seconds:integer token=EX since=2.6.12'`.
 */

import { assert } from '../base/assert.js'
import type { Argument, ArgumentSpec, ArgumentType, CommandSpec } from '../engine/command.js'

/** An argument with everything spelled out; names are in lower case, tokens in upper case. */
export interface CommandArgument {
  readonly name: string
  readonly type: ArgumentType
  readonly display: string | undefined
  readonly token: string | undefined
  /** Index of the key spec that finds it. */
  readonly keySpec: number | undefined
  readonly summary: string | undefined
  readonly since: string | undefined
  readonly deprecatedSince: string | undefined
  readonly isOptional: boolean
  readonly isMultiple: boolean
  readonly isMultipleToken: boolean
  readonly args: readonly CommandArgument[]
}

/** Counts key arguments in the order of reading: the n-th belongs to the n-th key spec unless it says otherwise. */
interface Reading {
  nextKeySpec: number
}

export function readArguments(command: CommandSpec): CommandArgument[] {
  const reading = { nextKeySpec: 0 }
  return (command.args ?? []).map((argument) => readArgument(argument, reading))
}

function readArgument(argument: Argument, reading: Reading): CommandArgument {
  const spec = typeof argument === 'string' ? parseArgument(argument) : argument
  const isKey = spec.type === 'key'
  const keySpec = spec.keySpec ?? (isKey ? reading.nextKeySpec : undefined)
  if (isKey) reading.nextKeySpec = keySpec! + 1
  return {
    name: spec.name.toLowerCase(),
    type: spec.type,
    display: spec.display,
    token: spec.token?.toUpperCase(),
    keySpec,
    summary: spec.summary,
    since: spec.since,
    deprecatedSince: spec.deprecatedSince,
    isOptional: spec.isOptional ?? false,
    isMultiple: spec.isMultiple ?? false,
    isMultipleToken: spec.isMultipleToken ?? false,
    args: (spec.args ?? []).map((inner) => readArgument(inner, reading)),
  }
}

const TYPES: readonly string[] = [
  'string', 'integer', 'double', 'key', 'pattern', 'unix-time', 'pure-token', 'oneof', 'block',
] // prettier-ignore

/** `name:type`, then words in any order. */
function parseArgument(text: string): ArgumentSpec {
  const [head, ...words] = text.split(' ')
  const colon = head!.lastIndexOf(':')
  const type = head!.slice(colon + 1)
  assert(TYPES.includes(type))
  const spec: { -readonly [Name in keyof ArgumentSpec]: ArgumentSpec[Name] } = {
    name: head!.slice(0, colon),
    type: type as ArgumentType,
  }
  for (const word of words) applyWord(spec, word)
  return spec
}

function applyWord(spec: { -readonly [Name in keyof ArgumentSpec]: ArgumentSpec[Name] }, word: string): void {
  const equals = word.indexOf('=')
  const value = word.slice(equals + 1)
  switch (equals < 0 ? word : word.slice(0, equals)) {
    case 'optional':
      spec.isOptional = true
      break
    case 'multiple':
      spec.isMultiple = true
      break
    case 'multiple-token':
      spec.isMultipleToken = true
      break
    case 'token':
      spec.token = value
      break
    case 'key':
      spec.keySpec = Number(value)
      break
    case 'display':
      spec.display = value
      break
    case 'since':
      spec.since = value
      break
    case 'deprecated':
      spec.deprecatedSince = value
      break
    default:
      assert(false)
  }
}
