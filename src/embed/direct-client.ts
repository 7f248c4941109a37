/**
 * A session without a link: requests are put together in a buffer, run at once, and their replies read where they were
 * written.
 *
 * A command that has to wait (BLPOP, or any while clients are paused) makes an asynchronous call wait; a synchronous one
 * cannot, and ends the wait as a time-out would. What arrives without having been asked for (messages, invalidations) goes
 * to `onPush`.
 */

import { type Client, type ClientPort, Gate } from '../engine/client.js'
import type { Executor } from '../engine/executor.js'
import type { LookAhead } from '../keyspace/look-ahead.js'
import { ReplyWriter } from '../protocol/reply-writer.js'
import { StoreError } from './failure.js'
import type { Host } from './host.js'
import { type Reply, ReplyReader } from './reply-reader.js'
import { RequestBuffer } from './request-buffer.js'

/** A synchronous call met a command that has to wait; `callAsync` can. */
export class WaitError extends Error {
  override readonly name: string = 'WaitError'
}

const WAITS = Gate.blocked | Gate.postponed

export interface SessionOptions {
  /** The database it begins in, as SELECT would choose it: 0. */
  readonly database?: number
  /** The protocol it begins with, as HELLO would choose it: 3, which tells maps, sets, doubles and booleans from arrays and strings. */
  readonly protocol?: 2 | 3
  /** What strings in replies become: text (the default), or Uint8Arrays, which also hold what is not UTF-8. */
  readonly strings?: 'text' | 'bytes'
}

/** An asynchronous call that waits: for its reply, or for its turn. */
interface WaitingCall {
  /** To be run, for the first time or again; undefined when only the reply is missing. */
  request: RequestBuffer | undefined
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

export class DirectClient implements ClientPort {
  readonly kind = 'direct'
  readonly address = 'direct:0'
  readonly localAddress = 'direct:0'
  readonly descriptor = -1
  readonly queryBytes = 0
  readonly queryFreeBytes = 0
  readonly argumentBytes = 0
  readonly host: Host
  client: Client
  /** Strings of replies become Uint8Arrays. */
  readonly givesBytes: boolean
  onPush: ((message: Reply) => void) | undefined
  isClosed: boolean
  private readonly options: SessionOptions
  private readonly reopens: boolean
  private readonly executor: Executor
  private readonly lookAhead: LookAhead
  private readonly output: ReplyWriter
  private readonly request: RequestBuffer
  private readonly reader: ReplyReader
  /** Calls whose replies are still to come, in order; all but the first wait for their turn. */
  private readonly waiting: WaitingCall[]
  private isQueued: boolean
  private closesSoon: boolean

  /**
   * @param reopens  a new session takes the place of one that a command (QUIT, CLIENT KILL) has ended
   * @throws RangeError when there is no such database
   */
  constructor(host: Host, options: SessionOptions, reopens = false) {
    const { engine } = host
    this.host = host
    this.options = options
    this.reopens = reopens
    this.givesBytes = options.strings === 'bytes'
    this.executor = engine.executor
    this.lookAhead = engine.keyspace.lookAhead
    this.output = new ReplyWriter(engine.chunkPool)
    this.request = new RequestBuffer()
    this.reader = new ReplyReader()
    this.waiting = []
    this.onPush = undefined
    this.isClosed = false
    this.isQueued = false
    this.closesSoon = false
    this.client = this.open()
  }

  // Calls: `begin`, words added to the request it returns, then `run` or `runLater`.

  /** @throws StoreError when the session or the store cannot be used now */
  begin(command: string): RequestBuffer {
    this.host.checkUsable()
    if (this.isClosed) throw new StoreError('The session is closed')
    this.request.begin(command)
    return this.request
  }

  /** @param givesBytes  strings become Uint8Arrays */
  run(givesBytes: boolean): Reply {
    if (this.waiting.length !== 0) throw new WaitError('The session waits for the reply to an earlier call')
    this.execute(this.request)
    if ((this.client.gate & WAITS) !== 0) this.endWait()
    const reply = this.takeReply(givesBytes)
    if (this.host.hasReady) this.host.deliver()
    return reply
  }

  /** For a command that may wait; asynchronous calls made meanwhile wait for their turn. */
  runLater(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request: this.request.copy(), resolve, reject })
      this.host.startedWaiting()
      this.goOn()
      if (this.host.hasReady) this.host.deliver()
    })
  }

  /** Ends the session for good. */
  end(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.leave()
  }

  // The engine's view of the session.

  outputReady(): void {
    if (this.isQueued || this.isClosed) return
    this.isQueued = true
    this.host.queue(this)
  }

  resume(): void {
    this.outputReady()
  }

  close(_afterReply: boolean): void {
    this.client.gate |= Gate.closing
    this.closesSoon = true
    this.outputReady()
  }

  /** Takes what has arrived outside a call, and goes on with calls that wait. */
  deliver(): void {
    this.isQueued = false
    if (this.isClosed) return
    this.goOn()
    if (this.output.pendingBytes !== 0) {
      this.reader.open(this.output, this.givesBytes)
      this.takeMessages()
    }
    if (!this.closesSoon) return
    if (!this.reopens) return this.end()
    this.leave()
    this.closesSoon = false
    this.client = this.open()
  }

  private open(): Client {
    const { engine } = this.host
    const { database = 0, protocol = 3 } = this.options
    const selected = engine.keyspace.databases[database]
    if (selected === undefined) throw new RangeError(`There is no database ${database}`)
    this.output.protocol = protocol
    return engine.clients.open(this, this.output, selected, engine.environment.clock.nowMs())
  }

  /** Takes leave of the engine, as a connection that is lost does. */
  private leave(): void {
    const { client, host } = this
    client.gate |= Gate.closing
    host.engine.executor.discard(client)
    host.engine.pause.forget(client)
    client.onUnblock?.(false)
    host.engine.clients.remove(client)
    this.output.reset()
    for (const call of this.waiting.splice(0)) {
      host.stoppedWaiting()
      call.reject(host.failure.error ?? new StoreError('The session was closed before the reply came'))
    }
  }

  /** Runs what waits, and settles what is done, until something has to wait. */
  private goOn(): void {
    for (let call = this.waiting[0]; call !== undefined; call = this.waiting[0]) {
      if ((this.client.gate & WAITS) !== 0) return
      const { request } = call
      if (request !== undefined) {
        call.request = undefined
        this.execute(request)
        if ((this.client.gate & Gate.postponed) !== 0) call.request = request
        if ((this.client.gate & WAITS) !== 0) return
      }
      this.waiting.shift()
      this.host.stoppedWaiting()
      call.resolve(this.takeReply(this.givesBytes))
    }
  }

  private execute(request: RequestBuffer): void {
    const { client, executor, host } = this
    host.isBusy = true
    try {
      executor.executeDirect(client, request.bytes, request.starts, request.ends, request.count)
      this.lookAhead.clear()
    } catch (error) {
      throw host.failure.fail(error)
    } finally {
      host.isBusy = false
    }
    request.trim()
  }

  /** Ends a wait that a synchronous call has run into. */
  private endWait(): void {
    const { client, host } = this
    if ((client.gate & Gate.postponed) !== 0) {
      host.engine.pause.forget(client)
      throw new WaitError('Clients are paused: callAsync waits until they are not')
    }
    client.onUnblock?.(false)
    if ((client.gate & Gate.blocked) === 0) return
    this.waiting.push({ request: undefined, resolve: () => {}, reject: () => {} })
    host.startedWaiting()
    throw new WaitError('The command takes time: callAsync waits for its reply')
  }

  /** The reply to the command that has just been run; undefined when there is none. */
  private takeReply(givesBytes: boolean): Reply {
    const { output, reader } = this
    if (output.pendingBytes === 0) return undefined
    reader.open(output, givesBytes)
    if (reader.isAtPush) return this.takeReplyAmongMessages()
    const reply = reader.read()
    if (reader.hasMore) this.takeMessages()
    else output.rewind()
    return reply
  }

  private takeReplyAmongMessages(): Reply {
    const messages: Reply[] = []
    let reply: Reply
    const { reader } = this
    while (reader.hasMore) {
      if (reader.isAtPush || reply !== undefined) messages.push(reader.read())
      else reply = reader.read()
    }
    this.output.reset()
    this.emit(messages)
    return reply
  }

  /** Hands what is left of the open output to `onPush`. */
  private takeMessages(): void {
    const messages: Reply[] = []
    while (this.reader.hasMore) messages.push(this.reader.read())
    this.output.reset()
    this.emit(messages)
  }

  private emit(messages: readonly Reply[]): void {
    for (const message of messages) this.onPush?.(message)
  }
}
