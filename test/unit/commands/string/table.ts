/** Tables of requests and replies, and what a store holds afterwards. */

import assert from 'node:assert/strict'
import { latin1, latin1Bytes } from '../../../../src/base/bytes.js'
import { Slice } from '../../../../src/base/slice.js'
import { NO_EXPIRY } from '../../../../src/keyspace/database.js'
import { Encoding, encodingNames, encodingOf, expiryOf, Type, typeOf } from '../../../../src/keyspace/entry.js'
import { viewString } from '../../../../src/keyspace/types/string.js'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'

/** A request, its words set apart by blanks ('' is the empty word, ~ stands for a blank), and its reply; errors as their line. */
export type Row = readonly [request: string, reply: unknown]

/** Runs a table in RESP2 and in RESP3, on a store of its own each time. */
export function runTable(rows: readonly Row[], prepare: (store: TestStore) => void = () => {}): void {
  for (const protocol of [2, 3] as const) {
    const store = new TestStore()
    store.client.client.reply.protocol = protocol
    prepare(store)
    for (const [request, reply] of rows) {
      assert.deepEqual(send(store, ...words(request)), reply, `RESP${protocol}: ${request}`)
    }
    store.validate()
  }
}

export function words(request: string): string[] {
  return request.split(' ').map((word) => (word === "''" ? '' : word.replaceAll('~', ' ')))
}

/** One request; the error line in place of an error. */
export function send(store: TestStore, ...request: string[]): unknown {
  return plain(store.client.sendLatin1(...request))
}

function plain(reply: unknown): unknown {
  if (reply instanceof ReplyError) return reply.message
  return Array.isArray(reply) ? reply.map(plain) : reply
}

export const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'
export const SYNTAX = 'ERR syntax error'
export const TOO_LONG = 'ERR string exceeds maximum allowed size (proto-max-bulk-len)'
export const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'."

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`
}

/** Adds a key of another type, with nothing in it. */
export function addForeign(store: TestStore, key: string): void {
  const database = store.store.keyspace.databases[0]!
  const bytes = latin1Bytes(key)
  database.find(bytes, 0, bytes.length)
  const { hash } = database.keys
  database.add(hash, bytes, 0, bytes.length, Type.list, Encoding.listpack, 0, 0, NO_EXPIRY)
}

export interface Held {
  readonly value: string
  readonly encoding: string
  /** -1 for none. */
  readonly expiryMs: number
}

/** The strings of database 0 whose time has not passed. */
export function dataSet(store: TestStore): Map<string, Held> {
  const { keyspace } = store.store
  const { arena } = keyspace
  const database = keyspace.databases[0]!
  const entries: number[] = []
  let cursor = 0
  do cursor = database.keys.scan(cursor, entries)
  while (cursor !== 0)

  const found = new Map<string, Held>()
  const view = new Slice()
  for (const entry of entries) {
    if (typeOf(arena, entry) !== Type.string || database.isExpired(entry)) continue
    const key = keyspace.copyKey(entry)
    viewString(arena, entry, view, new Uint8Array(20))
    found.set(latin1(key, 0, key.length), {
      value: latin1(view.bytes, view.start, view.end),
      encoding: encodingNames[encodingOf(arena, entry)]!,
      expiryMs: expiryOf(arena, entry),
    })
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** How a key's value is kept. */
export function encodingOfKey(store: TestStore, key: string): string | undefined {
  return dataSet(store).get(key)?.encoding
}
