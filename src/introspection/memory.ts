/**
 * Where memory goes: the figures behind INFO memory, MEMORY STATS and MEMORY DOCTOR, taken from the arena.
 *
 * `used` is what the arena has handed out, which is all of the data: keys, values, and the tables that find them; and the
 * arena's own records of it. It is exact. Buffers of clients lie in the JavaScript heap and are shown beside it, not as part of it; so is that heap
 * itself, whose size does not depend on the data.
 */

import { type Client, Gate } from '../engine/client.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { infoFigures } from './info/figures.js'
import type { ArenaStatistics } from '../memory/statistics.js'

/** About what a session costs in the JavaScript heap besides its buffers: the objects of client, connection and socket. */
const SESSION_BYTES = 4096

export interface DatabaseMemory {
  readonly index: number
  readonly keyCount: number
  /** Tables of all keys and of those that expire. */
  readonly mainTableBytes: number
  readonly expiryTableBytes: number
}

export interface MemoryOverview {
  readonly usedBytes: number
  /** Of `usedBytes`: what an empty store uses. */
  readonly startupBytes: number
  readonly peakBytes: number
  readonly residentBytes: number
  readonly normalClientsBytes: number
  readonly replicaClientsBytes: number
  /** Of `usedBytes`: what serves to find keys and is no data. */
  readonly overheadBytes: number
  readonly datasetBytes: number
  readonly datasetPercent: number
  readonly peakPercent: number
  readonly keyCount: number
  readonly bytesPerKey: number
  readonly databases: readonly DatabaseMemory[]
  readonly arena: ArenaStatistics
}

export function measureMemory(store: Store): MemoryOverview {
  const { keyspace, statistics } = store
  const usedBytes = store.usedMemory
  const peakBytes = Math.max(usedBytes, keyspace.arena.peakUsedBytes, statistics[Stat.peakMemory]!)
  statistics[Stat.peakMemory] = peakBytes
  const databases = measureDatabases(store)
  const startupBytes = store.services.get(infoFigures).startupBytes
  let overheadBytes = usedBytes - keyspace.arena.usedBytes
  let keyCount = 0
  for (const database of databases) {
    overheadBytes += database.mainTableBytes + database.expiryTableBytes
    keyCount += database.keyCount
  }
  const datasetBytes = Math.max(0, usedBytes - overheadBytes)
  return {
    usedBytes,
    startupBytes,
    peakBytes,
    residentBytes: store.environment.host.residentBytes(),
    ...measureClients(store),
    overheadBytes,
    datasetBytes,
    datasetPercent: Math.fround((datasetBytes * 100) / Math.max(1, usedBytes - startupBytes)),
    peakPercent: Math.fround(peakBytes === 0 ? 100 : (usedBytes * 100) / peakBytes),
    keyCount,
    bytesPerKey: keyCount === 0 ? 0 : Math.floor((usedBytes - startupBytes) / keyCount),
    databases,
    arena: keyspace.arena.statistics(),
  }
}

function measureDatabases(store: Store): DatabaseMemory[] {
  const measured: DatabaseMemory[] = []
  for (const { index, keys, volatile } of store.keyspace.databases) {
    if (keys.count === 0) continue
    const expiryTableBytes = volatile.bucketCount === 0 ? 0 : volatile.tableBytes
    measured.push({ index, keyCount: keys.count, mainTableBytes: keys.tableBytes, expiryTableBytes })
  }
  return measured
}

function measureClients(store: Store): { normalClientsBytes: number; replicaClientsBytes: number } {
  let normalClientsBytes = 0
  let replicaClientsBytes = 0
  for (const client of store.clients.values()) {
    if ((client.gate & Gate.replica) !== 0) replicaClientsBytes += clientBytes(client)
    else normalClientsBytes += clientBytes(client)
  }
  return { normalClientsBytes, replicaClientsBytes }
}

/** A watched key with its place in the tables, about. */
const WATCH_BYTES = 256

/** What one session takes up: its buffers as they are, its objects as estimated. */
export function clientBytes(client: Client): number {
  const { port, reply, transaction } = client
  const input = port.queryBytes + port.queryFreeBytes + port.argumentBytes
  const queued = transaction === undefined ? 0 : transaction.memoryBytes
  return SESSION_BYTES + input + reply.memoryBytes + queued + client.watched.length * WATCH_BYTES
}
