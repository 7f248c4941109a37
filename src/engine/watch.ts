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
  /** By database, by key (one character a byte). */
  private readonly tables: Map<string, WatchedKey[]>[]
  private watchCount: number

  constructor(databaseCount: number) {
    this.tables = Array.from({ length: databaseCount }, () => new Map<string, WatchedKey[]>())
    this.watchCount = 0
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
    database.keyspace.hasWatchers = true
  }

  unwatchAll(client: Client): void {
    for (const watched of client.watched) {
      const table = this.tables[watched.database.index]!
      const name = latin1(watched.key, 0, watched.key.length)
      const watchers = table.get(name)!
      watchers.splice(watchers.indexOf(watched), 1)
      if (watchers.length === 0) table.delete(name)
      this.watchCount--
      if (this.watchCount === 0) watched.database.keyspace.hasWatchers = false
    }
    client.watched.length = 0
    client.gate &= ~Gate.watchedChanged
  }

  /** A key is about to change. */
  modified(database: Database, bytes: Uint8Array, start: number, end: number): void {
    const watchers = this.tables[database.index]!.get(latin1(bytes, start, end))
    if (watchers === undefined) return
    for (const watched of watchers) {
      if (watched.wasExpired && database.find(bytes, start, end) !== 0) watched.wasExpired = false
      else watched.client.gate |= Gate.watchedChanged
    }
  }

  /** All keys of a database vanish, or become those of `replacement`. */
  flushed(database: Database, replacement: Database | undefined): void {
    for (const watchers of this.tables[database.index]!.values()) {
      for (const watched of watchers) if (changesBy(watched, database, replacement)) watched.client.gate |= Gate.watchedChanged
    }
  }

  /** True when a key that a client watches has expired since; EXEC then fails. */
  hasExpired(client: Client): boolean {
    for (const watched of client.watched) {
      if (watched.wasExpired) continue
      const entry = watched.database.find(watched.key, 0, watched.key.length)
      if (entry !== 0 && watched.database.isExpired(entry)) return true
    }
    return false
  }
}

function changesBy(watched: WatchedKey, database: Database, replacement: Database | undefined): boolean {
  const { key } = watched
  const existed = database.find(key, 0, key.length) !== 0
  const successor = replacement === undefined ? 0 : replacement.find(key, 0, key.length)
  if (!existed && successor === 0) return false
  const successorExpired = successor !== 0 && replacement!.isExpired(successor)
  if (watched.wasExpired) {
    if (successor === 0) watched.wasExpired = false
    return successor !== 0 && !successorExpired
  }
  if (!existed && successorExpired) {
    watched.wasExpired = true
    return false
  }
  return true
}
