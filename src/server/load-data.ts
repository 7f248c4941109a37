/** Brings the data of the last run back: from the append-only file when that is on, otherwise from the snapshot. */

import type { Store } from '../engine/store.js'
import { type AppendOnlyFile, appendOnlyFile } from '../persistence/aof/append-only-file.js'
import { ManifestError } from '../persistence/aof/manifest.js'
import { loadSnapshot } from '../persistence/rdb/load-file.js'

/** Loads in slices; false, with the reason logged, when the server must not go on without that data. */
export async function loadData(store: Store): Promise<boolean> {
  const { services, config } = store
  if (!services.has(appendOnlyFile)) return true
  const file = services.get(appendOnlyFile)
  if (!readManifest(store, file)) return false
  if (config.values.appendonly) return loadAppendOnlyFile(store, file)
  const outcome = await loadSnapshot(store)
  return outcome === 'loaded' || outcome === 'missing'
}

/** Also when the append-only file is off: it may be switched on later, and go on from there. */
function readManifest(store: Store, file: AppendOnlyFile): boolean {
  try {
    file.readManifest()
    return true
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    for (const line of error.report) store.environment.log.write('warning', line)
    return false
  }
}

async function loadAppendOnlyFile(store: Store, file: AppendOnlyFile): Promise<boolean> {
  const { clock, log } = store.environment
  const startUs = clock.monotonicUs()
  const outcome = await file.load()
  if (outcome === 'failed') return false
  if (outcome !== 'missing') {
    const seconds = ((clock.monotonicUs() - startUs) / 1_000_000).toFixed(3)
    log.write('notice', `DB loaded from append only file: ${seconds} seconds`)
  }
  return file.open()
}
