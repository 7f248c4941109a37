/** node-redis against our server, in RESP2 and RESP3: the things that programs written with it do. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClient, RESP_TYPES, WatchError } from 'redis'
import { BIG, BINARY, serverForSuite, until } from './clients.js'

for (const RESP of [2, 3] as const) {
  describe(`node-redis in RESP${RESP}`, () => {
    const server = serverForSuite()

    function makeClient(name = 'test') {
      const client = createClient({ socket: server().tcpAddress, RESP, name })
      client.on('error', () => {}) // what fails shows in the replies
      return client
    }

    /** Runs something with a client and ends the client in every case. */
    async function withClient(use: (client: ReturnType<typeof makeClient>) => Promise<void>): Promise<void> {
      const client = makeClient()
      try {
        await client.connect()
        await client.flushAll()
        await use(client)
      } finally {
        client.destroy()
      }
    }

    test('connects with its protocol and tells its name and library', () =>
      withClient(async (client) => {
        const line = (await client.sendCommand(['CLIENT', 'INFO'])) as unknown as string
        assert.match(line, new RegExp(`name=test .*resp=${RESP} `))
        assert.match(line, /lib-name=node-redis lib-ver=\d/)
        assert.equal(await client.ping(), 'PONG')
        const info = await client.clientInfo()
        assert.equal(info.name, 'test')
        assert.equal((await client.clientList()).length, 1)
      }))

    test('stores with options', () =>
      withClient(async (client) => {
        assert.equal(await client.set('k', 'v', { expiration: { type: 'EX', value: 1000 }, condition: 'NX' }), 'OK')
        assert.equal(await client.set('k', 'w', { condition: 'NX' }), null)
        assert.equal(await client.set('k', 'w', { GET: true, expiration: 'KEEPTTL' }), 'v')
        const left = await client.pTTL('k')
        assert.ok(left > 0 && left <= 1_000_000)
        assert.equal(await client.getEx('k', { type: 'PERSIST' }), 'w')
        assert.equal(await client.ttl('k'), -1)
        assert.deepEqual(await client.mGet(['k', 'missing']), ['w', null])
        await client.pExpire('k', 1)
        await until(async () => (await client.exists('k')) === 0)
      }))

    test('sends commands of one turn as a pipeline', () =>
      withClient(async (client) => {
        const values = await Promise.all(Array.from({ length: 5000 }, () => client.incr('counter')))
        assert.deepEqual(
          values,
          Array.from({ length: 5000 }, (_, i) => i + 1),
        )
        const mixed = await Promise.allSettled([client.set('a', 'x'), client.incr('a'), client.get('a')])
        assert.deepEqual(mixed.map((result) => result.status), ['fulfilled', 'rejected', 'fulfilled']) // prettier-ignore
      }))

    test('runs transactions, and sees them fail when a watched key changes', () =>
      withClient(async (client) => {
        assert.deepEqual(await client.multi().set('a', '1').incrBy('a', 5).get('a').exec(), ['OK', 6, '6'])
        const other = await makeClient('other').connect()
        try {
          await client.watch('a')
          await other.set('a', 'changed')
          await assert.rejects(client.multi().set('a', 'mine').exec(), WatchError)
          assert.equal(await client.get('a'), 'changed')
        } finally {
          other.destroy()
        }
      }))

    test('keeps every byte', () =>
      withClient(async (client) => {
        const binary = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
        await client.set(BINARY, BINARY)
        assert.deepEqual(await binary.get(BINARY), BINARY)
        await client.set('big', BIG)
        assert.ok((await binary.get('big'))!.equals(BIG))
      }))

    test('addresses bits', () =>
      withClient(async (client) => {
        const values = await client.bitField('bits', [
          { operation: 'SET', encoding: 'i8', offset: '#1', value: -3 },
          { operation: 'GET', encoding: 'i8', offset: '#1' },
          { operation: 'OVERFLOW', behavior: 'SAT' },
          { operation: 'INCRBY', encoding: 'u2', offset: 100, increment: 9 },
        ])
        assert.deepEqual(values, [0, -3, 3])
        assert.equal(await client.bitCount('bits'), 9)
      }))

    test('iterates over keys', () =>
      withClient(async (client) => {
        const names = Array.from({ length: 2000 }, (_, i) => `user:${i}`)
        await client.mSet(names.map((name) => [name, '1'] as [string, string]))
        const seen = new Set<string>()
        for await (const page of client.scanIterator({ MATCH: 'user:*', COUNT: 50 }))
          for (const key of page) seen.add(key)
        assert.deepEqual([...seen].sort(), names.sort())
      }))

    test('reads configuration as an object', () =>
      withClient(async (client) => {
        assert.deepEqual({ ...(await client.configGet('maxmemory-p*')) }, { 'maxmemory-policy': 'noeviction' })
      }))

    test('reconnects after CLIENT KILL and goes on', () =>
      withClient(async (client) => {
        const other = await makeClient('other').connect()
        try {
          const id = await client.clientId()
          const ready = new Promise((resolve) => client.once('ready', resolve))
          assert.equal(await other.clientKill({ filter: 'ID', id }), 1)
          await ready
          assert.notEqual(await client.clientId(), id)
          assert.equal(await client.set('after', '1'), 'OK')
        } finally {
          other.destroy()
        }
      }))

    test('connects through a Unix socket', async () => {
      const client = createClient({ socket: { path: server().socketPath!, tls: false }, RESP })
      try {
        await client.connect()
        assert.equal(await client.echo('hello'), 'hello')
      } finally {
        client.destroy()
      }
    })
  })
}

describe('node-redis with a password', () => {
  const server = serverForSuite(['--requirepass', 'secret'])

  for (const RESP of [2, 3] as const) {
    for (const password of ['secret', 'wrong', undefined]) {
      test(`${password ?? 'none'} in RESP${RESP}`, async () => {
        const socket = { ...server().tcpAddress, reconnectStrategy: false as const }
        const client = createClient({ socket, RESP, ...(password === undefined ? {} : { password }) })
        client.on('error', () => {})
        const use = async (): Promise<string | null> => {
          await client.connect()
          return await client.set('k', 'v')
        }
        try {
          if (password === 'secret') assert.equal(await use(), 'OK')
          else await assert.rejects(use(), password === undefined ? /NOAUTH/ : /WRONGPASS/)
        } finally {
          if (client.isOpen) client.destroy()
        }
      })
    }
  }
})
