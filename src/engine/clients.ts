/** All sessions of a store, by number and in order of arrival. */

import type { Database } from '../keyspace/database.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { Client, type ClientPort } from './client.js'

export class Clients {
  private readonly byId: Map<number, Client>
  private nextId: number

  constructor() {
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

  /** Takes a client off the list; its port is closed by the caller. */
  remove(client: Client): void {
    this.byId.delete(client.id)
  }

  find(id: number): Client | undefined {
    return this.byId.get(id)
  }

  /** In order of arrival; clients may be removed meanwhile. */
  values(): IterableIterator<Client> {
    return this.byId.values()
  }
}
