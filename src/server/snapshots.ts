/** Snapshots as parts of a store: provides them, and shows them in INFO. */

import type { Store } from '../engine/store.js'
import { type Figure, infoFigures } from '../introspection/info/figures.js'
import { Saves, saves } from '../persistence/snapshot/saves.js'
import { Walks, walks } from '../persistence/snapshot/walks.js'

/** A store whose environment has no files saves nothing. */
export function provideSnapshots(store: Store): void {
  const { environment, services } = store
  if (!services.has(walks)) services.provide(walks, new Walks())
  if (environment.files === undefined) return
  showSaves(store, services.provide(saves, new Saves(store)))
  showWalk(store, services.get(walks))
}

function showSaves(store: Store, service: Saves): void {
  const figures = store.services.get(infoFigures)
  const show = (name: string, figure: Figure): void => figures.supply(`rdb_${name}`, figure)
  show('bgsave_in_progress', () => (service.isRunning ? 1 : 0))
  show('last_save_time', () => Math.floor(service.lastSaveMs / 1000))
  show('last_bgsave_status', () => (service.hasLastSucceeded ? 'ok' : 'err'))
  show('last_bgsave_time_sec', () => service.lastSeconds)
  show('current_bgsave_time_sec', () => service.currentSeconds)
  show('saves', () => service.count)
  show('last_cow_size', () => service.lastCopiedBytes)
}

/**
 * What is under way, whoever it is for. Where the reference shows what pages a child process has copied because of writes, this
 * is what writes have made the walk save before its turn.
 */
function showWalk(store: Store, service: Walks): void {
  const figures = store.services.get(infoFigures)
  const show = (name: string, figure: Figure): void =>
    figures.supply(`current_${name}`, () => (service.active === undefined ? 0 : figure()))
  show('cow_peak', () => service.active!.walk.copiedBytes)
  show('cow_size', () => service.active!.walk.copiedBytes)
  show('cow_size_age', () => 0)
  show('save_keys_processed', () => service.active!.walk.keysDone)
  show('save_keys_total', () => service.active!.walk.keysTotal)
  figures.supply('current_fork_perc', () => {
    const { active } = service
    if (active === undefined || active.walk.keysTotal === 0) return '0.00'
    return ((active.walk.keysDone * 100) / active.walk.keysTotal).toFixed(2)
  })
}
