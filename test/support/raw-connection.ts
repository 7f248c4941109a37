/**
 * A connection that speaks RESP and keeps replies as the bytes they came in: for tests that compare or cut them.
 */

import { createConnection, type Socket } from 'node:net'
import { ReplyBoundary, ReplyType } from '../../src/protocol/reply-decoder.js'

/** A reply that takes longer, on however slow a machine, will not come. */
const REPLY_TIMEOUT_MS = 5_000

export type RequestWord = string | number | Uint8Array

export class RawConnection {
  /** Messages that nobody was waiting for, in order: pushes (RESP3), and replies that no request asked for. */
  readonly unsolicited: Buffer[]
  isClosed: boolean
  private readonly socket: Socket
  private readonly boundary: ReplyBoundary
  private waiting: { resolve: (reply: Buffer) => void; reject: (error: Error) => void }[]
  private partial: Buffer[]
  private receiver: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    this.boundary = new ReplyBoundary()
    this.unsolicited = []
    this.waiting = []
    this.partial = []
    this.receiver = undefined
    this.isClosed = false
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.received(chunk))
    socket.on('close', () => this.ended('the server closed the connection'))
    socket.on('error', () => {}) // followed by close
  }

  static open(
    address: { readonly path: string } | { readonly host: string; readonly port: number },
  ): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(address)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new RawConnection(socket))
      })
    })
  }

  /** Sends one request and waits for its reply. Fails when the link ends first. */
  send(...words: RequestWord[]): Promise<Buffer> {
    return this.exchange(encodeRequest(words), 1).then((replies) => replies[0]!)
  }

  /** Sends requests at once and waits for a reply to each. */
  sendAll(requests: readonly (readonly RequestWord[])[]): Promise<Buffer[]> {
    return this.exchange(Buffer.concat(requests.map(encodeRequest)), requests.length)
  }

  /** The same; a request whose reply does not come, because the link ends or nothing happens for long, gets undefined. */
  async tryAll(requests: readonly (readonly RequestWord[])[]): Promise<(Buffer | undefined)[]> {
    const bytes = Buffer.concat(requests.map(encodeRequest))
    const giveUp = setTimeout(() => this.close(), REPLY_TIMEOUT_MS)
    const results = await Promise.allSettled(this.write(bytes, requests.length))
    clearTimeout(giveUp)
    return results.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
  }

  /** Writes bytes as they are and waits for so many replies. */
  async exchange(bytes: Uint8Array, replyCount: number): Promise<Buffer[]> {
    return await Promise.all(this.write(bytes, replyCount))
  }

  /** Writes a request whose reply, if any comes, is fetched with `receive`. */
  post(...words: RequestWord[]): void {
    this.socket.write(encodeRequest(words))
  }

  /** The next message that nobody was waiting for; undefined when the link has ended. */
  async receive(): Promise<Buffer | undefined> {
    while (this.unsolicited.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => (this.receiver = resolve))
    }
    return this.unsolicited.shift()
  }

  /** Resolves when the other side has closed. */
  async untilClosed(): Promise<void> {
    if (!this.isClosed) await new Promise((resolve) => this.socket.once('close', resolve))
  }

  close(): void {
    this.socket.destroy()
  }

  private write(bytes: Uint8Array, replyCount: number): Promise<Buffer>[] {
    const replies: Promise<Buffer>[] = []
    for (let i = 0; i < replyCount; i++) {
      replies.push(new Promise<Buffer>((resolve, reject) => this.waiting.push({ resolve, reject })))
    }
    if (this.isClosed) this.ended('the connection is closed')
    else this.socket.write(bytes)
    return replies
  }

  private received(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      const end = this.boundary.find(chunk, at, chunk.length)
      if (end < 0) {
        this.ended(`no reply: ${JSON.stringify(chunk.subarray(at, at + 200).toString('latin1'))}`)
        return this.close()
      }
      this.partial.push(chunk.subarray(at, Math.min(end, chunk.length)))
      if (end > chunk.length) return
      at = end
      this.complete()
    }
  }

  private complete(): void {
    const reply = this.partial.length === 1 ? this.partial[0]! : Buffer.concat(this.partial)
    this.partial = []
    const asker = this.boundary.type === ReplyType.push ? undefined : this.waiting.shift()
    if (asker !== undefined) return asker.resolve(reply)
    this.unsolicited.push(reply)
    this.receiver?.()
  }

  private ended(reason: string): void {
    this.isClosed = true
    this.receiver?.()
    for (const { reject } of this.waiting.splice(0)) reject(new Error(reason))
  }
}

/** A request as an array of bulk strings; text is sent one byte a character. */
export function encodeRequest(words: readonly RequestWord[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)]
  for (const word of words) {
    const bytes = word instanceof Uint8Array ? Buffer.from(word) : Buffer.from(String(word), 'latin1')
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'))
  }
  return Buffer.concat(parts)
}
