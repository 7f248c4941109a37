/**
 * The arguments of the server program: `[file] [-] [--name value ...] [-]`.
 *
 * Options become lines of configuration text, read after the file and standard input, so that the last word wins. What
 * follows an option up to the next `--name` is its value; a value that itself starts with `--` is taken as such when the
 * option has no value yet (`--proc-title-template --my--title`). `--save` and `--sentinel` alone may be followed directly
 * by the next option. The rules are those of Redis since 7.0.1.
 *
 * Arguments are byte strings: the caller decodes them as latin1.
 */

import { quote, splitWords } from './file-syntax.js'

export interface CommandLine {
  /** As given; undefined when there is none. */
  readonly configFile: string | undefined
  readonly readsStandardInput: boolean
  /** Configuration text, one option a line. */
  readonly options: string
}

/** @param args  without the names of the runtime and the program */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const configFile = args.length > 0 && !args[0]!.startsWith('-') ? args[0] : undefined
  let readsStandardInput = false
  let options = ''
  let isOptionComplete = true
  for (let at = configFile === undefined ? 0 : 1; at < args.length; at++) {
    const arg = args[at]!
    const isEdge = at === 0 || at === args.length - 1
    if (arg === '-' && isEdge) {
      readsStandardInput = true
    } else if (isOptionComplete && arg.startsWith('--')) {
      const isLast = at === args.length - 1
      const isFollowedByOption = !isLast && args[at + 1]!.startsWith('--')
      const isBareName = splitWords(arg)?.length === 1
      const isSave = arg.toLowerCase() === '--save'
      const mayStandAlone = isSave || arg.toLowerCase() === '--sentinel'
      if (options !== '') options += '\n'
      options += `${arg.slice(2)} `
      if (isBareName && isSave && (isLast || isFollowedByOption)) options += '""'
      isOptionComplete = !isBareName || (mayStandAlone && isFollowedByOption)
    } else {
      options += `${quote(arg)} `
      isOptionComplete = true
    }
  }
  return { configFile, readsStandardInput, options }
}

/** Whether the program is to run as Sentinel: by its name, or by `--sentinel` anywhere. */
export function asksForSentinel(programName: string, args: readonly string[]): boolean {
  return /(?:redis|spinel)-sentinel/.test(programName) || args.includes('--sentinel')
}

export type SpecialRequest = 'version' | 'help' | 'test-memory' | 'check-system'

const SPECIAL_REQUESTS: ReadonlyMap<string, SpecialRequest> = new Map([
  ['-v', 'version'],
  ['--version', 'version'],
  ['-h', 'help'],
  ['--help', 'help'],
  ['--test-memory', 'test-memory'],
  ['--check-system', 'check-system'],
])

/** A first argument that asks for something else than a server. */
export function specialRequest(args: readonly string[]): SpecialRequest | undefined {
  return SPECIAL_REQUESTS.get(args[0] ?? '')
}
