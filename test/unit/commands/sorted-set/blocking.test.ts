/** Clients that wait for sorted sets, and what the feed and listeners are told. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { type TestClient, TestStore, type Word } from '../../../support/test-store.js'
import { send } from '../string/table.js'

/** Sends a request that has to wait, from a client of its own. */
function wait(store: TestStore, ...words: Word[]): TestClient {
  const client = store.connect()
  assert.equal(client.sendRaw(...words), '')
  assert.notEqual(client.client.gate & Gate.blocked, 0)
  return client
}

test('those who wait are served in their order, from their end', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const lowest = wait(store, 'BZPOPMIN', 'other', 'z', '0')
  const highest = wait(store, 'BZPOPMAX', 'z', '0')
  const several = wait(store, 'BZMPOP', '0', '2', 'z', 'other', 'MAX', 'COUNT', '9')
  send(store, 'ZADD', 'z', '1', 'a', '2', 'b', '3', 'c', '4', 'd')
  assert.equal(lowest.takeOutput(), '*3\r\n$1\r\nz\r\n$1\r\na\r\n$1\r\n1\r\n')
  assert.equal(highest.takeOutput(), '*3\r\n$1\r\nz\r\n$1\r\nd\r\n$1\r\n4\r\n')
  assert.equal(several.takeOutput(), '*2\r\n$1\r\nz\r\n*2\r\n*2\r\n$1\r\nc\r\n$1\r\n3\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n')
  assert.equal(store.send('EXISTS', 'z'), 0)
  assert.deepEqual(
    effects.filter((line) => line.startsWith('0: ')),
    ['0: ZADD z 1 a 2 b 3 c 4 d', '0: ZPOPMIN z', '0: ZPOPMAX z', '0: ZPOPMAX z 2'],
  )
})

test('what computes or copies a sorted set serves as well, a key of another type does not', () => {
  const store = new TestStore()
  send(store, 'SADD', 's', 'x')
  const first = wait(store, 'BZPOPMIN', 'z', '0')
  send(store, 'SADD', 'z', 'a')
  assert.equal(first.takeOutput(), '')
  send(store, 'DEL', 'z')
  send(store, 'ZUNIONSTORE', 'z', '1', 's')
  assert.equal(first.takeOutput(), '*3\r\n$1\r\nz\r\n$1\r\nx\r\n$1\r\n1\r\n')
})

test('a time-out, and where nobody may wait', () => {
  const store = new TestStore()
  const client = wait(store, 'BZPOPMAX', 'z', '1.5')
  store.time.advance(1400)
  assert.equal(client.takeOutput(), '')
  store.time.advance(200)
  assert.equal(client.takeOutput(), '*-1\r\n')
  send(store, 'MULTI')
  send(store, 'BZPOPMIN', 'z', '0')
  send(store, 'BZMPOP', '0', '1', 'z', 'MIN')
  assert.deepEqual(send(store, 'EXEC'), [null, null])
})

test('effects, events and the count of changes', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  send(store, 'ZADD', 'z', '1', 'a', '2', 'b', '3', 'c')
  send(store, 'ZADD', 'z', '1', 'a')
  send(store, 'ZADD', 'z', 'XX', '1', 'none')
  send(store, 'ZINCRBY', 'z', '0', 'a')
  send(store, 'ZINCRBY', 'z', '5', 'a')
  send(store, 'ZMPOP', '1', 'z', 'MIN', 'COUNT', '1')
  send(store, 'ZRANGESTORE', 'y', 'z', '0', '-1')
  send(store, 'ZPOPMAX', 'z', '5')
  send(store, 'ZINTERSTORE', 'y', '2', 'y', 'z')
  send(store, 'ZREMRANGEBYRANK', 'y', '0', '-1')
  assert.deepEqual(effects, [
    '0: ZADD z 1 a 2 b 3 c',
    '0: ZINCRBY z 5 a',
    '0: ZPOPMIN z 1',
    '0: ZRANGESTORE y z 0 -1',
    '0: ZPOPMAX z 5',
    '0: ZINTERSTORE y 2 y z',
  ])
  assert.deepEqual(events, [
    'new z@0', 'zadd z@0', 'zincr z@0', 'zpopmin z@0', 'new y@0', 'zrangestore y@0', 'zpopmax z@0', 'del z@0',
    'keymiss z@0', 'del y@0',
  ]) // prettier-ignore
  assert.equal(store.store.dirty, 3 + 1 + 1 + 1 + 2 + 1)
})

test('a sorted set that is watched: only a change aborts', () => {
  const store = new TestStore()
  send(store, 'ZADD', 'z', '1', 'a')
  const exec = (...change: string[]): unknown => {
    const other = store.connect()
    other.send('WATCH', 'z')
    send(store, ...change)
    other.send('MULTI')
    other.send('PING')
    return other.send('EXEC')
  }
  assert.deepEqual(exec('ZADD', 'z', '1', 'a'), ['PONG'])
  assert.deepEqual(exec('ZREM', 'z', 'x'), ['PONG'])
  assert.deepEqual(exec('ZREMRANGEBYSCORE', 'z', '5', '6'), ['PONG'])
  assert.equal(exec('ZADD', 'z', '2', 'a'), null)
  assert.equal(exec('ZADD', 'z', '2', 'b'), null)
  assert.equal(exec('ZREM', 'z', 'b'), null)
})

test('a thousand clients keep their order, whether a command, a transaction or a script feeds them', () => {
  const store = new TestStore()
  const keys = ['a', 'b', 'c']
  const clients = Array.from({ length: 1000 }, (_, i) => wait(store, 'BZPOPMIN', keys[i % 3]!, 'shared', '0'))
  for (let i = 0; i < 1000; i += 10) {
    const pairs = Array.from({ length: 10 }, (_, j) => [String(i + j), `m${i + j}`]).flat()
    if (i % 30 === 0) store.send('ZADD', 'shared', ...pairs)
    else if (i % 30 === 10)
      store.send('EVAL', "return redis.call('ZADD', KEYS[1], unpack(ARGV))", '1', 'shared', ...pairs)
    else {
      store.send('MULTI')
      store.send('ZADD', 'shared', ...pairs.slice(0, 10))
      store.send('ZADD', 'shared', ...pairs.slice(10))
      store.send('EXEC')
    }
  }
  for (const [i, client] of clients.entries()) {
    const [member, score] = [`m${i}`, String(i)]
    const reply = `*3\r\n$6\r\nshared\r\n$${member.length}\r\n${member}\r\n$${score.length}\r\n${score}\r\n`
    assert.equal(client.takeOutput(), reply)
  }
  assert.equal(store.store.blocking.count, 0)
  assert.equal(store.store.blocking.keyCount, 0)
  store.validate()
})
