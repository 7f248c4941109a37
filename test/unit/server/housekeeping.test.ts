/** The recurring work of a store: what runs when, and which parameters steer it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyspaceStat } from '../../../src/keyspace/statistics.js'
import { TestStore } from '../../support/test-store.js'

function fill(store: TestStore, count: number, ttlMs: number): void {
  for (let i = 0; i < count; i++) store.send('SET', `key:${i}`, i, 'PX', ttlMs)
}

test('keys expire with nobody asking for them', () => {
  const store = new TestStore()
  fill(store, 1000, 50)
  const effects = store.recordEffects()
  const events = store.recordEvents()
  store.time.advance(50)
  assert.equal(store.send('DBSIZE'), 1000)
  store.time.advance(2000)
  assert.equal(store.send('DBSIZE'), 0)
  assert.equal(effects.length, 1000)
  assert.ok(effects.every((line) => line.startsWith('0: DEL key:')))
  assert.ok(events.every((line) => line.startsWith('expired key:')))
  assert.equal(store.store.keyspace.statistics[KeyspaceStat.expired], 1000)
  assert.equal(store.store.dirty, 1000)
})

test('hz says how often', () => {
  for (const hz of ['1', '100']) {
    const store = new TestStore({ hz })
    store.time.advance(1)
    fill(store, 1, 5)
    store.time.advance(100)
    assert.equal(store.send('DBSIZE'), hz === '1' ? 1 : 0)
    store.time.advance(1000)
    assert.equal(store.send('DBSIZE'), 0)
  }
})

test('DEBUG switches the search off, CLIENT PAUSE holds it up', () => {
  const store = new TestStore({ 'enable-debug-command': 'yes' })
  fill(store, 10, 5)
  store.send('DEBUG', 'SET-ACTIVE-EXPIRE', 0)
  store.time.advance(1000)
  assert.equal(store.send('DBSIZE'), 10)
  store.send('DEBUG', 'SET-ACTIVE-EXPIRE', 1)
  store.send('CLIENT', 'PAUSE', 3000, 'WRITE')
  store.time.advance(1000)
  assert.equal(store.send('DBSIZE'), 10)
  assert.equal(store.send('GET', 'key:1'), null)
  assert.equal(store.send('DBSIZE'), 10)
  store.time.advance(3000)
  assert.equal(store.send('DBSIZE'), 0)
})

test('parameters reach the key space', () => {
  const store = new TestStore()
  const { keyspace } = store.store
  const state = (): unknown[] => [
    keyspace.isLfu, keyspace.lfuDecayMinutes, keyspace.lfuLogFactor,
    keyspace.lazyFreesExpired, keyspace.lazyFreesDeleted, keyspace.lazyFreesOverwritten,
  ] // prettier-ignore
  assert.deepEqual(state(), [false, 1, 10, false, false, false])
  for (const [name, value] of [
    ['maxmemory-policy', 'volatile-lfu'],
    ['lfu-decay-time', 3],
    ['lfu-log-factor', 20],
    ['lazyfree-lazy-expire', 'yes'],
    ['lazyfree-lazy-user-del', 'yes'],
    ['lazyfree-lazy-server-del', 'yes'],
  ] as const)
    assert.equal(store.send('CONFIG', 'SET', name, value), 'OK')
  assert.deepEqual(state(), [true, 3, 20, true, true, true])
  const given = new TestStore({ 'maxmemory-policy': 'allkeys-lfu', 'lazyfree-lazy-expire': 'yes' })
  assert.equal(given.store.keyspace.isLfu, true)
  assert.equal(given.store.keyspace.lazyFreesExpired, true)
})
