/** DEBUG subcommands for the append-only file. */

import type { Call } from '../../../engine/call.js'
import { type AppendOnlyFile, appendOnlyFile } from '../../../persistence/aof/append-only-file.js'
import { ManifestError } from '../../../persistence/aof/manifest.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { debugSubcommand, type DebugSubcommand, leadingInteger } from './subcommand.js'

export const appendOnlyFileSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand(
    'AOF-FLUSH-SLEEP',
    [3, 3],
    ['AOF-FLUSH-SLEEP <microsec>', '    Waits before each write to the append-only file.'],
    (call) => {
      const file = fileOf(call)
      if (file !== undefined) file.flushDelayUs = leadingInteger(call.text(2))
      call.reply.ok()
    },
  ),
  debugSubcommand(
    'LOADAOF',
    [2, 2],
    ['LOADAOF', '    Writes what is left to write of the append-only file and loads it in place of the data.'],
    loadAof,
  ),
]

function fileOf({ store }: Call): AppendOnlyFile | undefined {
  return store.services.has(appendOnlyFile) ? store.services.get(appendOnlyFile) : undefined
}

function loadAof(call: Call): void {
  const { log } = call.store.environment
  call.propagateNothing()
  if (!hasReloaded(call)) return call.fail(ErrorReply.debugLoadAppendOnly)
  call.store.dirty = 0
  log.write('notice', 'Append Only File loaded by DEBUG LOADAOF')
  call.reply.ok()
}

function hasReloaded(call: Call): boolean {
  try {
    const outcome = fileOf(call)?.reload()
    return outcome === 'loaded' || outcome === 'empty'
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    for (const line of error.report) call.store.environment.log.write('warning', line)
    return false
  }
}
