/** A store behind real sockets, on bare handles and on `net.Socket`. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Link, Listener } from '../../../src/base/environment.js'
import { Config } from '../../../src/config/config.js'
import { nodeEnvironment } from '../../../src/platform/node-environment.js'
import { NodeNetwork } from '../../../src/platform/node-network.js'
import { Connections } from '../../../src/server/connections.js'
import { openStore } from '../../../src/server/open-store.js'
import { encodeRequest, RawConnection } from '../../support/raw-connection.js'

const MB = 1024 * 1024

class SocketServer {
  readonly connections: Connections
  readonly port: number
  readonly path: string
  private readonly listeners: readonly Listener[]
  private readonly open: RawConnection[] = []

  private constructor(connections: Connections, port: number, path: string, listeners: readonly Listener[]) {
    this.connections = connections
    this.port = port
    this.path = path
    this.listeners = listeners
  }

  static async start(usesHandles: boolean, path: string, options: Record<string, string> = {}): Promise<SocketServer> {
    const environment = nodeEnvironment()
    environment.log.level = 'nothing'
    const config = new Config()
    config.load({
      options: Object.entries(options)
        .map(([name, value]) => `${name} ${value}`)
        .join('\n'),
    })
    const connections = new Connections(openStore({ environment, config }))
    const network = new NodeNetwork({ usesHandles })
    const accept = (link: Link): void => void connections.accept(link, true)
    const tcp = await network.listenTcp(
      { host: '127.0.0.1', port: 0, backlog: 128, keepAliveSeconds: () => 60 },
      accept,
    )
    const unix = await network.listenUnix({ path, mode: 0, backlog: 16 }, accept)
    return new SocketServer(connections, Number(tcp.address.split(':')[1]), path, [tcp, unix])
  }

  async connect(isUnix = false): Promise<RawConnection> {
    const connection = await RawConnection.open(isUnix ? { path: this.path } : { host: '127.0.0.1', port: this.port })
    this.open.push(connection)
    return connection
  }

  stop(): void {
    for (const connection of this.open) connection.close()
    for (const listener of this.listeners) listener.close()
    this.connections.closeAll()
    this.connections.store.timeEvents.stop()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'spinel-sockets-'))
after(() => rmSync(folder, { recursive: true }))

for (const usesHandles of [true, false]) {
  const isMissing = usesHandles && !new NodeNetwork().usesHandles
  const skip = isMissing && 'this runtime offers no handles'
  let count = 0

  const withServer = async (
    run: (server: SocketServer) => Promise<void>,
    options: Record<string, string> = {},
  ): Promise<void> => {
    const server = await SocketServer.start(usesHandles, join(folder, `${usesHandles}-${count++}`), options)
    try {
      await run(server)
    } finally {
      server.stop()
    }
  }

  describe(`a server on ${usesHandles ? 'bare handles' : 'net.Socket'}`, { skip }, () => {
    test('answers requests, also in pipelines and from many clients', () =>
      withServer(async (server) => {
        const clients = await Promise.all([...Array(20).keys()].map(() => server.connect()))
        const replies = await Promise.all(
          clients.map((client, i) => client.sendAll([['SET', `k${i}`, i], ['GET', `k${i}`], ['INCR', 'n'], ['PING']])),
        )
        for (const [i, of] of replies.entries()) assert.equal(`${of[1]!}`, `$${String(i).length}\r\n${i}\r\n`)
        assert.equal(`${await clients[0]!.send('GET', 'n')}`, '$2\r\n20\r\n')
        assert.equal(server.connections.count, 20)
      }))

    test('carries long values both ways, to slow readers too', () =>
      withServer(async (server) => {
        const client = await server.connect()
        const value = Buffer.alloc(20 * MB, 'abcdefghij')
        assert.equal(`${await client.send('SET', 'k', value)}`, '+OK\r\n')
        const replies = await client.sendAll([['GET', 'k'], ['GET', 'k'], ['GET', 'k'], ['PING']])
        for (const reply of replies.slice(0, 3)) assert.ok(reply.subarray(11, -2).equals(value))
        assert.equal(`${replies[3]}`, '+PONG\r\n')
        assert.equal(server.connections.store.chunkPool.takenBytes, 0)
      }))

    test('tells monitors what others do, in the turn it happens', () =>
      withServer(async (server) => {
        const monitor = await server.connect()
        const client = await server.connect(true)
        assert.equal(`${await monitor.send('MONITOR')}`, '+OK\r\n')
        const lines = monitor.exchange(Buffer.alloc(0), 2)
        await client.sendAll([['SET', 'k', 'v'], ['PING']])
        const [first, second] = await lines
        assert.match(`${first}`, /^\+\d+\.\d{6} \[0 unix:.*\] "SET" "k" "v"\r\n$/)
        assert.match(`${second}`, / "PING"\r\n$/)
      }))

    test('shows Unix sockets as such', () =>
      withServer(async (server) => {
        const client = await server.connect(true)
        assert.match(`${await client.send('CLIENT', 'INFO')}`, / addr=\/.*:0 laddr=\/.*:0 fd=\S+ .* flags=U /)
      }))

    test('closes after QUIT, and when a client kills itself or another', () =>
      withServer(async (server) => {
        const [quitter, suicide, victim, killer] = [
          await server.connect(),
          await server.connect(),
          await server.connect(),
          await server.connect(),
        ]
        assert.equal(`${await quitter.send('QUIT')}`, '+OK\r\n')
        await quitter.untilClosed()
        assert.equal(`${await suicide.send('CLIENT', 'KILL', 'SKIPME', 'NO', 'ID', await idOf(suicide))}`, ':1\r\n')
        await suicide.untilClosed()
        assert.equal(`${await killer.send('CLIENT', 'KILL', 'ID', await idOf(victim))}`, ':1\r\n')
        await victim.untilClosed()
        assert.equal(`${await killer.send('PING')}`, '+PONG\r\n')
        assert.equal(server.connections.count, 1)
      }))

    test('refuses clients beyond the limit with an error', () =>
      withServer(
        async (server) => {
          const first = await server.connect()
          await first.send('PING')
          const second = await server.connect()
          const [reply] = await second.exchange(Buffer.alloc(0), 1)
          assert.equal(`${reply}`, '-ERR max number of clients reached\r\n')
          await second.untilClosed()
          first.close()
          await until(() => server.connections.count === 0)
          const third = await server.connect()
          assert.equal(`${await third.send('PING')}`, '+PONG\r\n')
        },
        { maxclients: '1' },
      ))

    test('runs what a half-closed peer has sent', () =>
      withServer(async (server) => {
        const socket = createConnection({ host: '127.0.0.1', port: server.port, allowHalfOpen: true })
        let text = ''
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
        socket.end(
          Buffer.concat([encodeRequest(['SET', 'k', 'v']), encodeRequest(['GET', 'k']), Buffer.from('*2\r\n$3')]),
        )
        await new Promise((resolve) => socket.once('end', resolve))
        assert.equal(text, '+OK\r\n$1\r\nv\r\n')
        await until(() => server.connections.count === 0)
        socket.destroy()
      }))

    test('survives peers that reset in the middle of everything', { timeout: 20_000 }, () =>
      withServer(async (server) => {
        const steady = await server.connect()
        await steady.send('SET', 'k', 'x'.repeat(MB))
        for (let i = 0; i < 30; i++) {
          const socket = createConnection({ host: '127.0.0.1', port: server.port })
          socket.on('error', () => {})
          await new Promise((resolve) => socket.once('connect', resolve))
          const requests = Buffer.concat([...Array(20).keys()].map(() => encodeRequest(['GET', 'k'])))
          socket.write(Buffer.concat([requests, Buffer.from('*2\r\n$3\r\nSE')]))
          if (i % 3 === 0) await steady.send('PING')
          socket.resetAndDestroy()
        }
        await until(() => server.connections.count === 1)
        assert.equal(`${await steady.send('PING')}`, '+PONG\r\n')
        assert.equal(server.connections.store.chunkPool.takenBytes, 0)
        assert.equal(server.connections.requestPool.takenBytes, 0)
      }),
    )

    test('lets paused clients go on when the pause ends', () =>
      withServer(async (server) => {
        const [writer, other] = [await server.connect(), await server.connect()]
        await other.send('CLIENT', 'PAUSE', 100_000, 'WRITE')
        const reply = writer.send('SET', 'k', 'v')
        await until(() => server.connections.store.pause.waitingCount === 1)
        assert.equal(`${await other.send('CLIENT', 'UNPAUSE')}`, '+OK\r\n')
        assert.equal(`${await reply}`, '+OK\r\n')
        await other.send('CLIENT', 'PAUSE', 30, 'WRITE')
        assert.equal(`${await writer.send('SET', 'k', 'w')}`, '+OK\r\n')
      }))
  })
}

async function idOf(connection: RawConnection): Promise<string> {
  return `${await connection.send('CLIENT', 'ID')}`.slice(1, -2)
}

/** Waits for something that happens in a later turn of the loop. */
async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) await new Promise((resolve) => setTimeout(resolve, 2))
}
