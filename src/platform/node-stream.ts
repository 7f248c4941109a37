/**
 * A link within the process: the store's end is a Link, the client's a Duplex stream that looks enough like a socket for
 * client libraries to take it for one.
 *
 * Bytes are handed over on later ticks, never from within a write, as a socket would; what a client writes in one go
 * arrives in one piece. Neither side runs ahead of the other without bound: a store that stops reading leaves the client's
 * writes pending, and a client that does not read leaves the store's output unsent.
 */

import { nextTick } from 'node:process'
import { Duplex } from 'node:stream'
import type { Link, LinkReceiver } from '../base/environment.js'

type Done = (error?: Error | null) => void

/** The client's end. */
export class StoreStream extends Duplex {
  /** Told of what the client does; set by the link. */
  private readonly link: StreamLink

  // What client libraries ask of a socket.
  readonly connecting = false
  readonly remoteAddress = undefined
  readonly remotePort = undefined

  constructor(link: StreamLink) {
    super({ allowHalfOpen: false, decodeStrings: true })
    this.link = link
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    this.link.clientReads()
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.link.clientWrites(chunk, done)
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.link.clientWrites(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: Done): void {
    done()
    nextTick(() => this.link.clientEnds())
  }

  override _destroy(error: Error | null, done: Done): void {
    done(error)
    nextTick(() => this.link.clientCloses())
  }
}

export class StreamLink implements Link {
  readonly kind = 'stream'
  readonly remoteAddress = 'stream:0'
  readonly localAddress = 'stream:0'
  readonly remoteHost = ''
  readonly descriptor = -1
  /** The client's end. */
  readonly stream: StoreStream
  private receiver: LinkReceiver | undefined
  private isPaused: boolean
  private hasEnded: boolean
  /** The client's readable side is full: the store's end waits for it to be read. */
  private isFull: boolean
  private pending: Buffer | undefined
  private done: Done | undefined

  constructor() {
    this.stream = new StoreStream(this)
    this.receiver = undefined
    this.isPaused = false
    this.hasEnded = false
    this.isFull = false
    this.pending = undefined
    this.done = undefined
  }

  // The store's side.

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.hasEnded || this.stream.destroyed) return true
    if (!this.stream.push(Buffer.from(bytes.subarray(start, end)))) this.isFull = true
    return !this.isFull
  }

  pauseReading(): void {
    this.isPaused = true
  }

  resumeReading(): void {
    this.isPaused = false
    nextTick(() => this.deliver())
  }

  end(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.stream.push(null) // once that has been read, the stream ends and destroys itself
  }

  destroy(): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.stream.destroy()
  }

  // The client's side.

  clientWrites(chunk: Buffer, done: Done): void {
    this.pending = chunk
    this.done = done
    nextTick(() => this.deliver())
  }

  clientReads(): void {
    if (!this.isFull) return
    this.isFull = false
    nextTick(() => this.receiver?.drained())
  }

  clientEnds(): void {
    this.receiver?.ended()
  }

  clientCloses(): void {
    const { receiver } = this
    this.receiver = undefined
    this.hasEnded = true
    receiver?.closed('')
  }

  private deliver(): void {
    const { pending, done } = this
    if (pending === undefined || done === undefined || this.isPaused) return
    this.pending = undefined
    this.done = undefined
    this.receiver?.received(pending, 0, pending.length)
    done()
  }
}
