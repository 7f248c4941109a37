/**
 * What the keyspace tells those above it. The engine implements this (watched keys, propagation of deletions that time caused);
 * key-space notifications and client tracking join there.
 */

import type { Database } from './database.js'

export interface KeyspaceEvents {
  /** A watched key, or one that might be, is about to change. Called only while `Keyspace.hasWatchers`. */
  modified(database: Database, bytes: Uint8Array, start: number, end: number): void
  /** A key was looked for in vain by a reading command. */
  missed(database: Database, bytes: Uint8Array, start: number, end: number): void
  added(database: Database, bytes: Uint8Array, start: number, end: number): void
  removed(database: Database, bytes: Uint8Array, start: number, end: number): void
  /** A key's time had passed and it was deleted, by a look-up or by the active cycle. */
  expired(database: Database, bytes: Uint8Array, start: number, end: number): void
  /** The time of fields of a hash had passed and they were dropped. `isGone`: with them went the key. */
  fieldsExpired(
    database: Database, bytes: Uint8Array, start: number, end: number, fields: readonly Uint8Array[], isGone: boolean,
  ): void // prettier-ignore
  /** All keys of a database are about to vanish, or to be exchanged with those of `replacement`. */
  flushed(database: Database, replacement: Database | undefined): void
}

/** Listens to nothing. */
export const silentEvents: KeyspaceEvents = Object.freeze({
  modified() {},
  missed() {},
  added() {},
  removed() {},
  expired() {},
  fieldsExpired() {},
  flushed() {},
})
