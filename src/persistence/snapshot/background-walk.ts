/**
 * A walk in the background: slices of it among commands, its output to a temporary file on other threads.
 *
 * While the disk cannot keep up, the walk pauses. What writes have saved meanwhile is queued all the same; when that queue passes
 * its limit (snapshot-buffer-limit), writing commands wait until there is room, so that memory stays bounded.
 */

import { assert } from '../../base/assert.js'
import type { Files } from '../../base/environment.js'
import { OperationalError } from '../../base/operational-error.js'
import type { Store } from '../../engine/store.js'
import { SLICE_US, STOP, type TimeEvent } from '../../engine/time-events.js'
import { ByteSink } from '../byte-sink.js'
import type { SnapshotConsumer } from './consumer.js'
import type { LargeLimits } from './large.js'
import { SideStore } from './side-store.js'
import { SnapshotFile, SnapshotFileNow, SYNC_BYTES } from './snapshot-file.js'
import { SnapshotWalk } from './walk.js'
import { walks } from './walks.js'

export type WalkPurpose = 'rdb' | 'aof' | 'replica'

export interface WalkRequest {
  readonly purpose: WalkPurpose
  /** The temporary file. */
  readonly file: string
  consumer(sink: ByteSink): SnapshotConsumer
  /** Told when the file is complete and on disk, or why it is not; in that case it has been removed. */
  done(error: OperationalError | undefined): void
  readonly limits?: LargeLimits
  /** Nobody else is at work: there are no pauses between slices. */
  readonly isAlone?: boolean
}

/** Code of an error that is not the system's: see its message. */
export const WALK_FAILED = 'SNAPSHOT_FAILED'
/** Bytes that may wait for the disk before the walk pauses. */
const PENDING_MAX = 4 << 20
/**
 * A slice, and the pause between two. Commands get two thirds of the time: at half load, what has gathered during a slice is done
 * before the next one, though commands take longer while writes save before them.
 */
const WALK_SLICE_US = 500
const PAUSE_MS = 1
/** Writes wait for the disk no longer than this, so that a disk that never answers is noticed by more than silence. */
const HOLD_MS = 600_000

export class BackgroundWalk {
  readonly purpose: WalkPurpose
  readonly startedMs: number
  readonly sink: ByteSink
  readonly walk: SnapshotWalk
  private readonly store: Store
  private readonly request: WalkRequest
  private readonly file: SnapshotFile
  private readonly side: SideStore
  private readonly event: TimeEvent
  private isOver: boolean
  /** Nothing to be done but to wait for the file. */
  private isWaiting: boolean
  private isHolding: boolean
  /** Most memory that its buffers have taken, and how much they take. */
  peakBytes: number

  constructor(store: Store, files: Files, request: WalkRequest) {
    const { values } = store.config
    this.purpose = request.purpose
    this.startedMs = store.environment.clock.nowMs()
    this.store = store
    this.request = request
    this.isOver = false
    this.isWaiting = false
    this.isHolding = false
    this.peakBytes = 0
    const syncs = values[request.purpose === 'aof' ? 'aof-rewrite-incremental-fsync' : 'rdb-save-incremental-fsync']
    this.file = new SnapshotFile(files, request.file, syncs ? SYNC_BYTES : Infinity)
    this.sink = new ByteSink(this.file, undefined, values.rdbchecksum)
    this.side = new SideStore(files, `${request.file}.side`, values['snapshot-buffer-limit'])
    this.walk = newWalk(store, request, request.consumer(this.sink), this.side)
    this.walk.onFailure = () => this.fail(this.walk.failure)
    this.file.onProgress = () => this.fileMoved()
    this.file.onTaken = () => this.holdWrites()
    this.event = store.timeEvents.add('snapshot', 0, () => this.runSlice())
  }

  /** Memory that buffers take at present. */
  get heldBytes(): number {
    return this.file.pendingBytes + this.side.heldBytes
  }

  /** Ends it without a result. */
  cancel(): void {
    if (this.isOver) return
    this.stop()
    this.file.discard()
    this.store.services.get(walks).ended()
  }

  private runSlice(): number {
    this.notePeak()
    if (this.file.pendingBytes > PENDING_MAX) {
      this.isWaiting = true
      return STOP
    }
    const { clock } = this.store.environment
    const delayUs = this.store.config.values['rdb-key-save-delay']
    const keysMax = delayUs > 0 ? Math.max(1, Math.floor(SLICE_US / delayUs)) : Infinity
    const keysBefore = this.walk.keysDone
    if (!this.walk.run(clock, clock.monotonicUs() + WALK_SLICE_US, keysMax)) {
      this.finish()
      return STOP
    }
    if (delayUs > 0) return ((this.walk.keysDone - keysBefore) * delayUs) / 1000
    return this.request.isAlone === true ? 0 : PAUSE_MS
  }

  private finish(): void {
    this.isWaiting = false
    this.file.finish((error) => {
      if (this.isOver) return
      this.stop()
      this.store.services.get(walks).ended()
      this.request.done(error)
    })
  }

  /** The file has taken something, or failed. */
  private fileMoved(): void {
    if (this.isOver) return
    if (this.file.error !== undefined) return this.fail(this.file.error)
    if (this.file.pendingBytes > PENDING_MAX) return
    this.releaseWrites()
    if (!this.isWaiting) return
    this.isWaiting = false
    this.event.reschedule(0)
  }

  private fail(error: unknown): void {
    if (this.isOver) return
    this.stop()
    this.file.discard()
    this.store.services.get(walks).ended()
    this.request.done(
      error instanceof OperationalError
        ? error
        : new OperationalError(WALK_FAILED, this.request.file, (error as Error).message, error),
    )
  }

  private stop(): void {
    this.isOver = true
    this.event.cancel()
    this.walk.onFailure = undefined
    this.walk.end()
    this.releaseWrites()
  }

  private notePeak(): void {
    if (this.heldBytes > this.peakBytes) this.peakBytes = this.heldBytes
  }

  /** Writes have saved more than the disk takes, up to the limit: they wait. */
  private holdWrites(): void {
    this.notePeak()
    const { config, environment, pause } = this.store
    if (this.file.pendingBytes <= config.values['snapshot-buffer-limit']) return
    this.isHolding = true
    pause.start('snapshot', environment.clock.nowMs() + HOLD_MS, false)
  }

  private releaseWrites(): void {
    if (!this.isHolding) return
    this.isHolding = false
    this.store.pause.end('snapshot')
  }
}

/** Takes the cut and begins to write; throws an OperationalError when the file cannot be made. */
export function startWalk(store: Store, request: WalkRequest): BackgroundWalk {
  const { files } = store.environment
  assert(files !== undefined)
  const service = store.services.get(walks)
  assert(service.active === undefined)
  service.active = new BackgroundWalk(store, files, request)
  return service.active
}

/** The same in one go, while everybody waits; throws an OperationalError. `done` is not called. */
export function walkNow(store: Store, request: Omit<WalkRequest, 'done' | 'purpose'>): void {
  const { files } = store.environment
  assert(files !== undefined)
  const { values } = store.config
  const file = new SnapshotFileNow(files, request.file, values['rdb-save-incremental-fsync'] ? SYNC_BYTES : Infinity)
  try {
    const consumer = request.consumer(new ByteSink(file, undefined, values.rdbchecksum))
    writeAll(store, consumer)
    file.finish()
  } catch (error) {
    file.discard()
    throw error
  }
}

/** All keys at once, of whatever size: nothing can change meanwhile. */
function writeAll(store: Store, consumer: SnapshotConsumer): void {
  consumer.start()
  const batch: number[] = []
  const { environment, keyspace } = store
  const delayUs = store.config.values['rdb-key-save-delay']
  for (const database of keyspace.databases) {
    const { keys } = database
    if (keys.count === 0) continue
    consumer.selectDatabase(database.index, keys.count, database.volatile.count, true)
    for (let bucket = 0; bucket < keys.bucketCount; bucket++) {
      batch.length = 0
      keys.collectBucket(bucket, batch)
      keys.fetchAll(batch)
      for (let i = 0; i < batch.length; i++) {
        consumer.key(batch[i]!)
        if (delayUs > 0) environment.host.blockMs(delayUs / 1000)
      }
    }
  }
  consumer.end()
}

function newWalk(store: Store, request: WalkRequest, consumer: SnapshotConsumer, side: SideStore): SnapshotWalk {
  const { keyspace } = store
  return new SnapshotWalk(
    request.limits === undefined ? { keyspace, consumer, side } : { keyspace, consumer, side, limits: request.limits },
  )
}
