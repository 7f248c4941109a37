/** Clients that wait for lists. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { TestStore, type TestClient, type Word } from '../../../support/test-store.js'
import { validateLists } from './check.js'

/** Sends a request that has to wait, from a client of its own. */
function wait(store: TestStore, ...words: Word[]): TestClient {
  const client = store.connect()
  assert.equal(client.sendRaw(...words), '')
  assert.notEqual(client.client.gate & Gate.blocked, 0)
  return client
}

function bulks(...texts: string[]): string {
  return `*${texts.length}\r\n${texts.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`
}

const NIL_ARRAY = '*-1\r\n'

test('first come, first served, one element each', () => {
  const store = new TestStore()
  const first = wait(store, 'BLPOP', 'k', '0')
  const second = wait(store, 'BRPOP', 'other', 'k', 'k', '0')
  const third = wait(store, 'BLMPOP', '0', '1', 'k', 'LEFT', 'COUNT', '5')
  assert.equal(store.send('RPUSH', 'k', 'a', 'b', 'c', 'd'), 4)
  assert.equal(first.takeOutput(), bulks('k', 'a'))
  assert.equal(second.takeOutput(), bulks('k', 'd'))
  assert.equal(third.takeOutput(), `*2\r\n$1\r\nk\r\n${bulks('b', 'c')}`)
  assert.equal(store.send('EXISTS', 'k'), 0)
  assert.equal(first.client.gate, 0)
  assert.equal(store.store.blocking.count, 0)
  assert.equal(store.store.blocking.keyCount, 0)
})

test('who finds nothing waits on, behind those who came meanwhile', () => {
  const store = new TestStore()
  const first = wait(store, 'BLPOP', 'k', '0')
  const second = wait(store, 'BLPOP', 'k', '0')
  const third = wait(store, 'BLPOP', 'k', '0')
  store.send('RPUSH', 'k', '1')
  assert.equal(first.takeOutput(), bulks('k', '1'))
  assert.equal(second.takeOutput() + third.takeOutput(), '')
  store.send('RPUSH', 'k', '2', '3')
  assert.equal(second.takeOutput(), bulks('k', '2'))
  assert.equal(third.takeOutput(), bulks('k', '3'))
})

test('an element may wander through several waiting clients', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const mover = wait(store, 'BRPOPLPUSH', 'a', 'b', '0')
  const second = wait(store, 'BLMOVE', 'b', 'c', 'LEFT', 'RIGHT', '0')
  const last = wait(store, 'BLPOP', 'c', '0')
  store.send('RPUSH', 'a', 'x')
  assert.equal(mover.takeOutput(), '$1\r\nx\r\n')
  assert.equal(second.takeOutput(), '$1\r\nx\r\n')
  assert.equal(last.takeOutput(), bulks('c', 'x'))
  assert.deepEqual(effects, ['0: RPUSH a x', '0: RPOPLPUSH a b', '0: LMOVE b c LEFT RIGHT', '0: LPOP c'])
})

test('time-outs, with fractions', () => {
  const store = new TestStore()
  const brief = wait(store, 'BLPOP', 'k', '0.05')
  const long = wait(store, 'BLMOVE', 'k', 'l', 'LEFT', 'LEFT', '1')
  const modern = store.connect()
  modern.send('HELLO', '3')
  assert.equal(modern.sendRaw('BRPOP', 'k', '0.5'), '')
  assert.equal(store.store.blocking.timedCount, 3)
  store.time.advance(49)
  assert.equal(brief.takeOutput(), '')
  store.time.advance(2)
  assert.equal(brief.takeOutput(), NIL_ARRAY)
  store.time.advance(500)
  assert.equal(modern.takeOutput(), '_\r\n')
  store.time.advance(500)
  assert.equal(long.takeOutput(), NIL_ARRAY)
  store.send('RPUSH', 'k', 'x')
  assert.equal(store.send('LLEN', 'k'), 1)
})

test('a time-out goes on where the command runs again in vain', () => {
  const store = new TestStore()
  wait(store, 'BLPOP', 'k', '0')
  const second = wait(store, 'BLPOP', 'k', '1')
  store.time.advance(600)
  store.send('RPUSH', 'k', 'x')
  store.time.advance(500)
  assert.equal(second.takeOutput(), NIL_ARRAY)
})

test('bad time-outs', () => {
  const store = new TestStore()
  const refused = (timeout: string): string => store.client.sendRaw('BLPOP', 'k', timeout)
  assert.equal(refused('x'), '-ERR timeout is not a float or out of range\r\n')
  assert.equal(refused('nan'), '-ERR timeout is not a float or out of range\r\n')
  assert.equal(refused('-1'), '-ERR timeout is negative\r\n')
  assert.equal(refused('0x7FFFFFFFFFFFFF'), '-ERR timeout is out of range\r\n')
  assert.equal(refused('inf'), '-ERR timeout is out of range\r\n')
  assert.equal(refused('1e400'), '-ERR timeout is out of range\r\n')
  assert.equal(refused('-1e400'), '-ERR timeout is negative\r\n')
  assert.equal(refused('1e5000'), '-ERR timeout is not a float or out of range\r\n')
  assert.equal(store.client.sendRaw('BLMPOP', '-1', '1', 'k', 'LEFT'), '-ERR timeout is negative\r\n')
  assert.equal(store.client.sendRaw('BLMPOP', '-1', '0', 'k', 'LEFT'), '-ERR numkeys should be greater than 0\r\n')
})

test('a key fed within a transaction is served afterwards, with what is left of it', () => {
  const store = new TestStore()
  const client = wait(store, 'BLPOP', 'k', '0')
  store.send('MULTI')
  store.send('RPUSH', 'k', 'a', 'b')
  store.send('DEL', 'k')
  store.send('RPUSH', 'k', 'c')
  store.send('EXEC')
  assert.equal(client.takeOutput(), bulks('k', 'c'))

  const second = wait(store, 'BLPOP', 'k', '0')
  store.send('MULTI')
  store.send('RPUSH', 'k', 'a')
  store.send('DEL', 'k')
  store.send('EXEC')
  assert.equal(second.takeOutput(), '')
  assert.equal(store.store.blocking.count, 1)
})

test('within a transaction nobody waits', () => {
  const store = new TestStore()
  store.send('MULTI')
  store.send('BLPOP', 'k', '0')
  store.send('BLMOVE', 'k', 'l', 'LEFT', 'LEFT', '0')
  store.send('BLMPOP', '0', '1', 'k', 'LEFT')
  assert.deepEqual(store.send('EXEC'), [null, null, null])
})

test('a key of another type does not end the wait; one that was there when it began does', () => {
  const store = new TestStore()
  const client = wait(store, 'BLPOP', 'k', '0')
  store.send('SET', 'k', 'text')
  assert.equal(client.takeOutput(), '')
  store.send('DEL', 'k')
  store.send('RPUSH', 'k', '1')
  assert.equal(client.takeOutput(), bulks('k', '1'))

  store.send('SET', 'text', 'x')
  assert.match(store.client.sendRaw('BLPOP', 'none', 'text', 'k', '0'), /^-WRONGTYPE/)
  const mover = wait(store, 'BRPOPLPUSH', 'k', 'text', '0')
  store.send('RPUSH', 'k', '1')
  assert.match(mover.takeOutput(), /^-WRONGTYPE/)
  assert.equal(store.send('LLEN', 'k'), 1)
})

test('keys that come by RENAME, COPY, MOVE and SWAPDB', () => {
  const store = new TestStore()
  const clients = ['a', 'b', 'c', 'd'].map((key) => wait(store, 'BLPOP', key, '0'))
  store.send('RPUSH', 'x', '1')
  store.send('COPY', 'x', 'a')
  assert.equal(clients[0]!.takeOutput(), bulks('a', '1'))
  store.send('RENAME', 'x', 'b')
  assert.equal(clients[1]!.takeOutput(), bulks('b', '1'))
  store.send('SELECT', '1')
  store.send('RPUSH', 'c', '2')
  store.send('MOVE', 'c', '0')
  assert.equal(clients[2]!.takeOutput(), bulks('c', '2'))
  store.send('RPUSH', 'd', '3')
  assert.equal(clients[3]!.takeOutput(), '')
  store.send('SWAPDB', '0', '1')
  assert.equal(clients[3]!.takeOutput(), bulks('d', '3'))
})

test('CLIENT UNBLOCK', () => {
  const store = new TestStore()
  const first = wait(store, 'BLPOP', 'k', '0')
  const second = wait(store, 'BLPOP', 'k', '0')
  assert.equal(store.send('CLIENT', 'UNBLOCK', first.client.id), 1)
  assert.equal(first.takeOutput(), NIL_ARRAY)
  assert.equal(store.send('CLIENT', 'UNBLOCK', second.client.id, 'ERROR'), 1)
  assert.equal(second.takeOutput(), '-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n')
  assert.equal(store.send('CLIENT', 'UNBLOCK', second.client.id), 0)
  assert.equal(second.send('PING'), 'PONG')
})

test('a client that goes leaves the queue', () => {
  const store = new TestStore()
  const gone = wait(store, 'BLPOP', 'k', 'l', '0')
  const stays = wait(store, 'BLPOP', 'k', '0')
  gone.client.gate |= Gate.closing
  gone.client.onUnblock?.(false)
  store.store.clients.remove(gone.client)
  assert.equal(gone.takeOutput(), '')
  store.send('RPUSH', 'k', '1')
  assert.equal(stays.takeOutput(), bulks('k', '1'))
  assert.equal(store.store.blocking.keyCount, 0)

  const left = wait(store, 'BLPOP', 'k', '0')
  store.store.clients.remove(left.client)
  assert.equal(store.store.blocking.count, 0)
})

test('what INFO and CLIENT LIST tell', () => {
  const store = new TestStore()
  const client = wait(store, 'BLPOP', 'k', 'l', '5')
  wait(store, 'BRPOP', 'l', '0')
  const info = store.send('INFO', 'clients') as string
  for (const line of [
    'blocked_clients:2',
    'clients_in_timeout_table:1',
    'total_blocking_keys:2',
    'total_blocking_keys_on_nokey:0',
  ]) {
    assert.ok(info.includes(line), line)
  }
  assert.match(store.send('CLIENT', 'LIST', 'ID', client.client.id) as string, / flags=b .* cmd=blpop /)
})

test('a call that waited is counted once, when it has ended, and monitored once', () => {
  const store = new TestStore({ 'slowlog-log-slower-than': '0' })
  const monitor = store.connect()
  monitor.send('MONITOR')
  wait(store, 'BLPOP', 'k', '0')
  const stats = (): string => /cmdstat_blpop:(.*?),usec/.exec(store.send('INFO', 'commandstats') as string)?.[1] ?? ''
  assert.equal(stats(), '')
  store.send('RPUSH', 'k', '1')
  assert.equal(stats(), 'calls=1')
  wait(store, 'BLPOP', 'k', '1')
  store.time.advance(2000)
  assert.equal(stats(), 'calls=2')
  const logged = (store.send('SLOWLOG', 'GET', '-1') as unknown[][]).filter(
    (entry) => (entry[3] as string[])[0] === 'BLPOP',
  )
  assert.equal(logged.length, 2)
  assert.equal(monitor.takeOutput().match(/"BLPOP"/g)?.length, 2)
})

test('while writes are paused nobody is served', () => {
  const store = new TestStore()
  const client = wait(store, 'BLPOP', 'k', '0')
  store.send('MULTI')
  store.send('RPUSH', 'k', '1')
  store.send('CLIENT', 'PAUSE', '1000', 'WRITE')
  store.send('EXEC')
  assert.equal(client.takeOutput(), '')
  store.time.advance(1100)
  assert.equal(client.takeOutput(), bulks('k', '1'))
})

test('CLIENT REPLY OFF mutes what comes late', () => {
  const store = new TestStore()
  const client = store.connect()
  client.sendRaw('CLIENT', 'REPLY', 'OFF')
  client.sendRaw('BLPOP', 'k', '0')
  store.send('RPUSH', 'k', '1')
  assert.equal(client.takeOutput(), '')
  client.sendRaw('BLPOP', 'k', '1')
  store.time.advance(2000)
  assert.equal(client.takeOutput(), '')
})

test('a thousand clients keep their order', () => {
  const store = new TestStore()
  const clients = Array.from({ length: 1000 }, (_, i) => wait(store, 'BLPOP', i % 2 === 0 ? 'a' : 'b', 'c', '0'))
  for (let i = 0; i < 1000; i += 10) store.send('RPUSH', 'c', ...Array.from({ length: 10 }, (_, j) => i + j))
  for (const [i, client] of clients.entries()) assert.equal(client.takeOutput(), bulks('c', String(i)))
  assert.equal(store.store.blocking.count, 0)
  validateLists(store)
})
