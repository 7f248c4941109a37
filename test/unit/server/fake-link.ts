/** A link in a test's hands, and a store with connections on such links: no sockets, virtual time. */

import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import type { Link, LinkReceiver } from '../../../src/base/environment.js'
import type { Connection } from '../../../src/server/connection.js'
import { Connections } from '../../../src/server/connections.js'
import { TestStore } from '../../support/test-store.js'

export class FakeLink implements Link {
  readonly kind = 'tcp' as const
  readonly remoteAddress: string
  readonly localAddress = '127.0.0.1:6379'
  readonly remoteHost: string
  readonly descriptor = 7
  /** Whether writes are taken at once. */
  takesWrites: boolean
  isPaused: boolean
  hasEnded: boolean
  isDestroyed: boolean
  private receiver: LinkReceiver | undefined
  private text: string
  /** Written and not taken: what the link still refers to. */
  private waiting: { readonly bytes: Uint8Array; readonly start: number; readonly end: number }[]

  constructor(host = '127.0.0.1', port = 50000) {
    this.remoteAddress = `${host}:${port}`
    this.remoteHost = host
    this.takesWrites = true
    this.isPaused = false
    this.hasEnded = false
    this.isDestroyed = false
    this.receiver = undefined
    this.text = ''
    this.waiting = []
  }

  start(receiver: LinkReceiver): void {
    this.receiver = receiver
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.takesWrites) {
      this.text += latin1(bytes, start, end)
      return true
    }
    this.waiting.push({ bytes, start, end })
    return false
  }

  pauseReading(): void {
    this.isPaused = true
  }

  resumeReading(): void {
    this.isPaused = false
  }

  end(): void {
    this.hasEnded = true
  }

  destroy(): void {
    this.isDestroyed = true
  }

  // What the peer does.

  /** Sends bytes, one a character, from a buffer that is overwritten as soon as they have been received. */
  send(text: string): void {
    const bytes = latin1Bytes(text)
    this.receiver!.received(bytes, 0, bytes.length)
    bytes.fill(0x23)
  }

  /** Takes what was held back, and further writes. */
  drain(): void {
    this.takesWrites = true
    for (const { bytes, end, start } of this.waiting.splice(0)) this.text += latin1(bytes, start, end)
    this.receiver!.drained()
  }

  endInput(): void {
    this.receiver!.ended()
  }

  vanish(): void {
    this.receiver!.closed('ECONNRESET')
  }

  /** What arrived since the last call. */
  taken(): string {
    const { text } = this
    this.text = ''
    return text
  }
}

export class LinkedStore extends TestStore {
  readonly connections: Connections

  constructor(options: Readonly<Record<string, string>> = {}) {
    super(options)
    this.connections = new Connections(this.store)
    // The session for commands that the test itself sends is no connection and not to be seen among them.
    this.store.clients.remove(this.client.client)
  }

  accept(link = new FakeLink()): FakeLink {
    this.connection = this.connections.accept(link, link.remoteHost.startsWith('127.'))
    return link
  }

  /** What `accept` made of the last link. */
  connection: Connection | undefined

  /** Lets what is due at the end of this turn happen. */
  turn(): void {
    this.time.advance(0)
  }

  /** The fields of the client's line, by name. */
  fields(connection: Connection = this.connection!): Record<string, string> {
    return fieldsOf(this.send('CLIENT', 'LIST', 'ID', connection.client.id) as string)
  }
}

export function fieldsOf(line: string): Record<string, string> {
  return Object.fromEntries(
    line
      .trim()
      .split(' ')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  )
}

/** A request of words, as bytes. */
export function request(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
}
