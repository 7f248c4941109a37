/** Persistence as parts of a store: provides them, and shows them in INFO. */

import type { Store } from '../engine/store.js'
import { infoFigures } from '../introspection/info/figures.js'
import { AppendOnlyFile, appendOnlyFile } from '../persistence/aof/append-only-file.js'
import { WalkingBaseWriter } from '../persistence/aof/base-writer.js'
import { AofDirectory } from '../persistence/aof/directory.js'
import { Loading, loading } from '../persistence/loading.js'
import { Walks, walks } from '../persistence/snapshot/walks.js'

/** The append-only file; a store whose environment has no files has none. */
export function provideAppendOnlyFile(store: Store): void {
  const { config, environment, services } = store
  const progress = services.provide(loading, new Loading(store))
  showLoading(store, progress)
  if (!services.has(walks)) services.provide(walks, new Walks())
  if (environment.files === undefined) return
  const directory = new AofDirectory(environment.files, config, environment.log)
  const file = new AppendOnlyFile(store, directory, progress, new WalkingBaseWriter(store))
  services.provide(appendOnlyFile, file)
  showAppendOnlyFile(store, file)
}

function showLoading(store: Store, progress: Loading): void {
  const figures = store.services.get(infoFigures)
  const show = (name: string, figure: () => number | string): void =>
    figures.supply(`loading_${name}`, () => (progress.isActive ? figure() : undefined))
  show('start_time', () => Math.floor(progress.startMs / 1000))
  show('total_bytes', () => progress.totalBytes)
  show('rdb_used_mem', () => progress.peakMemory)
  show('loaded_bytes', () => progress.loadedBytes)
  show('loaded_perc', () => progress.percent.toFixed(2))
  show('eta_seconds', () => progress.etaSeconds)
}

function showAppendOnlyFile(store: Store, file: AppendOnlyFile): void {
  const figures = store.services.get(infoFigures)
  const { rewriter, writer } = file
  const show = (name: string, figure: () => number | string): void => figures.supply(`aof_${name}`, figure)
  const showWhenOn = (name: string, figure: () => number): void =>
    figures.supply(`aof_${name}`, () => (file.state === 'off' ? undefined : figure()))
  show('enabled', () => (file.state === 'off' ? 0 : 1))
  show('rewrite_in_progress', () => (rewriter.isRunning ? 1 : 0))
  show('rewrite_scheduled', () => (rewriter.isScheduled ? 1 : 0))
  show('last_rewrite_time_sec', () => rewriter.lastSeconds)
  show('current_rewrite_time_sec', () => rewriter.currentSeconds)
  show('last_bgrewrite_status', () => (rewriter.lastSucceeded ? 'ok' : 'err'))
  show('rewrites', () => rewriter.startedCount)
  show('rewrites_consecutive_failures', () => rewriter.consecutiveFailures)
  show('last_write_status', () => (writer.isFailing ? 'err' : 'ok'))
  showWhenOn('current_size', () => writer.totalBytes)
  showWhenOn('base_size', () => file.baseBytes)
  showWhenOn('pending_rewrite', () => (rewriter.isScheduled ? 1 : 0))
  showWhenOn('buffer_length', () => writer.buffer.length)
  showWhenOn('pending_bio_fsync', () => writer.pendingSyncs)
  showWhenOn('delayed_fsync', () => writer.delayedSyncs)
}
