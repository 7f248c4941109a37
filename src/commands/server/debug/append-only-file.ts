/** DEBUG subcommands for the append-only file. */

import { mayWait } from '../../../engine/blocking.js'
import type { Call } from '../../../engine/call.js'
import { type AppendOnlyFile, appendOnlyFile } from '../../../persistence/aof/append-only-file.js'
import type { LoadOutcome } from '../../../persistence/aof/loader.js'
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

/** Others are told LOADING meanwhile; within a transaction, and for who calls without a connection, there is no meanwhile. */
function loadAof(call: Call): void {
  const file = fileOf(call)
  const { kind } = call.client.port
  try {
    if (file === undefined) return reply(call, 'failed')
    if ((kind !== 'tcp' && kind !== 'unix') || !mayWait(call.client)) return reply(call, file.reload())
    const loading = file.reloadInSlices()
    const { suspension } = call.store.executor
    suspension.detach((command) => {
      void loading.then((outcome) => suspension.resume(command, (later) => reply(later, outcome)))
    })
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    for (const line of error.report) call.store.environment.log.write('warning', line)
    reply(call, 'failed')
  }
}

function reply(call: Call, outcome: LoadOutcome): void {
  call.propagateNothing()
  if (outcome !== 'loaded' && outcome !== 'empty') return call.fail(ErrorReply.debugLoadAppendOnly)
  call.store.dirty = 0
  call.store.environment.log.write('notice', 'Append Only File loaded by DEBUG LOADAOF')
  call.reply.ok()
}
