/** spinel-check-rdb: checks a snapshot. Takes what redis-check-rdb takes, and answers in its form. */

import { OperationalError } from '../base/operational-error.js'
import { REFERENCE_VERSION } from '../introspection/version.js'
import { Keyspace } from '../keyspace/keyspace.js'
import { Arena } from '../memory/arena.js'
import { ByteSource } from '../persistence/byte-source.js'
import { RdbChecker } from '../persistence/rdb/checker.js'
import { NodeClock, NodeRandom } from '../platform/node-clock.js'
import { NodeFiles } from '../platform/node-files.js'
import { exitProcess, printError, printOut, programArguments, programName } from '../platform/node-process.js'

function main(): never {
  const args = programArguments()
  const [path] = args
  if (args.length !== 1 || path === undefined) {
    printError(`Usage: ${programName()} <rdb-file-name>\n`)
    return exitProcess(1)
  }
  if (path === '-v' || path === '--version') {
    printOut(`redis-check-rdb ${REFERENCE_VERSION}\n`)
    return exitProcess(0)
  }
  return exitProcess(isSound(path) ? 0 : 1)
}

function isSound(path: string): boolean {
  const keyspace = new Keyspace(new Arena(), new NodeRandom(), 1)
  keyspace.isLoading = true
  const source = new ByteSource()
  const checker = new RdbChecker(keyspace, source, new NodeClock().nowMs(), printOut)
  try {
    const file = new NodeFiles().open(path, 'read')
    let position = 0
    source.totalBytes = file.size()
    source.pull = (into, start, end) => {
      const length = file.read(into, start, end, position)
      position += length
      return length
    }
    return checker.check(path)
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error
    printOut(`[offset ${source.offset}] Checking RDB file ${path}\n`)
    printError(`${path}: ${error.message}\n`)
    return false
  }
}

main()
