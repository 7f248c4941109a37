/** First arguments that ask for something else than a server: version, help, checks. */

import type { SpecialRequest } from '../config/command-line.js'
import { NodeHost } from '../platform/node-host.js'
import { exitProcess, openFilesMax, printError, printOut, programName } from '../platform/node-process.js'
import { helpText, versionText } from './banner.js'

/** The oldest Node that runs the server, as package.json has it. */
const NODE_VERSION_MIN = [20, 11] as const
/** Clients and files of the server's own with the configuration it has by default. */
const OPEN_FILES_WANTED = 10032

export function answerSpecialRequest(request: SpecialRequest): never {
  switch (request) {
    case 'version':
      printOut(versionText(new NodeHost().pointerBits))
      return exitProcess(0)
    case 'help':
      printError(helpText(programName()))
      return exitProcess(1)
    case 'test-memory':
      printError('Testing the memory of the machine is no part of Spinel: use memtester or memtest86 for that.\n')
      return exitProcess(1)
    case 'check-system':
      return exitProcess(checkSystem() ? 0 : 1)
  }
}

function checkSystem(): boolean {
  const { runtime, pointerBits } = new NodeHost()
  const [major = 0, minor = 0] = runtime
    .replace(/^node v/, '')
    .split('.')
    .map(Number)
  const files = openFilesMax() ?? Infinity
  const checks: readonly (readonly [what: string, isFine: boolean, advice: string])[] = [
    [
      `runtime (${runtime})`,
      major > NODE_VERSION_MIN[0] || (major === NODE_VERSION_MIN[0] && minor >= NODE_VERSION_MIN[1]),
      `Node ${NODE_VERSION_MIN.join('.')} or newer is needed.`,
    ],
    [`address space (${pointerBits} bit)`, pointerBits === 64, 'A 32-bit process can hold little data.'],
    [
      `open files (${files})`,
      files >= OPEN_FILES_WANTED,
      `10000 clients need ${OPEN_FILES_WANTED}: raise "ulimit -n".`,
    ],
  ]
  for (const [what, isFine, advice] of checks) printOut(`[${what}]...${isFine ? 'OK' : `WARNING: ${advice}`}\n`)
  return checks.every(([, isFine]) => isFine)
}
