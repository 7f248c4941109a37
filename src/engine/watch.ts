/**
 * Watched keys: which clients' transactions a change of a key spoils (WATCH).
 *
 * Keys are looked up by database and name only while somebody watches something. A key that had expired, but was still there,
 * when WATCH named it counts as missing: its deletion later changes nothing.
 */

import { latin1 } from '../base/bytes.js'
import type { Database } from '../keyspace/database.js'
import { type Client, Gate } from './client.js'

export interface WatchedKey {
  readonly client: Client
  readonly database: Database
  readonly key: Uint8Array
  /** The key was past its time when it was watched. */
  wasExpired: boolean
}

export class WatchTable {
  /** By database, by key (one character a byte); no list is empty, and none names a client twice. */
  private readonly tables: Map<string, WatchedKey[]>[]
  private watchCount: number
  /** Memory of all watches, about. */
  memoryBytes: number

  constructor(databaseCount: number) {
    this.tables = Array.from({ length: databaseCount }, () => new Map<string, WatchedKey[]>())
    this.watchCount = 0
    this.memoryBytes = 0
  }

  get size(): number {
    return this.watchCount
  }

  get keyCount(): number {
    let count = 0
    for (const table of this.tables) count += table.size
    return count
  }

  watch(client: Client, database: Database, bytes: Uint8Array, start: number, end: number): void {
    const table = this.tables[database.index]!
    const name = latin1(bytes, start, end)
    let watchers = table.get(name)
    if (watchers === undefined) {
      watchers = []
      table.set(name, watchers)
    } else if (watchers.some((watched) => watched.client === client)) return
    const entry = database.find(bytes, start, end)
    const wasExpired = entry !== 0 && database.isExpired(entry)
    const watched = { client, database, key: bytes.slice(start, end), wasExpired }
    watchers.push(watched)
    client.watched.push(watched)
    this.watchCount++
    this.memoryBytes += watchBytes(watched)
    database.keyspace.hasWatchers = true
  }

  /** UNWATCH: forgets the client's watches, and that one of the keys has changed. */
  unwatchAll(client: Client): void {
    this.forget(client)
    client.gate &= ~Gate.watchedChanged
  }

  /** A key is about to change. */
  modified(database: Database, bytes: Uint8Array, start: number, end: number): void {
    const table = this.tables[database.index]!
    if (table.size === 0) return
    const watchers = table.get(latin1(bytes, start, end))
    if (watchers === undefined) return
    // Backwards, since spoiling takes the client off this list.
    for (let i = watchers.length - 1; i >= 0; i--) {
      const watched = watchers[i]!
      if (watched.wasExpired && database.find(bytes, start, end) !== 0) watched.wasExpired = false
      else this.spoil(watched.client)
    }
  }

  /** All keys of a database are about to vanish, or to become those of `replacement`. */
  flushed(database: Database, replacement: Database | undefined): void {
    const spoiled: Client[] = []
    for (const watchers of this.tables[database.index]!.values()) {
      for (const watched of watchers) if (changesBy(watched, database, replacement)) spoiled.push(watched.client)
    }
    for (const client of spoiled) this.spoil(client)
  }

  /** True when a key that a client watches has expired since; EXEC then fails. */
  hasExpired(client: Client): boolean {
    for (const { database, key, wasExpired } of client.watched) {
      if (wasExpired) continue
      const entry = database.find(key, 0, key.length)
      if (entry !== 0 && database.isExpired(entry)) return true
    }
    return false
  }

  /** The client's next EXEC fails, so that its watches are of no use any more. */
  private spoil(client: Client): void {
    client.gate |= Gate.watchedChanged
    this.forget(client)
  }

  private forget(client: Client): void {
    for (const watched of client.watched) {
      const table = this.tables[watched.database.index]!
      const name = latin1(watched.key, 0, watched.key.length)
      const watchers = table.get(name)!
      watchers.splice(watchers.indexOf(watched), 1)
      if (watchers.length === 0) table.delete(name)
      this.watchCount--
      this.memoryBytes -= watchBytes(watched)
      if (this.watchCount === 0) watched.database.keyspace.hasWatchers = false
    }
    client.watched.length = 0
  }
}

/** What one watch costs, about: the key twice, a table slot, two list places and the object. */
export function watchBytes(watched: WatchedKey): number {
  return watched.key.length * 2 + WATCH_OVERHEAD_BYTES
}

const WATCH_OVERHEAD_BYTES = 240

/** Whether a watcher sees a difference, and whether its key counts as expired from now on. */
function changesBy(watched: WatchedKey, database: Database, replacement: Database | undefined): boolean {
  const { key } = watched
  const existed = database.find(key, 0, key.length) !== 0
  const successor = replacement === undefined ? 0 : replacement.find(key, 0, key.length)
  if (!existed && successor === 0) return false
  const isSuccessorExpired = successor !== 0 && replacement!.isExpired(successor)
  if (watched.wasExpired) {
    if (successor === 0) watched.wasExpired = false
    return successor !== 0 && !isSuccessorExpired
  }
  if (!existed && isSuccessorExpired) {
    watched.wasExpired = true
    return false
  }
  return true
}
