/** Tables of requests in one line each, and their replies. */

import assert from 'node:assert/strict'
import { ReplyError } from '../../src/protocol/reply-decoder.js'
import { type TestClient, TestStore } from './test-store.js'

/** A request, its words set apart by blanks ('' is the empty word, ~ stands for a blank), and its reply; errors as their line. */
export type Row = readonly [request: string, reply: unknown]

export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'
export const SYNTAX = 'ERR syntax error'

/** Runs a table in RESP2 and in RESP3, on a store of its own each time. */
export function runTable(rows: readonly Row[], prepare: (store: TestStore) => void = () => {}): void {
  for (const protocol of [2, 3] as const) {
    const store = new TestStore()
    store.client.client.reply.protocol = protocol
    prepare(store)
    for (const [request, reply] of rows) {
      assert.deepEqual(ask(store.client, request), reply, `RESP${protocol}: ${request}`)
    }
    store.validate()
  }
}

/** One request of a client, and its reply with errors as their line. */
export function ask(client: TestClient, request: string): unknown {
  return plain(client.sendLatin1(...wordsOf(request)))
}

export function wordsOf(request: string): string[] {
  return request.split(' ').map((word) => (word === "''" ? '' : word.replaceAll('~', ' ')))
}

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`
}

function plain(reply: unknown): unknown {
  if (reply instanceof ReplyError) return reply.message
  return Array.isArray(reply) ? reply.map(plain) : reply
}
