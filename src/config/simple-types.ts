/** Switches, choices and strings. */

import { cString, lowerAscii, quote } from './file-syntax.js'
import { type ValueContext, Refusal, rewriteAs, type RewriteLine, type ValueType } from './value-type.js'

export const bool: ValueType<boolean> = {
  kind: 'bool',
  syntax: 'yes | no',
  takesMany: false,
  read(words) {
    const word = lowerAscii(cString(words[0]!))
    return word === 'yes' || word === 'no' ? word : new Refusal("argument must be 'yes' or 'no'")
  },
  value: (text) => text === 'yes',
  format: (value) => (value ? 'yes' : 'no'),
  rewrite: (name, text, initial) => rewriteAs(name, text, text !== initial),
}

/** One of `names`; `synonyms` are accepted as well and stand for one of them. */
export function oneOf<const Name extends string>(
  names: readonly Name[],
  synonyms: Readonly<Record<string, Name>> = {},
): ValueType<Name> {
  const meaning = new Map(Object.entries(synonyms))
  const accepted = names.flatMap((name) => [name, ...[...meaning.keys()].filter((word) => meaning.get(word) === name)])
  return {
    kind: 'enum',
    syntax: names.join(' | '),
    takesMany: false,
    read(words) {
      const word = lowerAscii(cString(words[0]!))
      return names.find((name) => name === word) ?? meaning.get(word) ?? notOneOf(accepted)
    },
    value: (text) => text as Name,
    format: (value) => value,
    rewrite: (name, text, initial) => rewriteAs(name, text, text !== initial),
  }
}

/** Any of `names` together; `none` stands for none of them. */
export function anyOf<const Name extends string>(
  none: string,
  names: readonly Name[],
  clash: (chosen: readonly Name[]) => string | undefined,
): ValueType<readonly Name[]> {
  const format = (chosen: readonly Name[]): string => chosen.join(' ') || none
  return {
    kind: 'flags',
    syntax: `${none} | ${names.join(' ')}`,
    takesMany: true,
    read(words) {
      const wanted = words.map((word) => lowerAscii(cString(word)))
      const isKnown = (word: string): boolean => word === none || names.some((name) => name === word)
      if (wanted.length === 0 || !wanted.every(isKnown)) return notOneOf([none, ...names])
      const chosen = names.filter((name) => wanted.includes(name))
      const reason = clash(chosen)
      return reason === undefined ? format(chosen) : new Refusal(reason)
    },
    value: (text) => (text === none ? [] : (text.split(' ') as Name[])),
    format,
    rewrite: (name, text, initial) => rewriteAs(name, text, text !== initial),
  }
}

/** Why a string is refused; undefined when it is fine. */
export type StringCheck = (value: string, context: ValueContext) => string | undefined

/** A string whose empty value is a value like any other. */
export function string(check?: StringCheck): ValueType<string> {
  return stringType('string', cString, check, (name, text, initial) => rewriteAs(name, quote(text), text !== initial))
}

/** A string that may be absent; the empty string is how that is said. */
export function optionalString(check?: StringCheck): ValueType<string> {
  return stringType('string', cString, check, rewriteUnlessAbsent)
}

/** An optional string of arbitrary bytes, NUL included. */
export const secret: ValueType<string> = stringType('secret', (word) => word, undefined, rewriteUnlessAbsent)

function stringType(
  kind: 'string' | 'secret',
  cut: (word: string) => string,
  check: StringCheck | undefined,
  rewrite: ValueType<string>['rewrite'],
): ValueType<string> {
  return {
    kind,
    syntax: 'text',
    takesMany: false,
    read(words, _before, context) {
      const value = cut(words[0]!)
      const reason = check?.(value, context)
      return reason === undefined ? value : new Refusal(reason)
    },
    value: (text) => text,
    format: (value) => value,
    rewrite,
  }
}

function rewriteUnlessAbsent(name: string, text: string): readonly RewriteLine[] {
  return text === '' ? [] : rewriteAs(name, quote(text), true)
}

function notOneOf(names: readonly string[]): Refusal {
  return new Refusal(`argument(s) must be one of the following: ${names.join(', ')}`)
}
