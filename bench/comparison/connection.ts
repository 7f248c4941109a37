/** A connection to a server, for questions: one command, one reply. */

import { connect, type Socket } from 'node:net'
import { DecodeStatus, ReplyDecoder, ReplyError } from '../../src/protocol/reply-decoder.js'

export class Connection {
  private readonly socket: Socket
  private readonly decoder: ReplyDecoder

  private constructor(socket: Socket) {
    this.socket = socket
    this.decoder = new ReplyDecoder()
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket)))
      socket.setNoDelay(true)
      socket.once('error', reject)
    })
  }

  /** @throws ReplyError */
  call(...words: readonly (string | number)[]): Promise<unknown> {
    const parts = words.map(String)
    const request = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')
    this.socket.write(`*${parts.length}\r\n${request}`)
    return new Promise((resolve, reject) => {
      const take = (data: Uint8Array): void => {
        this.decoder.feed(data)
        if (this.decoder.next() !== DecodeStatus.Reply) return
        this.socket.off('data', take)
        if (this.decoder.value instanceof ReplyError) reject(this.decoder.value)
        else resolve(this.decoder.value)
      }
      this.socket.on('data', take)
    })
  }

  close(): void {
    this.socket.destroy()
  }
}

/** One command on a connection of its own. */
export async function ask(port: number, ...words: readonly (string | number)[]): Promise<unknown> {
  const connection = await Connection.open(port)
  try {
    return await connection.call(...words)
  } finally {
    connection.close()
  }
}
