/**
 * Fills a server with keys, in pipelines short enough that other clients are not kept waiting behind them.
 *
 * Keys are those of redis-benchmark: `key:` and twelve digits. They come in order, each once, unlike redis-benchmark's
 * own choice, so that a million requests are a million keys.
 */

import { connect, type Socket } from 'node:net'

export interface LoadRequest {
  readonly port: number
  /** Numbers of the keys: from … to − 1. */
  readonly from: number
  readonly to: number
  readonly valueBytes: number
  /** When all of them expire, ms since 1970; they do not unless given. */
  readonly expiresAtMs?: number
}

const CONNECTIONS = 4
const BATCH = 64
const KEY_DIGITS = 12
const REPLY = '+OK\r\n'

/** @returns how long it took, in seconds */
export async function load(request: LoadRequest): Promise<number> {
  const began = performance.now()
  let next = request.from
  const take = (): [from: number, to: number] => {
    const from = next
    next = Math.min(request.to, from + BATCH)
    return [from, next]
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, () => loadOverOne(request, take)))
  return (performance.now() - began) / 1000
}

function loadOverOne({ port, valueBytes, expiresAtMs }: LoadRequest, take: () => [number, number]): Promise<void> {
  const batch = new Batch(valueBytes, expiresAtMs)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let expected = 0
    const goOn = (): void => {
      const [from, to] = take()
      if (from === to) {
        socket.destroy()
        return resolve()
      }
      expected = (to - from) * REPLY.length
      batch.send(socket, from, to)
    }
    socket.setNoDelay(true)
    socket.once('connect', goOn)
    socket.once('error', reject)
    socket.on('data', (data) => {
      if (data[0] === 0x2d) return reject(new Error(`a SET was refused: ${String(data).split('\r\n', 1)[0]}`)) // -
      expected -= data.length
      if (expected === 0) goOn()
    })
  })
}

/** The requests of one pipeline: a text that is the same for all but for the digits of the keys. */
class Batch {
  private readonly bytes: Buffer
  private readonly requestBytes: number
  private readonly digitsAt: number

  constructor(valueBytes: number, expiresAtMs: number | undefined) {
    const words = ['SET', `key:${'0'.repeat(KEY_DIGITS)}`, 'x'.repeat(valueBytes)]
    if (expiresAtMs !== undefined) words.push('PXAT', String(expiresAtMs))
    const request = `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
    this.bytes = Buffer.from(request.repeat(BATCH), 'latin1')
    this.requestBytes = request.length
    this.digitsAt = request.indexOf('key:') + 'key:'.length
  }

  send(socket: Socket, from: number, to: number): void {
    for (let i = 0; i < to - from; i++) this.writeDigits(from + i, i * this.requestBytes + this.digitsAt)
    // The buffer is used again only when all replies are there, and so long after it has been sent.
    socket.write(this.bytes.subarray(0, (to - from) * this.requestBytes))
  }

  private writeDigits(key: number, start: number): void {
    for (let at = start + KEY_DIGITS - 1; at >= start; at--) {
      const rest = Math.floor(key / 10)
      this.bytes[at] = 0x30 + key - rest * 10
      key = rest
    }
  }
}
