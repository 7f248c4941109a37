/** The server program: reads its configuration, opens a store and listeners, and runs until told to stop. */

import type { Log } from '../base/environment.js'
import { asksForSentinel, type CommandLine, parseCommandLine, specialRequest } from '../config/command-line.js'
import { allCommands } from '../commands/index.js'
import { notBuiltCommands } from '../commands/not-built.js'
import { Config } from '../config/config.js'
import { ConfigError, ConfigFileError } from '../config/config-error.js'
import { NodeDisk } from '../platform/node-disk.js'
import { nodeEnvironment } from '../platform/node-environment.js'
import { exitProcess, printError, programArguments, programName, readStandardInput } from '../platform/node-process.js'
import { answerSpecialRequest } from './special-requests.js'
import { Program } from './program.js'

async function main(): Promise<void> {
  const args = programArguments()
  const request = specialRequest(args)
  if (request !== undefined) answerSpecialRequest(request)
  const environment = nodeEnvironment()
  const disk = new NodeDisk()
  const config = new Config({ files: disk, log: environment.log, isSentinel: asksForSentinel(programName(), args) })
  const line = parseCommandLine(args)
  const standardInput = line.readsStandardInput ? readStandardInput() : ''
  loadOrExit(config, environment.log, line, standardInput)
  if (config.isSentinel) refuse('Sentinel mode is not built yet in Spinel.')
  const program = new Program(environment, config, disk)
  await program.run({ hasArguments: args.length !== 0, standardInput })
}

function loadOrExit(config: Config, log: Log, line: CommandLine, standardInput: string): void {
  try {
    config.loadCommandLine(line, standardInput, { renameCommand: renameCheck() })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (!(error instanceof ConfigFileError)) refuse(error.report())
    log.write('warning', error.report())
    exitProcess(1)
  }
}

/** Follows the names as they change, line by line; commands that are still to come keep theirs. */
function renameCheck(): (from: string, to: string) => string | undefined {
  const names = new Set([...allCommands.map(({ fullName }) => fullName), ...notBuiltCommands(allCommands)])
  return (from, to) => {
    if (!names.delete(from.toLowerCase())) return 'No such command in rename-command'
    if (to === '') return undefined
    if (names.has(to.toLowerCase())) return 'Target command name already exists'
    names.add(to.toLowerCase())
    return undefined
  }
}

function refuse(reason: string): never {
  printError(`${reason.replace(/\n$/, '')}\n`)
  exitProcess(1)
}

await main()
