/** Checks the snapshot at the beginning of an append-only file, with the report of redis-check-rdb. */

import type { OpenFile } from '../base/environment.js'
import { Keyspace } from '../keyspace/keyspace.js'
import { Arena } from '../memory/arena.js'
import { ByteSource } from '../persistence/byte-source.js'
import { RdbChecker } from '../persistence/rdb/checker.js'
import { NodeClock, NodeRandom } from '../platform/node-clock.js'

/** Returns where the snapshot ends; undefined, with the reason printed, when it is broken. */
export function checkSnapshotPart(path: string, file: OpenFile, print: (text: string) => void): number | undefined {
  const keyspace = new Keyspace(new Arena(), new NodeRandom(), 1)
  keyspace.isLoading = true
  const source = new ByteSource()
  let position = 0
  source.totalBytes = file.size()
  source.pull = (into, start, end) => {
    const got = file.read(into, start, end, position)
    position += got
    return got
  }
  const checker = new RdbChecker(keyspace, source, new NodeClock().nowMs(), print)
  return checker.check(path) ? source.offset : undefined
}
