/** Key-space notifications: what a command says happened to a key. Delivering them is the business of pub/sub. */

import type { Database } from '../keyspace/database.js'

/** Classes of events, as notify-keyspace-events selects them by letter. */
export const EventClass = {
  generic: 1 << 2, // g
  string: 1 << 3, // $
  list: 1 << 4, // l
  set: 1 << 5, // s
  hash: 1 << 6, // h
  sortedSet: 1 << 7, // z
  expired: 1 << 8, // x
  evicted: 1 << 9, // e
  stream: 1 << 10, // t
  keyMiss: 1 << 11, // m
  module: 1 << 13, // d
  newKey: 1 << 14, // n
} as const

export interface KeyEventListener {
  keyEvent(eventClass: number, event: string, database: Database, bytes: Uint8Array, start: number, end: number): void
}
