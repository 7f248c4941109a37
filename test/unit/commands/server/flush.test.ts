import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { ask, runTable, SYNTAX, wrongArity } from './requests.js'

test('DBSIZE, FLUSHDB, FLUSHALL: replies', () => {
  runTable([
    ['DBSIZE', 0],
    ['DBSIZE x', wrongArity('dbsize')],
    ['MSET a 1 b 2', 'OK'],
    ['DBSIZE', 2],
    ['FLUSHDB now', SYNTAX],
    ['FLUSHDB sync sync', SYNTAX],
    ['FLUSHALL now', SYNTAX],
    ['FLUSHALL async sync', SYNTAX],
    ['DBSIZE', 2],
    ['FLUSHDB', 'OK'],
    ['DBSIZE', 0],
    ['FLUSHDB', 'OK'],
    ['SET a 1', 'OK'],
    ['FLUSHALL ASYNC', 'OK'],
    ['DBSIZE', 0],
    ['SET a 1', 'OK'],
    ['FLUSHDB async', 'OK'],
    ['SET a 1', 'OK'],
    ['FLUSHALL Sync', 'OK'],
    ['DBSIZE', 0],
  ])
})

test('FLUSHDB empties the selected database alone', () => {
  const store = new TestStore()
  ask(store, 'SET a 1')
  ask(store, 'SELECT 3')
  ask(store, 'SET b 1')
  ask(store, 'FLUSHDB')
  assert.equal(ask(store, 'DBSIZE'), 0)
  ask(store, 'SELECT 0')
  assert.equal(ask(store, 'DBSIZE'), 1)
  ask(store, 'FLUSHALL')
  assert.equal(ask(store, 'DBSIZE'), 0)
})

test('flushing is propagated even when there is nothing to remove, and counts what it removed', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  ask(store, 'FLUSHALL')
  ask(store, 'FLUSHDB ASYNC')
  assert.deepEqual(effects, ['0: FLUSHALL', '0: FLUSHDB ASYNC'])
  assert.equal(store.store.dirty, 0)
  ask(store, 'MSET a 1 b 2')
  ask(store, 'FLUSHALL')
  assert.equal(store.store.dirty, 4)
})

test('flushing without a word frees in the background when configured so', () => {
  for (const [setting, pending] of [
    ['yes', 2],
    ['no', 0],
  ] as const) {
    const store = new TestStore({ 'lazyfree-lazy-user-flush': setting })
    ask(store, 'MSET a 1 b 2')
    ask(store, 'FLUSHALL')
    assert.equal(store.store.keyspace.reclaimer.pendingObjects, pending)
    store.time.advance(1000)
    assert.equal(store.store.keyspace.arena.usedBytes, 0)
    store.validate()
  }
})

test('flushing spoils a transaction that watches a key there is', () => {
  const store = new TestStore()
  const other = store.connect()
  ask(store, 'SET a 1')
  ask(store, 'WATCH a')
  other.send('FLUSHALL')
  ask(store, 'MULTI')
  ask(store, 'PING')
  assert.equal(ask(store, 'EXEC'), null)
})
