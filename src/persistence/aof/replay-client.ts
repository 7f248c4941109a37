/** The session in whose name the append-only file is replayed: it is on no list, never waits, and hears no reply. */

import { latin1 } from '../../base/bytes.js'
import { Client, ClientFlag, type ClientPort, Gate } from '../../engine/client.js'
import type { Store } from '../../engine/store.js'
import { ReplyWriter } from '../../protocol/reply-writer.js'

const NOWHERE: ClientPort = {
  kind: 'internal',
  address: '',
  localAddress: '',
  descriptor: -1,
  queryBytes: 0,
  queryFreeBytes: 0,
  argumentBytes: 0,
  outputReady() {},
  resume() {},
  close() {},
}

const LOGGED_BYTES_MAX = 4096

export function openReplayClient(store: Store): Client {
  const reply = new ReplyWriter(store.chunkPool)
  const client = new Client(0, NOWHERE, reply, store.keyspace.databases[0]!, store.environment.clock.nowMs())
  client.flags |= ClientFlag.isInternal
  client.gate |= Gate.denyBlocking
  return client
}

/** Ends the session; a transaction that is open is dropped. */
export function closeReplayClient(store: Store, client: Client): void {
  store.executor.discard(client)
  client.leaveParts()
  client.reply.reset()
}

/** The first line of what was replied last, without its sign. */
export function replyText({ reply }: Client): string {
  const start = reply.segmentStart(0)
  const end = Math.min(reply.segmentEnd(0), start + LOGGED_BYTES_MAX)
  return latin1(reply.segmentBytes(0), start + 1, end).replace(/\r\n[^]*$/, '')
}
