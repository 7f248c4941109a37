/** The form of a DEBUG subcommand. To clients DEBUG is one command, without subcommands of its own in COMMAND INFO. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'

export interface DebugSubcommand {
  readonly name: string
  /** Lower case. */
  readonly bytes: Uint8Array
  /** Words with DEBUG and the name. */
  readonly argcMin: number
  readonly argcMax: number
  readonly help: readonly string[]
  run(call: Call): void
}

/**
 * @param name   upper case
 * @param words  least and most words of a request, counted with DEBUG and the name
 */
export function debugSubcommand(
  name: string,
  words: readonly [least: number, most: number],
  help: readonly string[],
  run: (call: Call) => void,
): DebugSubcommand {
  return { name, bytes: latin1Bytes(name.toLowerCase()), argcMin: words[0], argcMax: words[1], help, run }
}

/** As C reads a number: digits at the start decide, anything else is 0. */
export function leadingInteger(text: string): number {
  return Number(/^\s*[+-]?\d+/.exec(text)?.[0] ?? 0)
}
