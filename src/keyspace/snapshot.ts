/**
 * A copy of all data of a store: the arena's blocks, and of each key table the few figures that stand outside the arena.
 *
 * Pointers keep their meaning in the copy, so it costs a memcpy of what is in use, and nothing is walked. It can be put back
 * into the store it came from any number of times, or into another with the same hash key and number of databases.
 */

import { assert } from '../base/assert.js'
import type { Pointer } from '../memory/pointer.js'
import { type ArenaSnapshot, snapshotBytes } from '../memory/snapshot.js'
import type { Database } from './database.js'
import type { KeyTableShape } from './key-table.js'
import type { Keyspace } from './keyspace.js'

interface DatabaseSnapshot {
  readonly keys: KeyTableShape
  readonly volatile: KeyTableShape
  readonly timedHeap: Pointer
  readonly averageTtlMs: number
  readonly expiryCursor: number
}

export interface KeyspaceSnapshot {
  readonly hashKey0: number
  readonly hashKey1: number
  readonly arena: ArenaSnapshot
  readonly databases: readonly DatabaseSnapshot[]
  /** Memory the copy takes, nearly. */
  readonly bytes: number
}

/** What waits to be freed is freed first, so that the copy holds data only. */
export function takeKeyspaceSnapshot(keyspace: Keyspace): KeyspaceSnapshot {
  if (keyspace.reclaimer.isHeld) keyspace.guard?.abandon()
  keyspace.reclaimer.runAll()
  const arena = keyspace.arena.clone()
  return {
    hashKey0: keyspace.hashKey0,
    hashKey1: keyspace.hashKey1,
    arena,
    databases: keyspace.databases.map(copyDatabase),
    bytes: snapshotBytes(arena) + arena.records.byteLength,
  }
}

/**
 * Replaces all data by that of the snapshot. Nobody is told: the caller knows who has to be.
 *
 * @returns false when there is no memory for it; the key space is then empty
 */
export function restoreKeyspace(keyspace: Keyspace, snapshot: KeyspaceSnapshot): boolean {
  assert(keyspace.hashKey0 === snapshot.hashKey0)
  assert(keyspace.hashKey1 === snapshot.hashKey1)
  assert(keyspace.databases.length === snapshot.databases.length)
  keyspace.guard?.abandon()
  keyspace.reclaimer.forgetAll()
  const isRestored = keyspace.arena.restore(snapshot.arena)
  for (const database of keyspace.databases) {
    if (isRestored) restoreDatabase(database, snapshot.databases[database.index]!)
    else emptyDatabase(database)
  }
  keyspace.writes++
  return isRestored
}

function copyDatabase({ keys, volatile, timed, averageTtlMs, expiryCursor }: Database): DatabaseSnapshot {
  return { keys: keys.shape(), volatile: volatile.shape(), timedHeap: timed.heap, averageTtlMs, expiryCursor }
}

function restoreDatabase(database: Database, snapshot: DatabaseSnapshot): void {
  database.keys.assume(snapshot.keys)
  database.volatile.assume(snapshot.volatile)
  database.timed.heap = snapshot.timedHeap
  database.averageTtlMs = snapshot.averageTtlMs
  database.expiryCursor = snapshot.expiryCursor
}

function emptyDatabase(database: Database): void {
  database.keys.reset()
  database.volatile.reset()
  database.timed.heap = 0
  database.averageTtlMs = 0
  database.expiryCursor = 0
}
