/**
 * Numbers: with and without a unit, in percent, in octal.
 *
 * Values reach TypeScript as plain numbers; beyond 2^53 they are rounded there, while their text stays exact. A percentage
 * is a negative value, as in the reference: -5 means 5%.
 */

import { parseMemorySize } from '../base/memory-size.js'
import { cString } from './file-syntax.js'
import { formatMemory, INT_MAX, LONG_MAX, parseInt64Text, scanLong } from './number-text.js'
import { type Kind, Refusal, rewriteAs, type ValueType } from './value-type.js'

type Bound = bigint | number

/** An integer in [least, most]; one outside `clampTo` is accepted and pulled into it. */
export function integer(least: Bound, most: Bound = INT_MAX, clampTo?: readonly [number, number]): ValueType<number> {
  return numberType({
    kind: 'integer',
    least,
    most,
    parse: parseInt64Text,
    misfit: "argument couldn't be parsed into an integer",
    clamp: (value) => (clampTo === undefined ? value : clamp(value, BigInt(clampTo[0]), BigInt(clampTo[1]))),
  })
}

/** A count of bytes, units allowed; one below `floor` is accepted and raised to it. */
export function memory(least: Bound, most: Bound = LONG_MAX, floor: Bound = least): ValueType<number> {
  return numberType({
    kind: 'memory',
    least,
    most,
    parse: parseMemory,
    misfit: 'argument must be a memory value',
    clamp: (value) => clamp(value, BigInt(floor), BigInt(most)),
  })
}

/** A count of bytes, or a percentage up to `percentMost` kept as a negative number. */
export function memoryOrPercent(percentMost: number): ValueType<number> {
  return numberType({
    kind: 'memory or percent',
    least: -percentMost,
    most: LONG_MAX,
    parse: parseMemoryOrPercent,
    misfit: 'argument must be a memory or percent value',
    format: (value) => (value < 0n ? `${-value}%` : String(value)),
  })
}

/** An unsigned number written in octal, such as file permissions. */
export function octal(least: number, most: number): ValueType<number> {
  return numberType({
    kind: 'octal',
    least,
    most,
    parse: parseOctal,
    misfit: "argument couldn't be parsed as an octal number",
    format: (value) => value.toString(8),
  })
}

interface NumberFacts {
  readonly kind: Kind
  readonly least: Bound
  readonly most: Bound
  readonly parse: (text: string) => bigint | undefined
  readonly misfit: string
  readonly format?: (value: bigint) => string
  readonly clamp?: (value: bigint) => bigint
}

function numberType(facts: NumberFacts): ValueType<number> {
  const { kind, parse, misfit, format = String, clamp = (value) => value } = facts
  const [least, most] = [BigInt(facts.least), BigInt(facts.most)]
  const show = (bound: bigint): string => bound.toString(kind === 'octal' ? 8 : 10)
  return {
    kind,
    syntax: describeRange(kind, least, most),
    takesMany: false,
    read(words) {
      const value = parse(words[0]!)
      if (value === undefined) return new Refusal(misfit)
      if (kind === 'memory or percent' && value < 0n) {
        if (value < least) return new Refusal(`percentage argument must be less or equal to ${-least}`)
      } else if (value < least || value > most) {
        return new Refusal(`argument must be between ${show(least)} and ${show(most)} inclusive`)
      }
      return format(clamp(value))
    },
    value: (text) => toNumber(kind, text),
    format: (value) => format(BigInt(value)),
    rewrite(name, text, initial) {
      const isBytes = kind === 'memory' || (kind === 'memory or percent' && !text.endsWith('%'))
      return rewriteAs(name, isBytes ? formatMemory(BigInt(text)) : text, text !== initial)
    },
  }
}

function describeRange(kind: Kind, least: bigint, most: bigint): string {
  if (kind === 'memory or percent') return `0% to ${-least}%, or 0 or more`
  const radix = kind === 'octal' ? 8 : 10
  return most < LONG_MAX ? `${least.toString(radix)} to ${most.toString(radix)}` : `${least} or more`
}

function toNumber(kind: Kind, text: string): number {
  if (text.endsWith('%')) return -Number(text.slice(0, -1))
  return kind === 'octal' ? Number.parseInt(text, 8) : Number(text)
}

function parseMemory(text: string): bigint | undefined {
  return parseMemorySize(cString(text))
}

function parseMemoryOrPercent(text: string): bigint | undefined {
  const bytes = parseMemory(text)
  if (bytes !== undefined) return BigInt.asIntN(64, bytes) // kept signed, so 2^63 bytes and more look like a percentage
  const percent = text.length > 1 && text.endsWith('%') ? parseInt64Text(text.slice(0, -1)) : undefined
  return percent === undefined || percent < 0n ? undefined : -percent
}

function parseOctal(text: string): bigint | undefined {
  const { value, isWhole, overflows } = scanLong(text, 8)
  return isWhole && !overflows ? value : undefined
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value
}
