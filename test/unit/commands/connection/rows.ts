/** Tables of requests and replies. */

import assert from 'node:assert/strict'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'

/** A request, its words set apart by blanks ('' is the empty word, ~ stands for a blank), and its reply; errors as their line. */
export type Row = readonly [request: string, reply: unknown]

/** Runs a table in RESP2 and in RESP3, on a store of its own each time. */
export function runRows(rows: readonly Row[], options: Readonly<Record<string, string>> = {}): void {
  for (const protocol of [2, 3] as const) {
    const store = new TestStore(options)
    store.client.client.reply.protocol = protocol
    for (const [request, reply] of rows) {
      assert.deepEqual(plain(store.client.sendLatin1(...words(request))), reply, `RESP${protocol}: ${request}`)
    }
    store.validate()
  }
}

export function words(request: string): string[] {
  return request.split(' ').map((word) => (word === "''" ? '' : word.replaceAll('~', ' ')))
}

/** Errors as their lines, maps as objects. */
export function plain(reply: unknown): unknown {
  if (reply instanceof ReplyError) return reply.message
  if (Array.isArray(reply)) return reply.map(plain)
  if (reply instanceof Map) return Object.fromEntries([...reply].map(([name, value]) => [name, plain(value)]))
  return reply
}

export const SYNTAX = 'ERR syntax error'
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'

export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`
}
