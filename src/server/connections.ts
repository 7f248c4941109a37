/** All connections of a store: accepting, flushing at the end of a turn, limits, idle time-outs. */

import type { Link, LinkReceiver } from '../base/environment.js'
import { type Client, typeOfClient } from '../engine/client.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { SLICE_US } from '../engine/time-events.js'
import { effectiveHz } from '../introspection/hertz.js'
import { CHUNK_BYTES } from '../protocol/chunk-pool.js'
import { ErrorReply } from '../protocol/errors.js'
import type { ReplyWriter } from '../protocol/reply-writer.js'
import { RequestPool } from '../protocol/request-reader.js'
import { Connection } from './connection.js'

/** Connections looked after in one round at least. */
const ROUND_MIN = 5
/** Connections looked after between two looks at the clock. */
const ROUND_BATCH = 64

interface OutputLimit {
  readonly hardBytes: number
  readonly softBytes: number
  readonly softSeconds: number
}

export class Connections {
  readonly store: Store
  readonly requestPool: RequestPool
  private readonly open: Set<Connection>
  private outputLimits: Readonly<Record<'normal' | 'replica' | 'pubsub', OutputLimit>>
  /** Goes round all connections, a few at a time. */
  private round: IterableIterator<Connection>
  private toFlush: Connection[]
  private flushing: Connection[]
  private toClose: Connection[]
  private isTurnEndScheduled: boolean
  private readonly endTurn: () => void

  constructor(store: Store) {
    this.store = store
    this.requestPool = new RequestPool()
    store.inputMemory = () => this.requestPool.takenBytes
    this.open = new Set()
    this.round = this.open.values()
    this.toFlush = []
    this.flushing = []
    this.toClose = []
    this.isTurnEndScheduled = false
    this.endTurn = () => this.runTurnEnd()
    store.config.onChange(['proto-max-bulk-len', 'client-query-buffer-limit'], () => {
      for (const connection of this.open) this.limitInput(connection)
      return undefined
    })
    this.outputLimits = store.config.values['client-output-buffer-limit']
    store.config.onChange(['client-output-buffer-limit'], (values) => {
      this.outputLimits = values['client-output-buffer-limit']
      return undefined
    })
    store.timeEvents.add('connections', 0, () => this.lookAfterSome())
  }

  /** Replies wait for the end of the turn: something has to be made durable before they may be seen. */
  get holdsReplies(): boolean {
    return this.store.beforeReplies !== undefined
  }

  get count(): number {
    return this.open.size
  }

  values(): IterableIterator<Connection> {
    return this.open.values()
  }

  /** Takes a new link in, or turns it away with the reason. */
  accept(link: Link, isLocal: boolean): Connection | undefined {
    const { access, statistics } = this.store
    const refusal = this.refusal(isLocal)
    if (refusal !== undefined) {
      statistics[Stat.rejectedConnections]!++
      turnAway(link, refusal)
      return undefined
    }
    statistics[Stat.connections]!++
    const connection = new Connection(this, link)
    this.limitInput(connection)
    access.welcome(connection.client)
    this.open.add(connection)
    link.start(connection)
    return connection
  }

  remove(connection: Connection): void {
    this.open.delete(connection)
    const { client } = connection
    this.store.executor.discard(client)
    this.store.pause.forget(client)
    client.onUnblock?.(false)
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

  /** Unsent bytes at which a client is closed; Infinity without a limit. The first chunk is free, as it is in Redis. */
  hardLimitOf(client: Client): number {
    const { hardBytes } = this.limitOf(client)
    return hardBytes === 0 ? Infinity : Math.max(hardBytes, CHUNK_BYTES + 1)
  }

  /** True when a client's unsent output is over its class's limit, at once or for too long. */
  exceedsOutputLimit(client: Client, reply: ReplyWriter): boolean {
    const limit = this.limitOf(client)
    const used = reply.pendingBytes > CHUNK_BYTES ? reply.pendingBytes : 0
    if (limit.hardBytes !== 0 && used >= limit.hardBytes) return true
    if (limit.softBytes === 0 || used < limit.softBytes) {
      client.softLimitSinceMs = 0
      return false
    }
    const nowMs = this.store.environment.clock.nowMs()
    if (client.softLimitSinceMs === 0) client.softLimitSinceMs = nowMs
    return nowMs - client.softLimitSinceMs > limit.softSeconds * 1000
  }

  closeAll(): void {
    for (const connection of [...this.open]) connection.destroy()
  }

  /** Sends what is pending on every connection; for shutdown. */
  flushAll(): void {
    for (const connection of [...this.open]) connection.flush()
  }

  private refusal(isLocal: boolean): ErrorReply | undefined {
    const { access, config } = this.store
    const { values } = config
    if (this.open.size >= values.maxclients) {
      return values['cluster-enabled'] ? ErrorReply.tooManyClientsOrLinks : ErrorReply.tooManyClients
    }
    const isProtected = !isLocal && values['protected-mode'] && !access.hasPassword
    return isProtected ? ErrorReply.protectedMode : undefined
  }

  private limitInput({ reader }: Connection): void {
    const { values } = this.store.config
    reader.bulkBytesMax = values['proto-max-bulk-len']
    reader.queryBytesMax = values['client-query-buffer-limit']
  }

  private limitOf(client: Client): OutputLimit {
    const type = typeOfClient(client)
    return this.outputLimits[type === 'master' ? 'normal' : type]
  }

  private scheduleTurnEnd(): void {
    if (this.isTurnEndScheduled) return
    this.isTurnEndScheduled = true
    this.store.environment.timers.atTurnEnd(this.endTurn)
  }

  private runTurnEnd(): void {
    this.isTurnEndScheduled = false
    this.store.beforeReplies?.()
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

  /** Looks after as many connections as it takes to see each about once a second, for a slice of time at most. */
  private lookAfterSome(): number {
    const hz = effectiveHz(this.store)
    if (this.store.isCronPaused) return 1000 / hz
    const { clock } = this.store.environment
    const endUs = clock.monotonicUs() + SLICE_US
    const nowMs = clock.nowMs()
    const wanted = Math.min(this.open.size, Math.max(ROUND_MIN, Math.ceil(this.open.size / hz)))
    for (let seen = 1; seen <= wanted; seen++) {
      this.next()?.lookAfter(nowMs)
      if (seen % ROUND_BATCH === 0 && clock.monotonicUs() > endUs) break
    }
    return 1000 / hz
  }

  private next(): Connection | undefined {
    let step = this.round.next()
    if (step.done === true) {
      this.round = this.open.values()
      step = this.round.next()
    }
    return step.done === true ? undefined : step.value
  }
}

/** Hears out a peer that has been turned away. */
const NOBODY: LinkReceiver = { received() {}, drained() {}, ended() {}, closed() {} }

function turnAway(link: Link, error: ErrorReply): void {
  link.start(NOBODY)
  link.write(error.bytes, 0, error.bytes.length)
  link.end()
}
