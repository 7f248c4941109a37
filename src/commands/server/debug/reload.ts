/** DEBUG RELOAD, and the lever for checksums of payloads. */

import { latin1Bytes } from '../../../base/bytes.js'
import type { Call } from '../../../engine/call.js'
import { libraries } from '../../../persistence/rdb/libraries.js'
import { loadRdbFileNow } from '../../../persistence/rdb/load-file.js'
import { valueCodec } from '../../../persistence/rdb/value-codec.js'
import { saves } from '../../../persistence/snapshot/saves.js'
import { ErrorReply } from '../../../protocol/errors.js'
import { type DebugSubcommand, debugSubcommand, leadingInteger } from './subcommand.js'

const MERGE = latin1Bytes('merge')
const NOFLUSH = latin1Bytes('noflush')
const NOSAVE = latin1Bytes('nosave')
const ALL_DATABASES = -1

export const reloadSubcommands: readonly DebugSubcommand[] = [
  debugSubcommand(
    'RELOAD',
    [2, Infinity],
    [
      'RELOAD [<option> ...]',
      '    Saves the data to disk and loads it back. Options:',
      '    * MERGE: keys that are there already are replaced by those of the file.',
      '    * NOFLUSH: the data is not deleted before loading. Use it with MERGE.',
      '    * NOSAVE: the file that is there is loaded.',
    ],
    reload,
  ),
  debugSubcommand(
    'SET-SKIP-CHECKSUM-VALIDATION',
    [3, 3],
    [
      'SET-SKIP-CHECKSUM-VALIDATION <0|1>',
      '    Takes RDB files and payloads whatever their checksum says (1), or not (0).',
    ],
    (call) => {
      call.store.services.get(valueCodec).checksChecksums = leadingInteger(call.text(2)) === 0
      call.reply.ok()
    },
  ),
]

interface ReloadOptions {
  replacesKeys: boolean
  flushes: boolean
  saves: boolean
}

function reload(call: Call): void {
  const { store } = call
  const options: ReloadOptions = { replacesKeys: false, flushes: true, saves: true }
  if (!parseOptions(call, options)) return
  if (options.saves && !save(call)) return call.fail(ErrorReply.bare)
  if (options.flushes) {
    call.keyspace.flush(ALL_DATABASES, false)
    store.services.get(libraries).clear()
  }
  const { dbfilename } = store.config.values
  const outcome = loadRdbFileNow(store, dbfilename, { replacesKeys: options.replacesKeys })
  if (outcome !== 'loaded') return call.fail(ErrorReply.debugReload)
  store.environment.log.write('warning', 'DB reloaded by DEBUG RELOAD')
  call.reply.ok()
}

function parseOptions(call: Call, options: ReloadOptions): boolean {
  for (let i = 2; i < call.argc; i++) {
    if (call.is(i, MERGE)) options.replacesKeys = true
    else if (call.is(i, NOFLUSH)) options.flushes = false
    else if (call.is(i, NOSAVE)) options.saves = false
    else {
      call.fail(ErrorReply.debugReloadOptions)
      return false
    }
  }
  return true
}

function save({ store }: Call): boolean {
  return store.services.has(saves) && store.services.get(saves).saveNow()
}
