/**
 * First lines that say how code is to be run: `#!lua flags=no-writes` of a script, `#!lua name=library` of a library.
 *
 * All texts are of one byte a character. Of a line only what precedes a NUL counts.
 */

import { latin1 } from '../base/bytes.js'
import { splitWords } from '../config/file-syntax.js'
import { ScriptFlag, scriptFlag } from './flags.js'
import { ScriptError } from './script-engine.js'

const LINE_END = 0x0a

export interface Shebang {
  readonly flags: number
  /** Where the code begins: the line end that closes the first line stays, so that line numbers are right. */
  readonly codeStart: number
}

export interface LibraryHeader {
  readonly name: string
  readonly engine: string
  readonly codeStart: number
}

/** @throws ScriptError */
export function readScriptHeader(bytes: Uint8Array, start: number, end: number): Shebang {
  if (!hasShebang(bytes, start, end)) return { flags: ScriptFlag.undeclared, codeStart: start }
  const lineEnd = endOfLine(bytes, start, end)
  if (lineEnd < 0) throw new ScriptError('Invalid script shebang')
  const words = splitWords(latin1(bytes, start, lineEnd)) ?? []
  if (words.length === 0) throw new ScriptError('Invalid engine in script shebang')
  if (words[0] !== '#!lua') throw new ScriptError(`Unexpected engine in script shebang: ${words[0]!}`)
  let flags = 0
  for (const word of words.slice(1)) flags |= readFlags(word)
  return { flags, codeStart: lineEnd }
}

function readFlags(word: string): number {
  if (!word.startsWith('flags=')) throw new ScriptError(`Unknown lua shebang option: ${word}`)
  let flags = 0
  const list = word.slice('flags='.length)
  for (const name of list === '' ? [] : list.split(',')) {
    const flag = scriptFlag(name)
    if (flag === 0) throw new ScriptError(`Unexpected flag in script shebang: ${name}`)
    flags |= flag
  }
  return flags
}

/** @throws ScriptError */
export function readLibraryHeader(bytes: Uint8Array, start: number, end: number): LibraryHeader {
  if (!hasShebang(bytes, start, end)) throw new ScriptError('Missing library metadata')
  const lineEnd = endOfLine(bytes, start, end)
  const words = lineEnd < 0 ? undefined : splitWords(latin1(bytes, start, lineEnd))
  if (words === undefined || words.length === 0) throw new ScriptError('Invalid library metadata')
  let name: string | undefined
  for (const word of words.slice(1)) {
    if (!/^name=/i.test(word)) throw new ScriptError(`Invalid metadata value given: ${word}`)
    if (name !== undefined) throw new ScriptError('Invalid metadata value, name argument was given multiple times')
    name = word.slice('name='.length)
  }
  if (name === undefined) throw new ScriptError('Library name was not given')
  return { name, engine: words[0]!.slice(2), codeStart: lineEnd }
}

function hasShebang(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 2 && bytes[start] === 0x23 && bytes[start + 1] === 0x21
}

/** The end of the first line; -1 when it has none, or a NUL comes first. */
function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] === LINE_END) return i
    if (bytes[i] === 0) return -1
  }
  return -1
}
