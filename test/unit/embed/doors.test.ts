/** Ways in besides direct calls: streams within the process, TCP, Unix sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { describe, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createStore, OperationalError, type Store, type StoreOptions } from '../../../src/embed/index.js'

async function withStore(run: (store: Store) => Promise<void>, options: StoreOptions = {}): Promise<void> {
  const store = createStore(options)
  try {
    await run(store)
  } finally {
    store.close()
  }
}

/** Reads until so many bytes are there. */
async function read(stream: Duplex, bytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer)
    total += (chunk as Buffer).length
    if (total >= bytes) break
  }
  return Buffer.concat(chunks).toString()
}

describe('a stream within the process', () => {
  test('speaks the protocol, and sees the data of the store', () =>
    withStore(async (store) => {
      store.set('k', 'v')
      const stream = store.duplex()
      stream.write('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n')
      stream.write(Buffer.from('PING\r\nSET k w\r\n'))
      assert.equal(await read(stream, 19), '$1\r\nv\r\n+PONG\r\n+OK\r\n')
      assert.equal(store.get('k'), 'w')
      assert.match(String(store.call('CLIENT', 'LIST')), /addr=stream:0 .*cmd=set/)
      stream.destroy()
    }))

  test('works on a virtual clock without it being moved', () =>
    withStore(
      async (store) => {
        const stream = store.duplex()
        stream.write('PING\r\n')
        assert.equal(await read(stream, 7), '+PONG\r\n')
      },
      { clock: 'virtual' },
    ))

  test('carries requests and replies of any size, in any cuts', () =>
    withStore(async (store) => {
      const stream = store.duplex()
      const value = 'x'.repeat(3_000_000)
      const request = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`
      for (let at = 0; at < request.length; at += 700_001) stream.write(request.slice(at, at + 700_001))
      const expected = `+OK\r\n$${value.length}\r\n${value}\r\n`
      const reply = await read(stream, expected.length)
      assert.equal(reply.length, expected.length)
      assert.equal(reply, expected)
    }))

  test('keeps what a client does not read for it', () =>
    withStore(async (store) => {
      const stream = store.duplex()
      stream.pause()
      const payload = 'x'.repeat(100_000)
      for (let i = 0; i < 30; i++) {
        stream.write(`*2\r\n$4\r\nECHO\r\n$100000\r\n${payload}\r\n`)
        await nextTurn()
      }
      assert.ok(stream.readableLength < 1_000_000, 'the stream was filled without bound')
      const expected = `$100000\r\n${payload}\r\n`.repeat(30)
      assert.equal(await read(stream, expected.length), expected)
    }))

  test('ends from either side', () =>
    withStore(async (store) => {
      const count = (): number => String(store.call('CLIENT', 'LIST')).trim().split('\n').length
      const ending = store.duplex()
      ending.end('PING\r\n')
      assert.equal(await read(ending, 7), '+PONG\r\n')
      ending.resume()
      await once(ending, 'close')

      const quitting = store.duplex()
      quitting.write('QUIT\r\n')
      assert.equal(await read(quitting, 5), '+OK\r\n')
      quitting.resume()
      await once(quitting, 'close')

      const killed = store.duplex()
      killed.write('PING\r\n')
      await read(killed, 7)
      assert.equal(count(), 2)
      killed.resume()
      assert.equal(store.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'), 1)
      await once(killed, 'close')
      await nextTurn()
      assert.equal(count(), 1)

      const dropped = store.duplex()
      dropped.write('PING\r\n')
      dropped.destroy()
      await once(dropped, 'close')
      await nextTurn()
      assert.equal(count(), 1)
    }))

  test('closes with the store', async () => {
    const store = createStore()
    const stream = store.duplex()
    stream.write('PING\r\n')
    assert.equal(await read(stream, 7), '+PONG\r\n')
    stream.resume()
    store.close()
    await once(stream, 'close')
  })

  test('looks like a socket to a client library', () =>
    withStore(async (store) => {
      const stream = store.duplex()
      assert.equal(stream.setNoDelay(), stream)
      assert.equal(stream.setKeepAlive(), stream)
      assert.equal(stream.setTimeout(), stream)
      assert.equal(stream.ref(), stream)
      assert.equal(stream.unref(), stream)
      assert.equal(stream.connecting, false)
    }))
})

describe('listening', () => {
  const ask = async (socket: Socket, request: string, bytes: number): Promise<string> => {
    socket.write(request)
    return read(socket, bytes)
  }

  test('on any free TCP port', () =>
    withStore(async (store) => {
      store.set('k', 'v')
      const one = await store.listen({ port: 0 })
      const two = await store.listen({ port: 0 })
      assert.equal(one.host, '127.0.0.1')
      assert.ok(one.port > 0)
      assert.notEqual(one.port, two.port)
      for (const { port } of [one, two]) {
        const socket = connect(port, '127.0.0.1')
        assert.equal(await ask(socket, 'GET k\r\n', 7), '$1\r\nv\r\n')
        socket.destroy()
      }
      const kept = connect(one.port, '127.0.0.1')
      await ask(kept, 'PING\r\n', 7)
      one.close()
      await assert.rejects(once(connect(one.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
      assert.equal(await ask(kept, 'GET k\r\n', 7), '$1\r\nv\r\n')
      kept.resume()
      store.close()
      await once(kept, 'close')
      await assert.rejects(once(connect(two.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
    }))

  test('on a Unix socket', { skip: process.platform === 'win32' }, () =>
    withStore(async (store) => {
      const folder = mkdtempSync(join(tmpdir(), 'spinel-'))
      try {
        const path = join(folder, 'store.sock')
        const listening = await store.listen({ path, mode: 0o600 })
        assert.equal(listening.path, path)
        assert.equal(statSync(path).mode & 0o777, 0o600)
        const socket = connect(path)
        assert.equal(await ask(socket, 'PING\r\n', 7), '+PONG\r\n')
        socket.destroy()
        listening.close()
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }),
  )

  test('fails with the reason when the port is taken', () =>
    withStore(async (store) => {
      const taken = createServer()
      taken.listen(0, '127.0.0.1')
      await once(taken, 'listening')
      const { port } = taken.address() as AddressInfo
      await assert.rejects(
        store.listen({ port }),
        (error) => error instanceof OperationalError && error.code === 'EADDRINUSE',
      )
      taken.close()
    }))
})
