/** All connections of a store: accepting, flushing at the end of a turn, limits, idle time-outs. */

import type { Link } from '../base/environment.js'
import { type Client, Gate } from '../engine/client.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { RequestPool } from '../protocol/request-reader.js'
import { Connection } from './connection.js'

export class Connections {
  readonly store: Store
  readonly requestPool: RequestPool
  /** Called when the first command of a connection has not been run yet but the link stands: protected mode and such. */
  private readonly open: Set<Connection>
  private toFlush: Connection[]
  private flushing: Connection[]
  private toClose: Connection[]
  private isTurnEndScheduled: boolean
  private readonly endTurn: () => void

  constructor(store: Store) {
    this.store = store
    this.requestPool = new RequestPool()
    this.open = new Set()
    this.toFlush = []
    this.flushing = []
    this.toClose = []
    this.isTurnEndScheduled = false
    this.endTurn = () => this.runTurnEnd()
  }

  get count(): number {
    return this.open.size
  }

  values(): IterableIterator<Connection> {
    return this.open.values()
  }

  /** Takes a new link in, or turns it away with the reason. */
  accept(link: Link, isLocal: boolean): Connection | undefined {
    const { config, statistics } = this.store
    if (this.open.size >= config.values.maxclients) {
      statistics[Stat.rejectedConnections]!++
      turnAway(link, ErrorReply.tooManyClients)
      return undefined
    }
    if (!isLocal && config.values['protected-mode'] && !this.store.access.hasPassword) {
      statistics[Stat.rejectedConnections]!++
      turnAway(link, ErrorReply.protectedMode)
      return undefined
    }
    statistics[Stat.connections]!++
    const connection = new Connection(this, link)
    connection.reader.bulkBytesMax = config.values['proto-max-bulk-len']
    connection.reader.queryBytesMax = config.values['client-query-buffer-limit']
    if (this.store.access.requiresAuthentication) connection.client.gate |= Gate.mustAuthenticate
    this.open.add(connection)
    link.start(connection)
    return connection
  }

  remove(connection: Connection): void {
    this.open.delete(connection)
    const { client } = connection
    this.store.watches.unwatchAll(client)
    this.store.pause.forget(client)
    client.onUnblock?.(false)
    client.onClose?.()
    this.store.clients.remove(client)
  }

  queueFlush(connection: Connection): void {
    connection.isQueued = true
    this.toFlush.push(connection)
    this.scheduleTurnEnd()
  }

  /** Closes a connection once the running command is over. */
  closeSoon(connection: Connection): void {
    this.toClose.push(connection)
    this.scheduleTurnEnd()
  }

  hasOutputLimit(client: Client): boolean {
    const limit = this.limitOf(client)
    return limit.hardBytes !== 0 || limit.softBytes !== 0
  }

  /** True when a client's unsent output is over its class's limit, at once or for too long. */
  exceedsOutputLimit(client: Client, reply: ReplyWriter): boolean {
    const limit = this.limitOf(client)
    const used = reply.listBytes
    if (limit.hardBytes !== 0 && used >= limit.hardBytes) return true
    if (limit.softBytes === 0 || used < limit.softBytes) {
      client.softLimitSinceMs = 0
      return false
    }
    const nowMs = this.store.environment.clock.nowMs()
    if (client.softLimitSinceMs === 0) client.softLimitSinceMs = nowMs
    return nowMs - client.softLimitSinceMs > limit.softSeconds * 1000
  }

  /** Applies changed limits to the connections there are. */
  refreshLimits(): void {
    const { values } = this.store.config
    for (const { reader } of this.open) {
      reader.bulkBytesMax = values['proto-max-bulk-len']
      reader.queryBytesMax = values['client-query-buffer-limit']
    }
  }

  closeAll(): void {
    for (const connection of [...this.open]) connection.destroy()
  }

  /** Sends what is pending on every connection; for shutdown. */
  flushAll(): void {
    for (const connection of [...this.open]) connection.flush()
  }

  private limitOf(client: Client): { hardBytes: number; softBytes: number; softSeconds: number } {
    const limits = this.store.config.values['client-output-buffer-limit']
    if ((client.gate & Gate.replica) !== 0) return limits.replica
    return (client.gate & Gate.subscribed) !== 0 ? limits.pubsub : limits.normal
  }

  private scheduleTurnEnd(): void {
    if (this.isTurnEndScheduled) return
    this.isTurnEndScheduled = true
    this.store.environment.timers.atTurnEnd(this.endTurn)
  }

  private runTurnEnd(): void {
    this.isTurnEndScheduled = false
    const list = this.toFlush
    this.toFlush = this.flushing
    this.flushing = list
    for (let i = 0; i < list.length; i++) list[i]!.flush()
    list.length = 0
    if (this.toClose.length === 0) return
    const closing = this.toClose
    this.toClose = []
    for (const connection of closing) connection.destroy()
  }
}

function turnAway(link: Link, error: ErrorReply): void {
  link.write(error.bytes, 0, error.bytes.length)
  link.end()
}
