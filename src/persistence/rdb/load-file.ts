/**
 * Loads an RDB file into a store: in slices while it starts, so that clients hear that it is loading, or in one go (DEBUG
 * RELOAD). Progress shows in INFO, and what goes wrong in the log with its place in the file.
 */

import type { Files, LogLevel, OpenFile } from '../../base/environment.js'
import { OperationalError } from '../../base/operational-error.js'
import { systemErrorText } from '../../config/config-files.js'
import { defineService } from '../../engine/services.js'
import { Stat } from '../../engine/statistics.js'
import type { Store } from '../../engine/store.js'
import { silentEvents } from '../../keyspace/events.js'
import { Keyspace } from '../../keyspace/keyspace.js'
import { Arena } from '../../memory/arena.js'
import { ByteSource, type Pull } from '../byte-source.js'
import { type Loading, loading } from '../loading.js'
import { saves } from '../snapshot/saves.js'
import { RdbChecker } from './checker.js'
import { Status } from './decode-context.js'
import { libraries } from './libraries.js'
import { RdbLoader } from './loader.js'
import { valueCodec } from './value-codec.js'

/** A loading server answers clients this often. */
const SLICE_US = 5000

export interface RdbFileFlags {
  /** Loads keys past their time, too. */
  readonly keepsExpired?: boolean
  /** Keys that are there already are replaced. */
  readonly replacesKeys?: boolean
}

/** Of what is there, `broken` means that its content is no good, `failed` that it was not taken for another reason. */
export type RdbFileOutcome = 'loaded' | 'missing' | 'broken' | 'failed'

/** What the last load did; INFO shows it. */
export class LoadFigures {
  loaded: number
  expired: number

  constructor() {
    this.loaded = 0
    this.expired = 0
  }
}

export const loadFigures = defineService<LoadFigures>('load figures')

export async function loadRdbFile(store: Store, path: string, flags: RdbFileFlags = {}): Promise<RdbFileOutcome> {
  const load = openLoad(store, path, flags)
  if (typeof load === 'string') return load
  const { clock, timers } = store.environment
  for (;;) {
    const outcome = load.step(clock.monotonicUs() + SLICE_US)
    if (outcome !== 'more') return outcome
    await new Promise<void>((resolve) => timers.soon(resolve))
  }
}

/** The same in one go, while everybody waits. */
export function loadRdbFileNow(store: Store, path: string, flags: RdbFileFlags = {}): RdbFileOutcome {
  const load = openLoad(store, path, flags)
  if (typeof load === 'string') return load
  const outcome = load.step(Infinity)
  return outcome === 'more' ? 'failed' : outcome
}

function openLoad(store: Store, path: string, flags: RdbFileFlags): RdbFileLoad | 'missing' | 'failed' {
  const { files, log } = store.environment
  if (files === undefined) return 'missing'
  try {
    return new RdbFileLoad(store, files, path, flags)
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error
    if (error.code === 'ENOENT') return 'missing'
    log.write('warning', `Fatal error: can't open the RDB file ${path} for reading: ${systemErrorText(error)}`)
    return 'failed'
  }
}

class RdbFileLoad {
  private readonly store: Store
  private readonly file: OpenFile
  private readonly loader: RdbLoader
  private readonly progress: Loading

  constructor(store: Store, files: Files, path: string, flags: RdbFileFlags) {
    this.store = store
    this.file = files.open(path, 'read')
    const source = new ByteSource()
    source.totalBytes = this.file.size()
    source.pull = pulling(this.file)
    this.loader = newRdbLoader(store, source, flags)
    this.progress = store.services.get(loading)
    this.progress.start(source.totalBytes)
    store.keyspace.setTime(store.environment.clock.nowMs())
  }

  step(deadlineUs: number): RdbFileOutcome | 'more' {
    const { keyspace } = this.store
    const { events } = keyspace
    // Nobody is told of keys that come back.
    keyspace.events = silentEvents
    const status = this.guardedStep(deadlineUs)
    keyspace.events = events
    this.noteProgress()
    if (status === Status.more) return 'more'
    this.end()
    if (status === Status.done) return 'loaded'
    return this.report()
  }

  private guardedStep(deadlineUs: number): Status {
    try {
      return this.loader.step(deadlineUs)
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error
      this.log('warning', `Error reading the RDB file: ${systemErrorText(error)}`)
      this.loader.abandon()
      return Status.failed
    }
  }

  private noteProgress(): void {
    const { statistics, usedMemory } = this.store
    const figures = this.store.services.get(loadFigures)
    this.progress.progress(this.loader.source.offset)
    figures.loaded = this.loader.loaded
    figures.expired = this.loader.expired
    if (usedMemory > statistics[Stat.peakMemory]!) statistics[Stat.peakMemory] = usedMemory
  }

  private end(): void {
    const { services } = this.store
    services.get(valueCodec).sanitizedElsewhere += this.loader.sanitized
    this.file.close()
    this.progress.stop()
  }

  private report(): RdbFileOutcome {
    const { error } = this.loader
    if (error === undefined) return 'failed'
    const { kind, message, offset } = error
    if (kind === 'truncated' || kind === 'memory') {
      this.log('warning', 'Short read or OOM loading DB. Unrecoverable error, aborting now.')
    }
    if (kind === 'corrupt' || kind === 'truncated' || kind === 'memory') {
      this.log('warning', `Internal error in RDB reading offset ${offset} -> ${message}`)
      return 'broken'
    }
    this.log('warning', `${message} (offset ${offset} of the file)`)
    if (kind !== 'checksum') return 'failed'
    this.log('warning', `Internal error in RDB reading offset ${offset} -> RDB CRC error`)
    return 'broken'
  }

  private log(level: LogLevel, message: string): void {
    this.store.environment.log.write(level, message)
  }
}

/** A loader with what the store's configuration says. */
export function newRdbLoader(store: Store, source: ByteSource, flags: RdbFileFlags): RdbLoader {
  const { config, environment, keyspace, services } = store
  const replacesKeys = flags.replacesKeys ?? false
  return new RdbLoader(keyspace, source, {
    clock: environment.clock,
    log: environment.log,
    checksChecksum: config.values.rdbchecksum && services.get(valueCodec).checksChecksums,
    sanitizes: config.values['sanitize-dump-payload'] === 'yes',
    keepsExpired: (flags.keepsExpired ?? false) || store.isReplica,
    replacesKeys,
    afterKey: () => delay(store),
    loadLibrary: (code) => services.get(libraries).load(code, replacesKeys),
  })
}

/** Makes loading slow, for tests (key-load-delay); a negative value now and then, once in so many keys. */
function delay({ config, environment }: Store): void {
  const delayUs = config.values['key-load-delay']
  if (delayUs === 0) return
  if (delayUs > 0) environment.host.blockMs(delayUs / 1000)
  else if (environment.random.next32() % -delayUs === 0) environment.host.blockMs(0.001)
}

/** Logs what the checker says of a file that is broken: which key it is that cannot be read, and how far it was sound. */
function explain({ environment, keyspace }: Store, path: string): void {
  const { clock, files, log } = environment
  if (files === undefined) return
  const apart = new Keyspace(new Arena(), keyspace.random, 1)
  const source = new ByteSource()
  try {
    const file = files.open(path, 'read')
    source.totalBytes = file.size()
    source.pull = pulling(file)
    new RdbChecker(apart, source, clock.nowMs(), (text) => log.write('warning', text.trimEnd())).check(path)
    file.close()
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error
  }
}

function pulling(file: OpenFile): Pull {
  let position = 0
  return (into, start, end) => {
    const length = file.read(into, start, end, position)
    position += length
    return length
  }
}

/** Loads the snapshot that a server starts from; after `broken` or `failed` it should not start. */
export async function loadSnapshot(store: Store): Promise<RdbFileOutcome> {
  const { config, environment } = store
  const { clock, log } = environment
  const startUs = clock.monotonicUs()
  const outcome = await loadRdbFile(store, config.values.dbfilename)
  if (outcome === 'loaded') {
    if (store.services.has(saves)) store.services.get(saves).noteLoaded()
    log.write('notice', `DB loaded from disk: ${((clock.monotonicUs() - startUs) / 1e6).toFixed(3)} seconds`)
  } else if (outcome === 'broken') {
    explain(store, config.values.dbfilename)
    log.write('warning', 'Terminating server after rdb file reading failure.')
  } else if (outcome === 'failed') log.write('warning', 'Fatal error loading the DB, check server logs. Exiting.')
  return outcome
}
