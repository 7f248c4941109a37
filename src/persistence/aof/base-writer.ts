/** Writes the base of the append-only file by a walk over the data: as a snapshot, or as commands. */

import type { OperationalError } from '../../base/operational-error.js'
import type { Store } from '../../engine/store.js'
import type { ByteSink } from '../byte-sink.js'
import { libraries } from '../rdb/libraries.js'
import { rdbFileFacts } from '../rdb/save-whole.js'
import { startWalk, walkNow } from '../snapshot/background-walk.js'
import type { SnapshotConsumer } from '../snapshot/consumer.js'
import { rdbConsumer } from '../snapshot/rdb-consumer.js'
import { walks } from '../snapshot/walks.js'
import { CommandWriter } from './command-writer.js'
import type { BaseWriter } from './rewriter.js'

export class WalkingBaseWriter implements BaseWriter {
  private readonly store: Store

  constructor(store: Store) {
    this.store = store
  }

  get isBusy(): boolean {
    return this.store.services.get(walks).active !== undefined
  }

  start(path: string, done: (error: OperationalError | undefined) => void): { cancel(): void } {
    return startWalk(this.store, {
      purpose: 'aof',
      file: path,
      consumer: (sink) => baseConsumer(this.store, sink),
      done,
    })
  }

  writeNow(path: string): void {
    walkNow(this.store, { file: path, consumer: (sink) => baseConsumer(this.store, sink) })
  }
}

function baseConsumer(store: Store, sink: ByteSink): SnapshotConsumer {
  const { values } = store.config
  if (values['aof-use-rdb-preamble']) return rdbConsumer(store, sink, { ...rdbFileFacts(store), isAofBase: true })
  return new CommandWriter(store.keyspace, sink, {
    noteMs: values['aof-timestamp-enabled'] ? store.environment.clock.nowMs() : undefined,
    libraries: [...store.services.get(libraries).codes()],
  })
}
