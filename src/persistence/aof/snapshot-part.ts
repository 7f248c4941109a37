/** The snapshot at the beginning of a file of the append-only file, loaded in slices. */

import type { OpenFile } from '../../base/environment.js'
import type { Store } from '../../engine/store.js'
import { silentEvents } from '../../keyspace/events.js'
import { ByteSource } from '../byte-source.js'
import { Status } from '../rdb/decode-context.js'
import { newRdbLoader } from '../rdb/load-file.js'
import type { RdbLoader } from '../rdb/loader.js'

export class SnapshotPart {
  private readonly store: Store
  private readonly source: ByteSource
  private readonly loader: RdbLoader

  constructor(store: Store, file: OpenFile) {
    let position = 0
    this.store = store
    this.source = new ByteSource()
    this.source.totalBytes = file.size()
    this.source.pull = (into, start, end) => {
      const got = file.read(into, start, end, position)
      position += got
      return got
    }
    // A command that follows may give a key another time, or need it.
    this.loader = newRdbLoader(store, this.source, { keepsExpired: true })
  }

  /** Where the snapshot ends, once it is loaded. */
  get offset(): number {
    return this.source.offset
  }

  /** Why it cannot be loaded, and where that was noticed. */
  get problem(): string {
    const { error } = this.loader
    return error === undefined ? '' : `${error.message} (at offset ${error.offset})`
  }

  step(deadlineUs: number): 'more' | 'loaded' | 'failed' {
    const { keyspace } = this.store
    const { events } = keyspace
    // Nobody is told of keys that come back.
    keyspace.events = silentEvents
    const status = this.loader.step(deadlineUs)
    keyspace.events = events
    if (status === Status.more) return 'more'
    return status === Status.done ? 'loaded' : 'failed'
  }

  /** Lets go of a value that is half read. */
  abandon(): void {
    this.loader.abandon()
  }
}
