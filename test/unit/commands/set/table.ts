/** Tables of requests and replies for collections: sets and maps of RESP3 are compared as the arrays of RESP2. */

import assert from 'node:assert/strict'
import { ReplyError } from '../../../../src/protocol/reply-decoder.js'
import { TestStore } from '../../../support/test-store.js'
import { type Row, words } from '../string/table.js'

/** Runs a table in RESP2 and in RESP3, on a store of its own each time. */
export function runTable(rows: readonly Row[], prepare: (store: TestStore) => void = () => {}): void {
  for (const protocol of [2, 3] as const) {
    const store = new TestStore()
    store.client.client.reply.protocol = protocol
    prepare(store)
    for (const [request, reply] of rows) {
      assert.deepEqual(flat(store.client.sendLatin1(...words(request))), reply, `RESP${protocol}: ${request}`)
    }
    store.validate()
  }
}

function flat(reply: unknown): unknown {
  if (reply instanceof ReplyError) return reply.message
  if (reply instanceof Set) return [...reply].map(flat)
  if (reply instanceof Map) return [...reply].flat().map(flat)
  return Array.isArray(reply) ? reply.map(flat) : reply
}
