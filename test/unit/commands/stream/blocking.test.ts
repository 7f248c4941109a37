/** Clients that wait for streams. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { TestStore, type TestClient } from '../../../support/test-store.js'

const NIL_ARRAY = '*-1\r\n'
const NO_GROUP = "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n"
const WRONG_TYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'

/** Sends a request that has to wait, from a client of its own. */
function wait(store: TestStore, request: string): TestClient {
  const client = store.connect()
  assert.equal(client.sendRaw(...request.split(' ')), '')
  assert.notEqual(client.client.gate & Gate.blocked, 0)
  return client
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`
}

/** The reply with one entry `f v` of a stream. */
function told(key: string, id: string): string {
  return `*1\r\n*2\r\n${bulk(key)}*1\r\n*2\r\n${bulk(id)}*2\r\n${bulk('f')}${bulk('v')}`
}

test('readers all get what was added, under ids that were last when they came', () => {
  const store = new TestStore()
  store.send('XADD', 's', '1-0', 'f', 'v')
  const first = wait(store, 'XREAD BLOCK 0 STREAMS other s $ $')
  const second = wait(store, 'XREAD COUNT 1 BLOCK 0 STREAMS s 5-0')
  store.send('XADD', 's', '2-0', 'f', 'v')
  assert.equal(first.takeOutput(), told('s', '2-0'))
  assert.equal(second.takeOutput(), '')
  store.send('XADD', 's', '6-0', 'f', 'v')
  assert.equal(second.takeOutput(), told('s', '6-0'))
  assert.equal(store.store.blocking.count, 0)
})

test('of the readers in a group one gets it, in the order in which they came', () => {
  const store = new TestStore()
  store.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM')
  const first = wait(store, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >')
  const second = wait(store, 'XREADGROUP GROUP g b BLOCK 0 STREAMS s >')
  const reader = wait(store, 'XREAD BLOCK 0 STREAMS s $')
  store.send('XADD', 's', '1-0', 'f', 'v')
  assert.equal(first.takeOutput(), told('s', '1-0'))
  assert.equal(reader.takeOutput(), told('s', '1-0'))
  assert.equal(second.takeOutput(), '')
  store.send('XADD', 's', '2-0', 'f', 'v')
  assert.equal(second.takeOutput(), told('s', '2-0'))
})

test('a reader in a group fails when key or group is gone', () => {
  for (const [request, reply] of [
    ['DEL s', NO_GROUP],
    ['XGROUP DESTROY s g', NO_GROUP],
    ['SET s x', WRONG_TYPE],
    ['FLUSHALL', NO_GROUP],
    ['RENAME s t', NO_GROUP],
    ['SUNIONSTORE s set', WRONG_TYPE],
  ] as const) {
    const store = new TestStore()
    store.send('SADD', 'set', 'x')
    store.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM')
    const group = wait(store, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >')
    const reader = wait(store, 'XREAD BLOCK 0 STREAMS s $')
    store.send(...request.split(' '))
    assert.equal(group.takeOutput(), reply, request)
    assert.equal(reader.takeOutput(), '', request)
  }
})

test('time-outs, CLIENT UNBLOCK and transactions', () => {
  const store = new TestStore()
  store.send('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM')
  const timed = wait(store, 'XREADGROUP GROUP g a BLOCK 100 STREAMS s >')
  const ended = wait(store, 'XREAD BLOCK 0 STREAMS s $')
  store.time.advance(150)
  assert.equal(timed.takeOutput(), NIL_ARRAY)
  store.send('CLIENT', 'UNBLOCK', String(ended.client.id), 'ERROR')
  assert.equal(ended.takeOutput(), '-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n')
  const reader = wait(store, 'XREAD BLOCK 0 STREAMS s $')
  store.send('MULTI')
  store.send('XADD', 's', '1-0', 'f', 'v')
  store.send('XDEL', 's', '1-0')
  store.send('EXEC')
  assert.equal(reader.takeOutput(), '')
  store.send('XADD', 's', '2-0', 'f', 'v')
  assert.equal(reader.takeOutput(), told('s', '2-0'))
  assert.equal(
    store.connect().sendRaw('XREADGROUP', 'GROUP', 'g', 'a', 'BLOCK', '0', 'STREAMS', 's', '0').slice(0, 4),
    '*1\r\n',
  )
})
