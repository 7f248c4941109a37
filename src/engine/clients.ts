/** All sessions of a store, by number and in order of arrival. */

import type { Database } from '../keyspace/database.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { Client, type ClientPort } from './client.js'

/** How long the peak of a client's reply buffer counts, in ms, before its size follows what is in use. */
const REPLY_PEAK_MS = 5000

export class Clients {
  /** Levers of DEBUG: whether, and how fast, the size of a reply buffer follows its use. */
  resizesReplyBuffers: boolean
  /** Negative: the peak counts for ever. */
  replyPeakMs: number
  private readonly byId: Map<number, Client>
  private nextId: number

  constructor() {
    this.resizesReplyBuffers = true
    this.replyPeakMs = REPLY_PEAK_MS
    this.byId = new Map()
    this.nextId = 1
  }

  get count(): number {
    return this.byId.size
  }

  open(port: ClientPort, reply: ReplyWriter, database: Database, nowMs: number): Client {
    const client = new Client(this.nextId++, port, reply, database, nowMs)
    this.byId.set(client.id, client)
    return client
  }

  /** Takes a client off the list and makes all parts forget it; its port is closed by the caller. */
  remove(client: Client): void {
    this.byId.delete(client.id)
    client.leaveParts()
  }

  find(id: number): Client | undefined {
    return this.byId.get(id)
  }

  /** In order of arrival; clients may be removed meanwhile. */
  values(): IterableIterator<Client> {
    return this.byId.values()
  }
}
