/**
 * A link and the session on it: bytes in, requests run, replies out.
 *
 * Input is parsed where it lies and run at once; the replies to one read go out together. A peer that reads too slowly is
 * held back: with STALL_BYTES unsent, its further requests wait in the query buffer, and when that has grown too its link is no
 * longer read. Redis would go on and gather output without bound. Where a limit on output is configured, the client is
 * closed instead, as there.
 *
 *     reading  --- QUIT, CLIENT KILL of itself, protocol error, end of input --->  closing: sends what is there, then closes
 *              --- error of the link, CLIENT KILL, a limit ------------------->  closed: nothing more is sent
 */

import type { Link, LinkReceiver } from '../base/environment.js'
import { type Client, ClientFlag, type ClientPort, Gate } from '../engine/client.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { clientLine } from '../introspection/client-line.js'
import { CHUNK_BYTES } from '../protocol/chunk-pool.js'
import { ReplyWriter } from '../protocol/reply-writer.js'
import { ParseStatus } from '../protocol/request-parser.js'
import { RequestReader } from '../protocol/request-reader.js'
import { BufferFigures } from './buffer-figures.js'
import type { Connections } from './connections.js'

/** Unsent bytes beyond which replies go out before the rest of a read has been run. */
const SEND_EARLY_BYTES = 1 << 20
/** Unsent bytes beyond which no further requests run. */
const STALL_BYTES = 1 << 26
/** Requests held back beyond which the link is not read. */
const STALLED_QUERY_BYTES_MAX = 1 << 26
/** Input after which a client with a limit on output gets its replies: Redis, whose reads are no larger, writes then. */
const LIMITED_BATCH_BYTES = 16 * 1024
/** Idle clients give spare memory back after so many seconds. */
const TRIM_SECONDS = 2
/** How long a peer that sends no more may leave its replies unread, in seconds. */
const LINGER_SECONDS = 10

export class Connection implements ClientPort, LinkReceiver {
  readonly client: Client
  readonly reader: RequestReader
  readonly reply: ReplyWriter
  readonly link: Link
  readonly figures: BufferFigures
  /** Stands in the list of connections to be flushed at the end of the turn. */
  isQueued: boolean
  private readonly owner: Connections
  private readonly store: Store
  /** Bytes that the link still refers to. */
  private bytesInFlight: number
  /** Requests wait until the peer has read more. */
  private isStalled: boolean
  private isDraining: boolean
  private isClosed: boolean
  private closesAfterReply: boolean
  private hasEnded: boolean

  constructor(owner: Connections, link: Link) {
    this.owner = owner
    this.store = owner.store
    this.link = link
    this.reply = new ReplyWriter(this.store.chunkPool)
    this.reader = new RequestReader(owner.requestPool)
    this.isQueued = false
    this.bytesInFlight = 0
    this.isStalled = false
    this.isDraining = false
    this.isClosed = false
    this.closesAfterReply = false
    this.hasEnded = false
    const nowMs = this.store.environment.clock.nowMs()
    this.figures = new BufferFigures(nowMs)
    this.client = this.store.clients.open(this, this.reply, this.store.keyspace.databases[0]!, nowMs)
  }

  // The session's view of its transport.

  get kind(): ClientPort['kind'] {
    return this.link.kind
  }

  get address(): string {
    return this.link.remoteAddress
  }

  get localAddress(): string {
    return this.link.localAddress
  }

  get descriptor(): number {
    return this.link.descriptor
  }

  get queryBytes(): number {
    return this.reader.queryBytes
  }

  get queryFreeBytes(): number {
    return Math.max(0, this.figures.queryBufferBytes - this.reader.queryBytes)
  }

  get argumentBytes(): number {
    return this.reader.hasRest ? this.reader.argumentBytes : 0
  }

  outputReady(): void {
    if (this.isClosed) return
    if (this.reply.memoryBytes > CHUNK_BYTES && !this.isDraining) this.checkOutputLimits()
    if (!this.isQueued) this.owner.queueFlush(this)
  }

  resume(): void {
    if (this.isClosed || this.isDraining) return
    this.store.executor.beginBatch()
    this.reader.resume()
    this.drain()
    this.reader.finish()
    this.afterInput()
  }

  close(afterReply: boolean): void {
    if (this.isClosed) return
    this.client.gate |= Gate.closing
    if (afterReply) {
      this.closesAfterReply = true
      if (!this.isDraining) this.outputReady()
    } else if (this.isDraining) this.kill()
    else this.destroy()
  }

  // What the link tells.

  received(bytes: Uint8Array, start: number, end: number): void {
    const { client, figures, reader, store } = this
    store.statistics[Stat.netInputBytes]! += end - start
    store.statistics[Stat.readEvents]!++
    client.inputBytes += end - start
    if ((client.gate & Gate.closing) !== 0) return
    store.executor.beginBatch()
    client.lastInteractionMs = store.keyspace.nowMs
    figures.noteRead(reader.hasRest ? reader.queryBytes : 0, end - start)
    reader.begin(bytes, start, end)
    if (!this.isStalled && (client.gate & (Gate.blocked | Gate.postponed)) === 0) this.drainLent(bytes)
    else this.holdBack()
    reader.finish()
    if (reader.hasRest) figures.noteHeld(this.heldBytes)
    this.afterInput()
  }

  drained(): void {
    if (this.isClosed || this.bytesInFlight === 0) return
    this.reply.consume(this.bytesInFlight)
    this.bytesInFlight = 0
    this.figures.isWriting = false
    if (this.client.softLimitSinceMs !== 0) this.checkOutputLimits()
    if (!this.owner.holdsReplies) this.flush()
    else if (!this.isQueued) this.owner.queueFlush(this)
  }

  /** A half-closed peer still gets the replies to what it sent, as long as nothing of that has to wait for others. */
  ended(): void {
    this.hasEnded = true
    if ((this.client.gate & (Gate.blocked | Gate.postponed)) !== 0) this.destroy()
    else if (!this.isStalled) this.close(true)
  }

  closed(_reason: string): void {
    if (!this.isClosed) this.destroy()
  }

  /** Sends what has been written; closes when that was wanted. */
  flush(): void {
    this.isQueued = false
    if (this.isClosed || this.bytesInFlight !== 0 || (this.client.flags & ClientFlag.killed) !== 0) return
    if (this.reply.pendingBytes > 0) this.send()
    if (this.bytesInFlight !== 0) return this.checkOutputLimits()
    if (this.isStalled) return this.restart()
    if (!this.closesAfterReply) return
    this.link.end()
    this.destroy()
  }

  /** Ends the session and its link at once. */
  destroy(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.client.gate |= Gate.closing
    this.link.destroy()
    this.owner.remove(this)
    if (!this.isDraining) this.release()
  }

  /** Recurring care, about once a second: time-outs, limits, spare memory. */
  lookAfter(nowMs: number): void {
    const { client, figures, reader, store } = this
    const idleSeconds = Math.floor(nowMs / 1000) - Math.floor(client.lastInteractionMs / 1000)
    if (this.outlives(idleSeconds)) {
      store.environment.log.write('verbose', 'Closing idle client')
      store.statistics[Stat.timedOutClients]!++
      return this.destroy()
    }
    if (reader.hasRest && idleSeconds > TRIM_SECONDS) reader.trim()
    figures.adapt(idleSeconds, reader.queryBytes, this.heldBytes, store.clients, nowMs)
    if (this.reply.memoryBytes > CHUNK_BYTES) this.checkOutputLimits()
  }

  private release(): void {
    this.reader.release()
    this.reply.reset()
  }

  /** What the feeds are told lies in the bytes of the read, most often, and they need not copy it at once. */
  private drainLent(bytes: Uint8Array): void {
    const { effects } = this.store
    if (!effects.isActive) return this.drain()
    effects.lend(bytes)
    this.drain()
    effects.endLoan()
  }

  /** Runs requests until there is none left, or something keeps the next one from running. */
  private drain(): void {
    const { client, reader, reply } = this
    const { executor } = this.store
    const { lookAhead } = this.store.keyspace
    const stops = Gate.blocked | Gate.postponed | Gate.closing
    let batchBytes = 0
    const hardLimit = this.owner.hardLimitOf(client)
    // A long reply stops growing in mid-command; chunks are up to twice as large as what they hold.
    reply.bytesMax = hardLimit * 2 + CHUNK_BYTES
    this.isDraining = true
    const looksAhead = lookAhead.paysFor(client.database.keys)
    let ahead = 0
    for (;;) {
      if (looksAhead && --ahead < 0) {
        ahead = lookAhead.scan(reader.args.bytes, reader.args.position, reader.parseEnd, client.database.keys) - 1
      }
      reader.isRestricted = (client.gate & Gate.mustAuthenticate) !== 0
      const status = reader.next()
      if (status === ParseStatus.Complete) {
        const { args } = reader
        executor.execute(client, args.bytes, args.starts, args.ends, args.argc)
        if ((client.gate & stops) !== 0) {
          if ((client.gate & Gate.postponed) !== 0) reader.unread()
          break
        }
        if (hardLimit !== Infinity) {
          if (reply.isOverLimit || reply.pendingBytes >= hardLimit) {
            this.exceed()
            break
          }
          batchBytes += args.position - args.start
          if (batchBytes >= LIMITED_BATCH_BYTES) {
            batchBytes = 0
            this.sendEarly()
          }
        } else if (reply.pendingBytes > SEND_EARLY_BYTES && !this.mayGoOn()) break
      } else if (status !== ParseStatus.Empty) {
        if (status === ParseStatus.ProtocolError) this.refuseProtocol()
        else if (status === ParseStatus.QueryBufferLimit) this.refuseQuery()
        break
      }
    }
    lookAhead.clear()
    executor.endBatch()
    this.isDraining = false
  }

  /** Input for a client whose requests have to wait. */
  private holdBack(): void {
    const { reader } = this
    if (this.isStalled) {
      const most = Math.min(STALLED_QUERY_BYTES_MAX, reader.queryBytesMax / 2)
      if (reader.queryBytes < most || !this.figures.isReading) return
      this.figures.isReading = false
      this.link.pauseReading()
    } else if (reader.queryBytes > reader.queryBytesMax) this.refuseQuery()
  }

  private afterInput(): void {
    if (this.isClosed) return this.release()
    // Replies may go out at once unless the turn has something to make durable first.
    if (this.reply.pendingBytes > 0 || this.closesAfterReply) {
      if (this.owner.holdsReplies || this.isQueued) this.outputReady()
      else this.flush()
    }
    if (this.hasEnded && !this.closesAfterReply && !this.isStalled) this.close(true)
  }

  private send(): void {
    const { link, reply, store } = this
    const count = reply.segmentCount
    this.figures.noteReply(reply.pendingBytes)
    let sent = 0
    let isTaken = true
    for (let i = 0; i < count; i++) {
      const start = reply.segmentStart(i)
      const end = reply.segmentEnd(i)
      if (end === start) continue
      isTaken = link.write(reply.segmentBytes(i), start, end)
      sent += end - start
    }
    store.statistics[Stat.netOutputBytes]! += sent
    store.statistics[Stat.writeEvents]!++
    this.client.outputBytes += sent
    this.client.lastInteractionMs = store.keyspace.nowMs
    if (isTaken) reply.consume(sent)
    else {
      this.bytesInFlight = sent
      this.figures.isWriting = true
    }
  }

  private sendEarly(): void {
    if (this.bytesInFlight === 0 && !this.owner.holdsReplies && this.reply.pendingBytes > 0) this.send()
  }

  /** With much output pending: sends it, and decides whether the next request may run now. */
  private mayGoOn(): boolean {
    this.sendEarly()
    this.isStalled = this.reply.pendingBytes > STALL_BYTES
    return !this.isStalled
  }

  private restart(): void {
    this.isStalled = false
    if (!this.figures.isReading) {
      this.figures.isReading = true
      this.link.resumeReading()
    }
    if (this.reader.hasRest) this.resume()
    else this.afterInput()
  }

  private get heldBytes(): number {
    const { reader } = this
    return reader.hasRest ? reader.queryBytes + reader.queryBytesFree : 0
  }

  private outlives(idleSeconds: number): boolean {
    if (this.hasEnded && idleSeconds > LINGER_SECONDS) return true
    const { timeout } = this.store.config.values
    const { flags, gate } = this.client
    const waits = Gate.blocked | Gate.postponed | Gate.subscribed | Gate.monitor | Gate.replica
    return timeout !== 0 && idleSeconds > timeout && (gate & waits) === 0 && (flags & ClientFlag.isPrimary) === 0
  }

  // Limits.

  private checkOutputLimits(): void {
    if ((this.client.flags & ClientFlag.killed) !== 0) return
    if (this.reply.isOverLimit || this.owner.exceedsOutputLimit(this.client, this.reply)) this.exceed()
  }

  private exceed(): void {
    this.log('warning', 'Client %s scheduled to be closed ASAP for overcoming of output buffer limits.')
    this.store.statistics[Stat.outputBufferDisconnects]!++
    this.kill()
  }

  /** Nothing more is sent, and the connection is gone at the end of the turn: somebody may be writing to it right now. */
  private kill(): void {
    this.client.gate |= Gate.closing
    this.client.flags |= ClientFlag.killed
    this.owner.closeSoon(this)
  }

  private refuseProtocol(): void {
    const { error } = this.reader.args
    this.reply.error(error)
    this.store.executor.countError(error)
    this.log('verbose', `Protocol error (${error.text}) from client: %s.`)
    this.close(true)
  }

  private refuseQuery(): void {
    this.store.statistics[Stat.queryBufferDisconnects]!++
    this.log('warning', 'Closing client that reached max query buffer length: %s')
    this.kill()
  }

  /** Logs a text with the client's line of CLIENT LIST in place of `%s`. */
  private log(level: 'verbose' | 'warning', text: string): void {
    const { client, store } = this
    store.environment.log.write(
      level,
      text.replace('%s', () => clientLine(client, store.keyspace.nowMs)),
    )
  }
}
