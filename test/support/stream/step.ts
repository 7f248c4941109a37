/** One request of a generated stream, and how it reads. */

import { latin1Bytes } from '../../../src/base/bytes.js'

export interface Step {
  /** Which of the stream's connections sends it. */
  readonly connection: number
  /** Full name of the command it was made for (`config|get`); a spoiled request may be none any more. */
  readonly command: string
  readonly words: readonly Uint8Array[]
}

export function step(connection: number, command: string, ...words: (string | Uint8Array)[]): Step {
  return { connection, command, words: words.map((word) => (typeof word === 'string' ? latin1Bytes(word) : word)) }
}

/** A word as text, one character a byte. */
export function wordText(word: Uint8Array): string {
  return Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}

/** The requests as lines for redis-cli, with the connection in front when there are several. */
export function stepLines(steps: readonly Step[]): string[] {
  const hasSeveral = steps.some((item) => item.connection !== steps[0]!.connection)
  return steps.map((item) => {
    const line = item.words.map(quoted).join(' ')
    return hasSeveral ? `[${item.connection}] ${line}` : line
  })
}

function quoted(word: Uint8Array): string {
  const text = wordText(word)
  if (/^[\w.:*#+@()[\]{}?^$!%&=/<>~,;|-]+$/.test(text)) return text
  const escaped = text.replace(/[\\"]/g, (c) => `\\${c}`).replace(/[^ -~]/g, hexEscape)
  return `"${escaped}"`
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
