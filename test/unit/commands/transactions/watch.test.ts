/** WATCH and UNWATCH: what spoils a transaction, and what does not. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

/** Whether EXEC fails: with keys a = 1 (watched), b = 2 and empty c, requests of another client come between. */
function isSpoiled(requests: readonly string[], watched = 'a', prepare = ''): boolean {
  const store = new TestStore()
  store.store.keyspace.expiresActively = false
  const other = store.connect()
  store.send('MSET', 'a', 1, 'b', 2)
  if (prepare !== '') for (const request of prepare.split('; ')) ask(other, request)
  ask(store.client, `WATCH ${watched}`)
  run(store, other, requests)
  store.send('MULTI')
  store.send('PING')
  const reply = store.send('EXEC')
  assert.equal(store.store.watches.size, 0)
  assert.equal(store.store.keyspace.hasWatchers, false)
  return reply === null
}

function run(store: TestStore, other: ReturnType<TestStore['connect']>, requests: readonly string[]): void {
  for (const request of requests) {
    if (request.startsWith('wait ')) store.time.advance(Number(request.slice(5)))
    else ask(other, request)
  }
}

test('WATCH and UNWATCH', () => {
  runTable([
    ['WATCH', wrongArity('watch')],
    ['UNWATCH x', wrongArity('unwatch')],
    ['UNWATCH', 'OK'],
    ['WATCH a b a', 'OK'],
    ['WATCH a', 'OK'],
    ['UNWATCH', 'OK'],
    ['MULTI', 'OK'],
    ['UNWATCH', 'QUEUED'],
    ['EXEC', ['OK']],
  ])
})

test('changes of the watched key', () => {
  for (const request of [
    'SET a 1', 'APPEND a x', 'INCR a', 'DEL a', 'UNLINK a', 'EXPIRE a 100', 'EXPIRE a -1', 'GETDEL a', 'GETEX a EX 10',
    'RENAME a x', 'RENAME b a', 'COPY b a REPLACE', 'MOVE a 1', 'FLUSHALL', 'FLUSHDB', 'SWAPDB 0 1', 'MSET x 1 a 2',
    'SETRANGE a 0 x', 'FLUSHALL ASYNC',
  ]) assert.equal(isSpoiled([request]), true, request) // prettier-ignore
})

test('what leaves the watched key as it is', () => {
  for (const request of [
    'GET a', 'TTL a', 'PERSIST a', 'SET b 1', 'DEL none', 'EXPIRE a 100 XX', 'RENAMENX b a', 'COPY b a', 'SET a 1 NX',
    'COPY a b REPLACE', 'MOVE a 0', 'SWAPDB 1 2', 'SWAPDB 0 0', 'TOUCH a', 'GETEX a', 'APPEND b x', 'RENAME a a',
  ]) assert.equal(isSpoiled([request]), false, request) // prettier-ignore
  assert.equal(isSpoiled(['SELECT 1', 'SET a 1', 'FLUSHDB', 'SET a 2']), false)
})

test('a key that was missing', () => {
  assert.equal(isSpoiled(['SET c 1'], 'c'), true)
  assert.equal(isSpoiled(['SET c 1', 'DEL c'], 'c'), true)
  assert.equal(isSpoiled(['RENAME a c'], 'c'), true)
  assert.equal(isSpoiled(['COPY a c'], 'c'), true)
  assert.equal(isSpoiled(['DEL c', 'FLUSHALL', 'SWAPDB 0 1', 'EXPIRE c 10'], 'c'), false)
  assert.equal(isSpoiled(['SWAPDB 0 1'], 'c', 'SELECT 1; SET c 1; SELECT 0'), true)
  assert.equal(isSpoiled(['SELECT 1', 'SET c 1', 'MOVE c 0'], 'c'), true)
})

test('a key that expires', () => {
  assert.equal(isSpoiled(['wait 6'], 'c', 'SET c 1 PX 5'), true)
  assert.equal(isSpoiled(['wait 4'], 'c', 'SET c 1 PX 5'), false)
  assert.equal(isSpoiled(['wait 6', 'GET c'], 'c', 'SET c 1 PX 5'), true)
  assert.equal(isSpoiled(['wait 6', 'DEL c'], 'c', 'SET c 1 PX 5'), true)
  assert.equal(isSpoiled(['wait 6'], 'a c b', 'SET c 1 PX 5'), true)
})

test('a key that had expired when it was watched counts as missing', () => {
  const cases: [requests: string[], expected: boolean][] = [
    [[], false],
    [['GET c'], false],
    [['DEL c'], false],
    [['UNLINK c', 'GET c'], false],
    [['SCAN 0'], false],
    [['FLUSHALL'], false],
    [['FLUSHALL', 'SET c 1'], true],
    [['SET c 1'], true],
    [['GET c', 'SET c 1'], true],
    [['RENAME a c'], true],
    [['SWAPDB 0 1'], false],
    [['SELECT 1', 'SET c 1', 'SWAPDB 0 1'], true],
    [['SELECT 1', 'SET c 1 PX 1', 'wait 2', 'SWAPDB 0 1'], false],
    [['SELECT 1', 'SET c 1 PX 1', 'wait 2', 'SWAPDB 0 1', 'SELECT 0', 'SET c 1'], true],
  ]
  for (const [requests, expected] of cases) {
    const store = new TestStore()
    store.store.keyspace.expiresActively = false
    const other = store.connect()
    store.send('SET', 'a', 1)
    store.send('SET', 'c', 1, 'PX', 5)
    store.time.advance(6)
    store.send('WATCH', 'c')
    run(store, other, requests)
    store.send('MULTI')
    store.send('PING')
    assert.equal(store.send('EXEC') === null, expected, requests.join(', '))
  }
})

test('a missing key exchanged for one that has expired is still missing', () => {
  assert.equal(isSpoiled(['SELECT 1', 'SET c 1 PX 1', 'wait 2', 'SWAPDB 0 1'], 'c'), false)
  assert.equal(isSpoiled(['SELECT 1', 'SET c 1 PX 1', 'wait 2', 'SWAPDB 0 1', 'SELECT 0', 'SET c 1'], 'c'), true)
})

test('the active cycle spoils what it deletes', () => {
  const store = new TestStore()
  store.send('SET', 'k', 1, 'PX', 5)
  store.send('WATCH', 'k')
  store.time.advance(200)
  assert.equal(store.send('DBSIZE'), 0)
  store.send('MULTI')
  assert.equal(store.send('EXEC'), null)
})

test("the client's own changes count before MULTI, and not inside", () => {
  const store = new TestStore()
  store.send('SET', 'k', 1)
  store.send('WATCH', 'k')
  store.send('SET', 'k', 2)
  store.send('MULTI')
  assert.equal(store.send('EXEC'), null)
  store.send('WATCH', 'k')
  store.send('MULTI')
  store.send('SET', 'k', 3)
  store.send('GET', 'k')
  assert.deepEqual(store.send('EXEC'), ['OK', '3'])
})

test('EXEC, DISCARD and UNWATCH end all watches', () => {
  for (const [ending, isOpen] of [
    ['EXEC', true],
    ['DISCARD', true],
    ['UNWATCH', false],
  ] as const) {
    const store = new TestStore()
    const other = store.connect()
    store.send('WATCH', 'k')
    if (isOpen) store.send('MULTI')
    store.send(ending)
    other.send('SET', 'k', 1)
    store.send('MULTI')
    assert.deepEqual(store.send('EXEC'), [], ending)
  }
})

test('UNWATCH makes good what has changed', () => {
  const store = new TestStore()
  store.send('WATCH', 'k')
  store.connect().send('SET', 'k', 1)
  store.send('UNWATCH')
  store.send('MULTI')
  assert.deepEqual(store.send('EXEC'), [])
})

test('a refused command outweighs a changed key', () => {
  const store = new TestStore()
  store.send('WATCH', 'k')
  store.connect().send('SET', 'k', 1)
  store.send('MULTI')
  ask(store.client, 'NOSUCH')
  assert.equal(ask(store.client, 'EXEC'), 'EXECABORT Transaction discarded because of previous errors.')
})

test('nil in both protocols', () => {
  for (const [protocol, nil] of [
    [2, '*-1\r\n'],
    [3, '_\r\n'],
  ] as const) {
    const store = new TestStore()
    store.client.client.reply.protocol = protocol
    store.send('WATCH', 'k')
    store.send('SET', 'k', 1)
    store.send('MULTI')
    assert.equal(store.client.sendRaw('EXEC'), nil)
  }
})

test('many clients and keys', () => {
  const store = new TestStore()
  const clients = Array.from({ length: 10 }, () => store.connect())
  for (const client of clients) client.send('WATCH', 'a', 'b', 'c')
  clients[3]!.send('UNWATCH')
  assert.equal(store.store.watches.size, 27)
  assert.equal(store.store.watches.keyCount, 3)
  store.send('SET', 'b', 1)
  // The others cannot succeed any more, so nothing is watched for them.
  assert.equal(store.store.watches.size, 0)
  for (const [i, client] of clients.entries()) {
    client.send('MULTI')
    assert.deepEqual(client.send('EXEC'), i === 3 ? [] : null)
  }
})

test('a watch looks at its own database', () => {
  const store = new TestStore()
  const other = store.connect()
  store.send('SELECT', 1)
  store.send('WATCH', 'k')
  store.send('SELECT', 0)
  other.send('SET', 'k', 1)
  store.send('MULTI')
  assert.deepEqual(store.send('EXEC'), [])
  store.send('SELECT', 1)
  store.send('WATCH', 'k')
  store.send('SELECT', 0)
  other.send('SELECT', 1)
  other.send('SET', 'k', 1)
  store.send('MULTI')
  assert.equal(store.send('EXEC'), null)
})
