/** Requests of one line, and their replies with errors as their text. */

import assert from 'node:assert/strict'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'

/** A request, words set apart by blanks ('' is the empty word), and its reply; of an error the whole line. */
export type Row = readonly [request: string, reply: unknown]

export const SYNTAX = 'ERR syntax error'
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'

export function ask(store: TestStore, request: string): unknown {
  const reply = store.send(...request.split(' ').map((word) => (word === "''" ? '' : word)))
  return reply instanceof ReplyError ? reply.message : reply
}

/** Runs a table in RESP2 and in RESP3, each on a store of its own. */
export function runTable(rows: readonly Row[], options: Readonly<Record<string, string>> = {}): void {
  for (const protocol of [2, 3] as const) {
    const store = new TestStore(options)
    store.client.client.reply.protocol = protocol
    for (const [request, reply] of rows) assert.deepEqual(ask(store, request), reply, `RESP${protocol}: ${request}`)
    store.validate()
  }
}

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`
}
