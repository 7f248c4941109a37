/** The server program: reads its configuration, opens a store and listeners, and runs until told to stop. */

import { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { parseCommandLine } from '../config/command-line.js'
import { NodeDisk } from '../platform/node-disk.js'
import { nodeEnvironment } from '../platform/node-environment.js'
import { NodeNetwork } from '../platform/node-network.js'
import { exitProcess, onSignal, printError, programArguments, readStandardInput } from '../platform/node-process.js'
import { openStore } from './open-store.js'
import { Server } from './server.js'

async function main(): Promise<void> {
  const environment = nodeEnvironment()
  const config = new Config({ files: new NodeDisk(), log: environment.log })
  try {
    const line = parseCommandLine(programArguments())
    config.loadCommandLine(line, line.readsStandardInput ? readStandardInput() : '')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    printError(error.report())
    exitProcess(1)
  }
  const store = openStore({ environment, config })
  const server = new Server(store, new NodeNetwork())
  await server.listen()
  environment.log.write('notice', 'Ready to accept connections tcp')
  const stop = (): void => {
    server.close()
    exitProcess(0)
  }
  onSignal('SIGTERM', stop)
  onSignal('SIGINT', stop)
}

await main()
