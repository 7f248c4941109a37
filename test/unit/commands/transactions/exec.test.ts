/** MULTI, EXEC and DISCARD. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gate } from '../../../../src/engine/client.js'
import { ask, runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

const EXEC_ABORT = 'EXECABORT Transaction discarded because of previous errors.'
const OOM = "command not allowed when used memory > 'maxmemory'."

test('MULTI, EXEC, DISCARD', () => {
  runTable([
    ['EXEC', 'ERR EXEC without MULTI'],
    ['DISCARD', 'ERR DISCARD without MULTI'],
    ['MULTI x', wrongArity('multi')],
    ['MULTI', 'OK'],
    ['MULTI', 'ERR MULTI calls can not be nested'],
    ['SET k 1', 'QUEUED'],
    ['INCR k', 'QUEUED'],
    ['GET k', 'QUEUED'],
    ['EXEC', ['OK', 2, '2']],
    ['EXEC', 'ERR EXEC without MULTI'],
    ['MULTI', 'OK'],
    ['EXEC', []],
    ['MULTI', 'OK'],
    ['SET k 5', 'QUEUED'],
    ['DISCARD', 'OK'],
    ['GET k', '2'],
    ['DISCARD', 'ERR DISCARD without MULTI'],
  ])
})

test('an error while running keeps nothing else from running', () => {
  runTable([
    ['SET k text', 'OK'],
    ['MULTI', 'OK'],
    ['SET a 1', 'QUEUED'],
    ['INCR k', 'QUEUED'],
    ['SET b 2', 'QUEUED'],
    ['EXEC', ['OK', 'ERR value is not an integer or out of range', 'OK']],
    ['MGET a b', ['1', '2']],
  ])
})

test('an error while queueing aborts', () => {
  for (const [request, reply] of [
    ['GET', wrongArity('get')],
    ['NOSUCH x', "ERR unknown command 'NOSUCH', with args beginning with: 'x' "],
    ['OBJECT NOSUCH k', "ERR unknown subcommand 'NOSUCH'. Try OBJECT HELP."],
    ['OBJECT FREQ', wrongArity('object|freq')],
  ] as const) {
    runTable([
      ['MULTI', 'OK'],
      ['SET k 1', 'QUEUED'],
      [request, reply],
      ['SET k 2', 'QUEUED'],
      ['EXEC', EXEC_ABORT],
      ['EXISTS k', 0],
      ['MULTI', 'OK'],
      ['SET k 3', 'QUEUED'],
      ['EXEC', ['OK']],
    ])
  }
})

test('some errors leave a transaction as it was', () => {
  runTable([
    ['MULTI', 'OK'],
    ['SET k 1', 'QUEUED'],
    ['WATCH k', 'ERR WATCH inside MULTI is not allowed'],
    ['MULTI', 'ERR MULTI calls can not be nested'],
    ['EXEC', ['OK']],
  ])
})

test('EXEC with words too many aborts', () => {
  runTable([
    ['EXEC now', `EXECABORT Transaction discarded because of: ${wrongArity('exec').slice(4)}`],
    ['MULTI', 'OK'],
    ['SET k 1', 'QUEUED'],
    ['EXEC now', `EXECABORT Transaction discarded because of: ${wrongArity('exec').slice(4)}`],
    ['EXEC', 'ERR EXEC without MULTI'],
    ['GET k', null],
  ])
})

test('a spoiled transaction keeps no further commands', () => {
  const store = new TestStore()
  const { client } = store.client
  for (const spoil of ['GET', 'NOSUCH']) {
    store.send('MULTI')
    store.send('SET', 'k', 1)
    ask(store.client, spoil)
    for (let i = 0; i < 10; i++) assert.equal(store.send('SET', 'k', i), 'QUEUED')
    assert.equal(client.transaction!.commands.length, 1)
    store.send('EXEC')
  }
})

test('memory of a queue is counted, and let go', () => {
  const store = new TestStore()
  const { client } = store.client
  store.send('MULTI')
  store.send('SET', 'k', 'x'.repeat(1000))
  assert.ok(client.transaction!.memoryBytes > 1000)
  store.send('DISCARD')
  assert.equal(client.transaction, undefined)
  assert.equal(client.gate & Gate.inTransaction, 0)
})

test('replies come as if each command had been sent on its own', () => {
  const store = new TestStore()
  store.client.client.reply.protocol = 3
  store.send('MULTI')
  store.send('GET', 'none')
  store.send('KEYS', '*')
  assert.equal(store.client.sendRaw('EXEC'), '*2\r\n_\r\n*0\r\n')
})

test('effects are one unit, without the commands that changed nothing', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const run = (...requests: string[]): string[] => {
    store.send('MULTI')
    for (const request of requests) ask(store.client, request)
    store.send('EXEC')
    return effects.splice(0)
  }
  assert.deepEqual(run(), [])
  assert.deepEqual(run('GET k', 'DEL none'), [])
  assert.deepEqual(run('GET k', 'SET k 1', 'TTL k'), ['0: SET k 1'])
  assert.deepEqual(run('SET k 1', 'EXPIRE k 10', 'MSET a 1 b 2'), [
    '[',
    '0: SET k 1',
    `0: PEXPIREAT k ${store.time.nowMs + 10_000}`,
    '0: MSET a 1 b 2',
    ']',
  ])
  assert.deepEqual(run('SET k 1', 'SELECT 2', 'SET k 1'), ['[', '0: SET k 1', '2: SET k 1', ']'])
  assert.equal(store.send('DBSIZE'), 1)
})

test('what was changed before an error is told all the same', () => {
  const store = new TestStore()
  store.send('SET', 'text', 'x')
  const effects = store.recordEffects()
  store.send('MULTI')
  for (const request of ['SET a 1', 'INCR text', 'SET b 1']) ask(store.client, request)
  store.send('EXEC')
  assert.deepEqual(effects, ['[', '0: SET a 1', '0: SET b 1', ']'])
})

test('time stands still inside', () => {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  // A clock that moves by a millisecond with every look at it.
  const { clock } = store.store.environment
  const startMs = store.time.nowMs
  let us = startMs * 1000
  clock.monotonicUs = () => (us += 1000)
  clock.nowMs = () => Math.floor(us / 1000)
  store.send('MULTI')
  store.send('SET', 'k', 'v', 'PX', 2)
  for (let i = 0; i < 20; i++) store.send('PTTL', 'k')
  const replies = store.send('EXEC') as unknown[]
  assert.deepEqual(new Set(replies.slice(1)), new Set([2]))
  assert.equal(store.send('EXISTS', 'k'), 0)
})

test('the database selected inside stays selected', () => {
  const store = new TestStore()
  store.send('MULTI')
  store.send('SELECT', 3)
  store.send('SET', 'k', 'v')
  store.send('EXEC')
  assert.equal(store.send('GET', 'k'), 'v')
  store.send('SELECT', 0)
  assert.equal(store.send('GET', 'k'), null)
})

test('each command counts and is shown, in the order it ran, EXEC last', () => {
  const store = new TestStore()
  const monitor = store.connect()
  monitor.send('MONITOR')
  store.send('MULTI')
  store.send('SET', 'k', 'v')
  store.send('GET', 'k')
  store.send('EXEC')
  const shown = (): string[] => [...monitor.takeOutput().matchAll(/\] "(\w+)"/g)].map((match) => match[1]!)
  assert.deepEqual(shown(), ['MULTI', 'SET', 'GET', 'EXEC'])
  const { registry } = store.store
  for (const name of ['set', 'get', 'multi', 'exec'])
    assert.equal(registry.counter(registry.findByFullName(name)!, 0), 1)

  // A transaction refused at EXEC has been shown MULTI; EXEC follows.
  store.send('MULTI')
  store.send('SET', 'k', 'v')
  store.connect().send('CONFIG', 'SET', 'maxmemory', 1)
  store.send('EXEC')
  assert.deepEqual(shown(), ['MULTI', 'EXEC'])
})

test('what runs inside does not block', () => {
  const store = new TestStore()
  store.send('MULTI')
  store.send('PING')
  assert.equal(store.client.client.gate & Gate.denyBlocking, 0)
  store.send('EXEC')
  assert.equal(store.client.client.gate, 0)
})

test('out of memory', () => {
  const store = new TestStore()
  const other = store.connect()
  const limit = (bytes: number): void => void other.send('CONFIG', 'SET', 'maxmemory', bytes)
  store.send('SET', 'k', 'v')

  // Reading and deleting go on, and so does a transaction of them.
  store.send('MULTI')
  store.send('GET', 'k')
  store.send('DEL', 'none')
  limit(1)
  assert.deepEqual(store.send('EXEC'), ['v', 0])
  assert.equal(ask(store.client, 'SET a 1'), `OOM ${OOM}`)
  assert.equal(store.send('GET', 'k'), 'v')

  // In a transaction queueing takes memory by itself, so nothing may be queued.
  assert.equal(store.send('MULTI'), 'OK')
  assert.equal(ask(store.client, 'GET k'), `OOM ${OOM}`)
  assert.equal(ask(store.client, 'MULTI'), `OOM ${OOM}`)
  assert.equal(ask(store.client, 'EXEC'), EXEC_ABORT)
  assert.equal(store.send('MULTI'), 'OK')
  assert.equal(store.send('DISCARD'), 'OK')

  limit(0)
  store.send('MULTI')
  store.send('SET', 'k', 'w')
  store.send('GET', 'k')
  limit(1)
  assert.equal(ask(store.client, 'EXEC'), `EXECABORT Transaction discarded because of: OOM ${OOM}`)
  limit(0)
  assert.equal(store.send('GET', 'k'), 'v')
  assert.equal(ask(store.client, 'EXEC'), 'ERR EXEC without MULTI')
})

test('a configuration error inside does not stop the rest', () => {
  const store = new TestStore()
  store.send('MULTI')
  store.send('SET', 'k', 1)
  store.send('CONFIG', 'SET', 'maxmemory', 'bla')
  store.send('GET', 'k')
  const replies = ask(store.client, 'EXEC') as string[]
  assert.equal(replies[0], 'OK')
  assert.match(replies[1]!, /^ERR CONFIG SET failed/)
  assert.equal(replies[2], '1')
})
