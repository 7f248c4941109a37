/** Links to other servers that are played by the test: by hand, or by another store. */

import { latin1Bytes } from '../../src/base/bytes.js'
import type { Dialer, Link, LinkOpened, LinkReceiver } from '../../src/base/environment.js'
import { OperationalError } from '../../src/base/operational-error.js'
import { DecodeStatus, plainMapping, ReplyDecoder } from '../../src/protocol/reply-decoder.js'
import type { TestClient } from './test-store.js'

export class FakeLink implements Link {
  readonly kind = 'tcp'
  readonly remoteAddress = '10.0.0.2:6379'
  readonly localAddress = '10.0.0.1:1024'
  readonly remoteHost = '10.0.0.2'
  readonly descriptor = -1
  isClosed = false
  /** Writes are not taken until `drain`. */
  isFull = false
  private readonly requests: ReplyDecoder
  private receiver: LinkReceiver | undefined

  constructor() {
    this.requests = new ReplyDecoder(plainMapping({ strings: 'latin1' }))
    this.receiver = undefined
  }

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    this.requests.feed(bytes.slice(start, end), 0, end - start)
    return !this.isFull
  }

  /** The requests that have arrived since the last call. */
  takeRequests(): string[][] {
    const taken: string[][] = []
    while (this.requests.next() !== DecodeStatus.Incomplete) taken.push(this.requests.value as string[])
    return taken
  }

  reply(text: string): void {
    const bytes = latin1Bytes(text)
    this.receiver?.received(bytes, 0, bytes.length)
  }

  /** Has another store answer what has arrived. */
  serve(client: TestClient): void {
    for (const words of this.takeRequests()) this.reply(client.sendRaw(...words))
  }

  drain(): void {
    this.isFull = false
    this.receiver?.drained()
  }

  lose(): void {
    this.isClosed = true
    this.receiver?.closed('lost')
  }

  pauseReading(): void {}
  resumeReading(): void {}

  end(): void {
    this.isClosed = true
  }

  destroy(): void {
    this.isClosed = true
  }
}

export class FakeDialer implements Dialer {
  readonly links: FakeLink[] = []
  readonly waiting: { address: string; done: LinkOpened }[] = []

  connect(host: string, port: number, _timeoutMs: number, done: LinkOpened): void {
    this.waiting.push({ address: `${host}:${port}`, done })
  }

  /** Opens the link that has been asked for longest. */
  accept(): FakeLink {
    const link = new FakeLink()
    this.links.push(link)
    this.waiting.shift()!.done(link, undefined)
    return link
  }

  refuse(): void {
    const { address, done } = this.waiting.shift()!
    done(undefined, new OperationalError('ECONNREFUSED', address, 'connection refused'))
  }
}
