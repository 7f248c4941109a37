/** spinel-rdb: looks into a snapshot without a server. */

import { OperationalError } from '../base/operational-error.js'
import { REFERENCE_VERSION } from '../introspection/version.js'
import { NodeClock, NodeRandom } from '../platform/node-clock.js'
import { NodeFiles } from '../platform/node-files.js'
import {
  exitProcess,
  isErrorTerminal,
  printError,
  printOut,
  programArguments,
  writeOut,
} from '../platform/node-process.js'
import { HELP, parseArguments, type RdbArguments } from './rdb/arguments.js'
import { Output, OutputClosed } from './rdb/output.js'
import { ProgressBar } from './rdb/progress-bar.js'
import { runTask, scratchKeyspace } from './rdb/tasks.js'

const Exit = { fine: 0, broken: 1, usage: 2 } as const

function main(): never {
  const words = programArguments()
  if (words.includes('--help') || words.includes('-h')) {
    printOut(HELP)
    return exitProcess(Exit.fine)
  }
  if (words.includes('--version') || words.includes('-v')) {
    printOut(`spinel-rdb (formats of Redis ${REFERENCE_VERSION})\n`)
    return exitProcess(Exit.fine)
  }
  const args = parseArguments(words)
  if (typeof args !== 'string') return exitProcess(run(args))
  printError(`spinel-rdb: ${args}\nTry spinel-rdb --help\n`)
  return exitProcess(Exit.usage)
}

function run(args: RdbArguments): number {
  const clock = new NodeClock()
  let bar: ProgressBar | undefined
  try {
    const file = new NodeFiles().open(args.path, 'read')
    if (isErrorTerminal()) bar = new ProgressBar(clock, file.size(), printError)
    runTask(args, file, {
      clock,
      keyspace: scratchKeyspace(new NodeRandom()),
      output: new Output(writeOut),
      progress: (offset) => bar?.show(offset),
      warn: (text) => printError(`spinel-rdb: ${text}\n`),
    })
    return Exit.fine
  } catch (error) {
    if (error instanceof OutputClosed) return Exit.fine
    if (!(error instanceof OperationalError)) throw error
    const where = error.subject === args.path ? args.path : `${args.path}, ${error.subject}`
    bar?.end()
    printError(`spinel-rdb: ${where}: ${error.message}\n`)
    return Exit.broken
  } finally {
    bar?.end()
  }
}

main()
