/** spinel-check-aof: checks an append-only file, and repairs one that was torn. Takes what redis-check-aof takes. */

import { NodeFiles } from '../platform/node-files.js'
import { exitProcess, printOut, programArguments, programName, readInputLine } from '../platform/node-process.js'
import { checkAppendOnlyFile, type CheckOptions } from '../persistence/aof/check.js'
import { checkSnapshotPart } from './check-snapshot.js'

function main(): never {
  const options = parse(programArguments())
  if (options === undefined) {
    const words = '[--fix|--truncate-to-timestamp $timestamp] <file.manifest|file.aof>'
    printOut(`Usage: ${programName()} ${words}\n`)
    return exitProcess(1)
  }
  if (options === 'bad time') {
    printOut('Invalid timestamp, aborting...\n')
    return exitProcess(1)
  }
  const status = checkAppendOnlyFile(options, {
    files: new NodeFiles(),
    print: printOut,
    ask: () => readInputLine().charAt(0),
    checkSnapshot: (path, file) => checkSnapshotPart(path, file, printOut),
  })
  return exitProcess(status)
}

/** Undefined when the words make no sense. */
function parse(args: readonly string[]): CheckOptions | 'bad time' | undefined {
  const [first, second, third] = args
  if (args.length === 1) return { path: first!, fixes: false, truncatesTo: undefined }
  if (args.length === 2 && first === '--fix') return { path: second!, fixes: true, truncatesTo: undefined }
  if (args.length !== 3 || first !== '--truncate-to-timestamp') return undefined
  if (!/^\s*[+-]?\d+$/.test(second!)) return 'bad time'
  // A time of 0 limits nothing.
  return { path: third!, fixes: false, truncatesTo: Number(second) || undefined }
}

main()
