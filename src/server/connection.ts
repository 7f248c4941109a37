/**
 * A link and the session on it: bytes in, requests run, replies out.
 *
 * Input is parsed where it lies and run at once; replies gather in the client's buffer and go out at the end of the turn, one
 * write a connection. A peer that reads too slowly is held back: beyond OUTPUT_HIGH_WATER unsent bytes its requests wait in
 * the query buffer and its link is not read, unless a configured output limit is to close it instead.
 */

import type { Link, LinkReceiver } from '../base/environment.js'
import { type Client, ClientFlag, type ClientPort, Gate } from '../engine/client.js'
import { Stat } from '../engine/statistics.js'
import type { Store } from '../engine/store.js'
import { ReplyWriter } from '../protocol/reply-writer.js'
import { ParseStatus } from '../protocol/request-parser.js'
import { RequestReader } from '../protocol/request-reader.js'
import type { Connections } from './connections.js'

/** Unsent bytes beyond which a client without output limits runs no further requests. */
const OUTPUT_HIGH_WATER = 1 << 20

export class Connection implements ClientPort, LinkReceiver {
  readonly client: Client
  readonly reader: RequestReader
  readonly reply: ReplyWriter
  readonly link: Link
  /** Stands in the list of connections to be flushed at the end of the turn. */
  isQueued: boolean
  private readonly owner: Connections
  private readonly store: Store
  /** Bytes that the link still refers to. */
  private bytesInFlight: number
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
    const { clock } = this.store.environment
    this.client = this.store.clients.open(this, this.reply, this.store.keyspace.databases[0]!, clock.nowMs())
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
    return this.reader.hasRest ? this.reader.queryBytesFree : 0
  }

  get argumentBytes(): number {
    return this.reader.hasRest ? this.reader.argumentBytes : 0
  }

  get queryMemoryBytes(): number {
    return this.reader.memoryBytes
  }

  outputReady(): void {
    if (!this.isQueued && !this.isClosed) this.owner.queueFlush(this)
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
      this.outputReady()
    } else if (this.isDraining || this.store.executor.isRunning) {
      // The command that closes it is still writing to it, or iterating over clients.
      this.client.flags |= ClientFlag.killed
      this.owner.closeSoon(this)
    } else this.destroy()
  }

  // What the link tells.

  received(bytes: Uint8Array, start: number, end: number): void {
    const { client, store } = this
    store.statistics[Stat.netInputBytes]! += end - start
    store.statistics[Stat.readEvents]!++
    client.inputBytes += end - start
    if ((client.gate & Gate.closing) !== 0) return
    store.executor.beginBatch()
    client.lastInteractionMs = store.keyspace.nowMs
    const { reader } = this
    reader.begin(bytes, start, end)
    if (!this.isStalled && (client.gate & (Gate.blocked | Gate.postponed)) === 0) this.drain()
    else if (reader.queryBytes > reader.queryBytesMax) this.refuseQuery()
    reader.finish()
    this.afterInput()
  }

  drained(): void {
    if (this.isClosed || this.bytesInFlight === 0) return
    this.reply.consume(this.bytesInFlight)
    this.bytesInFlight = 0
    this.flush()
  }

  ended(): void {
    this.hasEnded = true
    // A half-closed peer still gets the replies to what it sent, as long as nothing of it is waiting.
    if ((this.client.gate & (Gate.blocked | Gate.postponed)) !== 0) this.destroy()
    else this.close(true)
  }

  closed(_reason: string): void {
    if (!this.isClosed) this.destroy()
  }

  /** Sends what has been written; closes when that was wanted. */
  flush(): void {
    this.isQueued = false
    if (this.isClosed || this.bytesInFlight !== 0) return
    if (this.reply.pendingBytes > 0) this.send()
    if (this.bytesInFlight !== 0) return this.checkOutputLimits()
    if (this.closesAfterReply) {
      this.link.end()
      return this.destroy()
    }
    if (this.isStalled) this.restart()
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

  /** Gives spare memory of an idle connection back. */
  trim(): void {
    if (!this.isDraining && this.reader.hasRest) this.reader.trim()
  }

  private release(): void {
    this.reader.release()
    this.reply.reset()
  }

  private drain(): void {
    const { client, reader, reply } = this
    const { executor } = this.store
    const stops = Gate.blocked | Gate.postponed | Gate.closing
    this.isDraining = true
    for (;;) {
      reader.isRestricted = (client.gate & Gate.mustAuthenticate) !== 0
      const status = reader.next()
      if (status === ParseStatus.Complete) {
        const { args } = reader
        executor.execute(client, args.bytes, args.starts, args.ends, args.argc)
        if ((client.gate & stops) !== 0) {
          if ((client.gate & Gate.postponed) !== 0) reader.unread()
          break
        }
        if (reply.pendingBytes > OUTPUT_HIGH_WATER && !this.mayGoOn()) break
      } else if (status === ParseStatus.Empty) continue
      else {
        if (status === ParseStatus.ProtocolError) this.refuseProtocol()
        else if (status === ParseStatus.QueryBufferLimit) this.refuseQuery()
        break
      }
    }
    executor.endBatch()
    this.isDraining = false
  }

  private afterInput(): void {
    if (this.isClosed) return this.release()
    if (this.reply.pendingBytes > 0 || this.closesAfterReply) this.outputReady()
    if (this.hasEnded && !this.closesAfterReply) this.close(true)
  }

  private send(): void {
    const { link, reply, store } = this
    const count = reply.segmentCount
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
    else this.bytesInFlight = sent
  }

  /** With much output pending: sends it, and decides whether the next request may run now. */
  private mayGoOn(): boolean {
    if (this.owner.hasOutputLimit(this.client)) {
      this.checkOutputLimits()
      return !this.isClosed
    }
    if (this.bytesInFlight === 0) this.send()
    if (this.reply.pendingBytes <= OUTPUT_HIGH_WATER) return true
    this.isStalled = true
    this.link.pauseReading()
    return false
  }

  private restart(): void {
    this.isStalled = false
    this.link.resumeReading()
    if (this.reader.hasRest) this.resume()
  }

  private checkOutputLimits(): void {
    if (!this.owner.exceedsOutputLimit(this.client, this.reply)) return
    const { log } = this.store.environment
    log.write('warning', `Client ${this.address} scheduled to be closed ASAP for overcoming of output buffer limits.`)
    this.store.statistics[Stat.outputBufferDisconnects]!++
    this.close(false)
  }

  private refuseProtocol(): void {
    const { error } = this.reader.args
    this.reply.error(error)
    this.store.executor.countError(error)
    this.store.environment.log.write('verbose', `Protocol error (${error.text}) from client: addr=${this.address}`)
    this.close(true)
  }

  private refuseQuery(): void {
    this.store.statistics[Stat.queryBufferDisconnects]!++
    this.store.environment.log.write(
      'warning',
      `Closing client that reached max query buffer length: addr=${this.address} qbuf=${this.reader.queryBytes}`,
    )
    this.close(false)
  }
}
