/** Links over real sockets, on bare handles and on `net.Socket`, over TCP and over a Unix socket. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { latin1, latin1Bytes } from '../../../src/base/bytes.js'
import type { Link, LinkReceiver } from '../../../src/base/environment.js'
import { NodeNetwork } from '../../../src/platform/node-network.js'

const MB = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'spinel-links-'))
after(() => rmSync(folder, { recursive: true }))

/** Keeps what a link tells, and lets a test wait for it. */
class Recorder implements LinkReceiver {
  readonly link: Link
  text = ''
  drains = 0
  isEnded = false
  closings: string[] = []
  private waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = []

  constructor(link: Link) {
    this.link = link
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    this.text += latin1(bytes, start, end)
    this.check()
  }

  drained(): void {
    this.drains++
    this.check()
  }

  ended(): void {
    this.isEnded = true
    this.check()
  }

  closed(reason: string): void {
    this.closings.push(reason)
    this.check()
  }

  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isMet, resolve })
      this.check()
    })
  }

  private check(): void {
    const met = this.waiting.filter(({ isMet }) => isMet())
    this.waiting = this.waiting.filter((waiter) => !met.includes(waiter))
    for (const { resolve } of met) resolve()
  }
}

interface Pair {
  readonly recorder: Recorder
  readonly link: Link
  readonly peer: Socket
}

interface Place {
  connect(): Promise<Pair>
  close(): void
}

async function open(network: NodeNetwork, kind: 'tcp' | 'unix', starts: boolean): Promise<Place> {
  let arrive: (link: Link) => void = () => {}
  const accept = (link: Link): void => arrive(link)
  const path = join(folder, `${network.usesHandles ? 'handle' : 'socket'}-${Math.trunc(performance.now() * 1000)}`)
  const listener =
    kind === 'unix'
      ? await network.listenUnix({ path, mode: 0o700, backlog: 16 }, accept)
      : await network.listenTcp({ host: '127.0.0.1', port: 0, backlog: 16, keepAliveSeconds: () => 300 }, accept)
  const where = kind === 'unix' ? { path } : { host: '127.0.0.1', port: Number(listener.address.split(':')[1]) }
  return {
    async connect() {
      const arrival = new Promise<Link>((resolve) => (arrive = resolve))
      const peer = createConnection({ ...where, allowHalfOpen: true })
      peer.on('error', () => {})
      await new Promise<void>((resolve) => peer.once('connect', resolve))
      const link = await arrival
      const recorder = new Recorder(link)
      if (starts) link.start(recorder)
      return { recorder, link, peer }
    },
    close: () => listener.close(),
  }
}

function write(link: Link, text: string): boolean {
  const bytes = latin1Bytes(text)
  return link.write(bytes, 0, bytes.length)
}

/** Resolves when the link has ended; the peer, which may be half open, then ends too. */
function closed(peer: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (peer.destroyed) return resolve()
    peer.once('close', () => resolve())
    if (peer.readableEnded) peer.end()
    else peer.once('end', () => peer.end())
    peer.resume()
  })
}

for (const usesHandles of [true, false]) {
  for (const kind of ['tcp', 'unix'] as const) {
    const network = new NodeNetwork({ usesHandles })
    const isMissing = usesHandles && !network.usesHandles
    const skip = isMissing && 'this runtime offers no handles'
    const title = `a ${kind} link on ${usesHandles ? 'a bare handle' : 'net.Socket'}`

    const withPair = async (run: (pair: Pair) => Promise<void>, starts = true): Promise<void> => {
      const place = await open(network, kind, starts)
      const pair = await place.connect()
      try {
        await run(pair)
      } finally {
        pair.peer.destroy()
        pair.link.destroy()
        place.close()
      }
    }

    describe(title, { skip }, () => {
      test('carries bytes both ways, and many times over', () =>
        withPair(async ({ link, peer, recorder }) => {
          const echoed: Buffer[] = []
          peer.on('data', (chunk: Buffer) => echoed.push(chunk))
          for (let round = 1; round <= 50; round++) {
            peer.write(`hello ${round};`)
            await recorder.until(() => recorder.text.endsWith(`hello ${round};`))
            assert.ok(write(link, `reply ${round};`))
          }
          peer.end()
          await recorder.until(() => recorder.isEnded)
          link.end()
          await closed(peer)
          assert.equal(Buffer.concat(echoed).toString(), [...Array(50).keys()].map((i) => `reply ${i + 1};`).join(''))
        }))

      test('knows its addresses', () =>
        withPair(async ({ link, peer }) => {
          assert.equal(link.kind, kind)
          if (kind === 'unix') {
            assert.match(link.remoteAddress, /^\/.*:0$/)
            assert.equal(link.localAddress, link.remoteAddress)
          } else {
            assert.equal(link.remoteAddress, `127.0.0.1:${peer.localPort}`)
            assert.equal(link.localAddress, `127.0.0.1:${peer.remotePort}`)
            assert.equal(link.remoteHost, '127.0.0.1')
          }
          if (usesHandles) assert.ok(link.descriptor > 2)
        }))

      test('says when a write has to wait, and when it is done', () =>
        withPair(async ({ link, peer, recorder }) => {
          const bytes = new Uint8Array(16 * MB).fill(0x78)
          let isTaken = link.write(bytes, 0, bytes.length)
          assert.equal(isTaken, false)
          // A little more behind it: also short writes that wait are reported.
          isTaken = write(link, 'end')
          assert.equal(isTaken, false)
          let count = 0
          let tail = ''
          peer.on('data', (chunk: Buffer) => {
            count += chunk.length
            tail = chunk.toString().slice(-3)
          })
          await recorder.until(() => recorder.drains > 0)
          assert.equal(recorder.drains, 1)
          link.end()
          await closed(peer)
          assert.equal(count, bytes.length + 3)
          assert.equal(tail, 'end')
        }))

      test('reports a short write that waits alone', () =>
        withPair(async ({ link, peer, recorder }) => {
          peer.pause()
          const piece = new Uint8Array(4096)
          while (link.write(piece, 0, piece.length));
          const drains = recorder.drains
          peer.resume()
          await recorder.until(() => recorder.drains > drains)
        }))

      test('stops and goes on reading', () =>
        withPair(async ({ link, peer, recorder }) => {
          peer.write('one;')
          await recorder.until(() => recorder.text === 'one;')
          link.pauseReading()
          link.pauseReading()
          peer.write('two;')
          await new Promise((resolve) => setTimeout(resolve, 20))
          assert.equal(recorder.text, 'one;')
          link.resumeReading()
          link.resumeReading()
          await recorder.until(() => recorder.text === 'one;two;')
        }))

      test('can be stopped from within a delivery', () =>
        withPair(async ({ link, peer, recorder }) => {
          const received = recorder.received.bind(recorder)
          recorder.received = (bytes, start, end) => {
            received(bytes, start, end)
            link.pauseReading()
          }
          peer.write('x'.repeat(MB))
          await recorder.until(() => recorder.text.length > 0)
          const { length } = recorder.text
          await new Promise((resolve) => setTimeout(resolve, 20))
          assert.equal(recorder.text.length, length)
          recorder.received = received
          link.resumeReading()
          await recorder.until(() => recorder.text.length === MB)
        }))

      test('tells the end of input once, after all of it, and can still write', () =>
        withPair(async ({ link, peer, recorder }) => {
          const answer = new Promise<string>((resolve) =>
            peer.once('data', (chunk: Buffer) => resolve(chunk.toString())),
          )
          peer.end('last words')
          await recorder.until(() => recorder.isEnded)
          assert.equal(recorder.text, 'last words')
          assert.deepEqual(recorder.closings, [])
          assert.ok(write(link, 'heard'))
          assert.equal(await answer, 'heard')
          link.end()
          await recorder.until(() => recorder.closings.length === 1)
          await closed(peer)
        }))

      test('sends everything before it ends, however slowly the peer reads', () =>
        withPair(async ({ link, peer }) => {
          const bytes = new Uint8Array(12 * MB).fill(0x79)
          link.write(bytes, 0, bytes.length)
          link.end()
          assert.ok(write(link, 'too late'))
          await new Promise((resolve) => setTimeout(resolve, 20))
          let count = 0
          peer.on('data', (chunk: Buffer) => (count += chunk.length))
          await closed(peer)
          assert.equal(count, bytes.length)
        }))

      test('can be destroyed with output pending, and twice', () =>
        withPair(async ({ link, peer, recorder }) => {
          const bytes = new Uint8Array(16 * MB)
          link.write(bytes, 0, bytes.length)
          link.destroy()
          link.destroy()
          link.end()
          link.pauseReading()
          link.resumeReading()
          assert.ok(write(link, 'into the void'))
          await closed(peer)
          await recorder.until(() => recorder.closings.length > 0)
          assert.equal(recorder.closings.length, 1)
        }))

      test('survives a peer that resets it, and tells so once', { skip: kind === 'unix' && 'there is no reset' }, () =>
        withPair(async ({ link, peer, recorder }) => {
          const bytes = new Uint8Array(16 * MB)
          link.write(bytes, 0, bytes.length)
          peer.resetAndDestroy()
          await recorder.until(() => recorder.closings.length > 0)
          assert.ok(write(link, 'anybody there?'))
          await new Promise((resolve) => setTimeout(resolve, 20))
          assert.equal(recorder.closings.length, 1)
        }),
      )

      test('survives a peer that goes while it is not read', () =>
        withPair(async ({ link, peer, recorder }) => {
          link.pauseReading()
          peer.destroy()
          await closed(peer)
          for (let i = 0; i < 20 && recorder.closings.length === 0; i++) {
            const piece = new Uint8Array(256 * 1024)
            link.write(piece, 0, piece.length)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
          assert.equal(recorder.closings.length, 1)
        }))

      test('that nobody has started turns a peer away without an accident', () =>
        withPair(async ({ link, peer }) => {
          const nobody: LinkReceiver = { received() {}, drained() {}, ended() {}, closed() {} }
          peer.write('x'.repeat(100_000))
          link.start(nobody)
          write(link, 'no')
          link.end()
          await closed(peer)
        }, false))

      test('leaves nothing behind when its listener closes', async () => {
        const place = await open(network, kind, true)
        const pairs = [await place.connect(), await place.connect(), await place.connect()]
        place.close()
        for (const { link, peer, recorder } of pairs) {
          peer.write('still there')
          await recorder.until(() => recorder.text === 'still there')
          peer.destroy()
          await recorder.until(() => recorder.isEnded || recorder.closings.length > 0)
          link.destroy()
          await recorder.until(() => recorder.closings.length > 0)
        }
      })
    })
  }
}
