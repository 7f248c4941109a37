/** ioredis against our server: the things that programs written with it do. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { BIG, BINARY, serverForSuite, until } from './clients.js'

/** Options that tests differ in. */
type Options = { readonly db?: number; readonly connectionName?: string }

for (const protocol of [2, 3] as const) {
  describe(`ioredis in RESP${protocol}`, () => {
    const server = serverForSuite()

    /** Runs something with a client and ends the client in every case. */
    async function withClient(use: (redis: Redis) => Promise<void>, options: Options = {}): Promise<void> {
      const redis = new Redis({ ...server().tcpAddress, protocol, ...options })
      redis.on('error', () => {}) // what fails shows in the replies
      try {
        await redis.flushall()
        await use(redis)
      } finally {
        redis.disconnect()
      }
    }

    test('connects, checks that the server is ready, and stores', () =>
      withClient(async (redis) => {
        assert.equal(await redis.ping(), 'PONG')
        assert.equal(await redis.set('key', 'value'), 'OK')
        assert.equal(await redis.get('key'), 'value')
        assert.equal(await redis.get('missing'), null)
        assert.equal(await redis.del('key', 'missing'), 1)
        assert.match(await redis.info('server'), /redis_version:7\.2\.4/)
      }))

    test('connects through a Unix socket', async () => {
      const redis = new Redis({ path: server().socketPath!, protocol })
      try {
        assert.equal(await redis.echo('hello'), 'hello')
      } finally {
        redis.disconnect()
      }
    })

    test('sends a pipeline and gets errors in their places', () =>
      withClient(async (redis) => {
        const results = await redis.pipeline().set('n', '1').incr('n').incrby('n', 40).lpush('n', 'x').get('n').exec()
        assert.deepEqual(
          results!.map(([error, value]) => error?.message ?? value),
          ['OK', 2, 42, 'WRONGTYPE Operation against a key holding the wrong kind of value', '42'],
        )
      }))

    test('sends many commands at once without a pipeline', () =>
      withClient(async (redis) => {
        const sent = Array.from({ length: 5000 }, (_, i) => redis.incr('counter').then((value) => value === i + 1))
        assert.ok((await Promise.all(sent)).every(Boolean))
      }))

    test('runs transactions, and sees them fail when a watched key changes', () =>
      withClient(async (redis) => {
        const done = await redis.multi().set('a', '1').append('a', '2').strlen('a').exec()
        assert.deepEqual(done, [[null, 'OK'], [null, 2], [null, 2]]) // prettier-ignore

        const other = redis.duplicate()
        try {
          await redis.watch('a')
          await other.set('a', 'changed')
          assert.equal(await redis.multi().set('a', 'mine').exec(), null)
          assert.equal(await redis.get('a'), 'changed')
        } finally {
          other.disconnect()
        }
        await assert.rejects(redis.multi().set('a', '1').call('NOSUCH').exec(), /EXECABORT/)
      }))

    test('sets and reads expiry', () =>
      withClient(async (redis) => {
        await redis.set('k', 'v', 'EX', 1000)
        const seconds = await redis.ttl('k')
        assert.ok(seconds > 0 && seconds <= 1000)
        assert.equal(await redis.persist('k'), 1)
        assert.equal(await redis.ttl('k'), -1)
        await redis.pexpire('k', 1)
        await until(async () => (await redis.exists('k')) === 0)
        assert.equal(await redis.set('k', 'v', 'PX', 1000, 'NX', 'GET'), null)
      }))

    test('keeps every byte, of keys as well', () =>
      withClient(async (redis) => {
        await redis.set(BINARY, BINARY)
        assert.deepEqual(await redis.getBuffer(BINARY), BINARY)
        assert.deepEqual(await redis.mgetBuffer(BINARY, 'missing'), [BINARY, null])
        await redis.set('text', 'Grüße, 世界')
        assert.equal(await redis.get('text'), 'Grüße, 世界')
        assert.equal(await redis.strlen('text'), 15)
      }))

    test('moves values of 5 MB', () =>
      withClient(async (redis) => {
        await redis.set('big', BIG)
        assert.equal(await redis.strlen('big'), BIG.length)
        assert.ok((await redis.getBuffer('big'))!.equals(BIG))
        assert.equal(await redis.getrange('big', -7, -1), BIG.subarray(-7).toString())
      }))

    test('addresses bits', () =>
      withClient(async (redis) => {
        assert.equal(await redis.setbit('bits', 7, 1), 0)
        assert.deepEqual(
          await redis.call('BITFIELD', 'bits', ...'SET i8 #1 -3 GET i8 #1 GET u4 4'.split(' ')),
          [0, -3, 1],
        )
        assert.deepEqual(await redis.call('BITFIELD', 'bits', ...'OVERFLOW FAIL INCRBY u8 8 100'.split(' ')), [null])
        assert.equal(await redis.bitcount('bits'), 8)
      }))

    test('iterates over keys with a scan stream', () =>
      withClient(async (redis) => {
        const names = Array.from({ length: 3000 }, (_, i) => `user:${i}`)
        await redis.mset(...names.flatMap((name) => [name, '1']))
        await redis.set('other', '1')
        const seen = new Set<string>()
        for await (const page of redis.scanStream({ match: 'user:*', count: 100 })) {
          for (const key of page as string[]) seen.add(key)
        }
        assert.deepEqual([...seen].sort(), names.sort())
      }))

    test('selects a database, names the connection and lists clients', () =>
      withClient(
        async (redis) => {
          assert.equal(await redis.client('GETNAME'), 'worker')
          assert.match(String(await redis.client('LIST')), new RegExp(`name=worker .*db=3 .*resp=${protocol} `))
          await redis.set('here', '1')
          await redis.select(0)
          assert.equal(await redis.exists('here'), 0)
        },
        { db: 3, connectionName: 'worker' },
      ))

    test('reconnects after CLIENT KILL and goes on', () =>
      withClient(async (redis) => {
        const killer = redis.duplicate()
        try {
          const id = await redis.client('ID')
          const reconnected = new Promise((resolve) => redis.once('ready', resolve))
          assert.equal(await killer.client('KILL', 'ID', id), 1)
          await reconnected
          assert.notEqual(await redis.client('ID'), id)
          assert.equal(await redis.set('after', '1'), 'OK')
        } finally {
          killer.disconnect()
        }
      }))

    test('rejects errors with the text of the server', () =>
      withClient(async (redis) => {
        await redis.set('text', 'abc')
        await assert.rejects(redis.incr('text'), { message: 'ERR value is not an integer or out of range' })
        await assert.rejects(redis.call('NOSUCH', 'a'), /ERR unknown command 'NOSUCH', with args beginning with: 'a'/)
      }))
  })
}

describe('ioredis with a password', () => {
  const server = serverForSuite(['--requirepass', 'secret'])

  test('is let in with the right one only', async () => {
    for (const [password, isRight] of [['secret', true], ['wrong', false], [undefined, false]] as const) {
      const options = { ...server().tcpAddress, maxRetriesPerRequest: 0, retryStrategy: () => null }
      const redis = new Redis(password === undefined ? options : { ...options, password })
      redis.on('error', () => {})
      try {
        if (isRight) assert.equal(await redis.set('k', 'v'), 'OK')
        else await assert.rejects(redis.set('k', 'v'))
      } finally {
        redis.disconnect()
      }
    } // prettier-ignore
  })
})
