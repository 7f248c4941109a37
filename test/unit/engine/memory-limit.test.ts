import assert from 'node:assert/strict'
import { test } from 'node:test'
import { State } from '../../../src/engine/command.js'
import { ask } from '../../support/request-table.js'
import { TestStore } from '../../support/test-store.js'

const OOM = "OOM command not allowed when used memory > 'maxmemory'."

function isOver(store: TestStore): boolean {
  return (store.store.state & State.overMemory) !== 0
}

test('without a limit no bit is set', () => {
  const store = new TestStore()
  assert.equal(store.store.state, 0)
  store.send('SET', 'k', 'x'.repeat(1000))
  assert.equal(store.store.state, 0)
  assert.equal(store.store.memoryLimit.limitBytes, Infinity)
})

test('writing that takes memory is refused above the limit, and only that', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  store.send('CONFIG', 'SET', 'maxmemory', store.store.usedMemory + 50_000)
  assert.equal(isOver(store), false)
  assert.equal(store.send('SET', 'big', 'x'.repeat(100_000)), 'OK') // the one that passes the limit
  assert.equal(isOver(store), true)
  assert.equal(ask(store.client, 'SET k w'), OOM)
  assert.equal(ask(store.client, 'APPEND k w'), OOM)
  assert.equal(store.send('GET', 'k'), 'v')
  assert.equal(store.send('EXPIRE', 'k', 10), 1)
  assert.equal(store.send('DEL', 'big'), 1)
  assert.equal(isOver(store), false)
  assert.equal(store.send('SET', 'k', 'w'), 'OK')
})

test('the limit takes effect at once, from the command line and from CONFIG SET', () => {
  const store = new TestStore({ maxmemory: '1' })
  assert.equal(ask(store.client, 'SET k v'), OOM)
  store.send('CONFIG', 'SET', 'maxmemory', 0)
  assert.equal(store.store.state, 0)
  assert.equal(store.send('SET', 'k', 'v'), 'OK')
  store.send('CONFIG', 'SET', 'maxmemory', 1)
  assert.equal(ask(store.client, 'SET k v'), OOM)
  store.send('CONFIG', 'SET', 'maxmemory', '1gb')
  assert.equal(store.send('SET', 'k', 'v'), 'OK')
})

test('what expires or is freed in the background makes room', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'x'.repeat(100_000), 'PX', 50)
  store.send('CONFIG', 'SET', 'maxmemory', store.store.usedMemory - 1000)
  assert.equal(isOver(store), true)
  store.time.advance(500)
  assert.equal(isOver(store), false)

  for (let i = 0; i < 3000; i++) store.send('SET', `key:${i}`, i)
  store.send('CONFIG', 'SET', 'maxmemory', store.store.usedMemory - 1000)
  store.send('FLUSHDB', 'ASYNC')
  store.time.advance(10)
  assert.equal(isOver(store), false)
})

test('what clients hold counts: queued requests and watches', () => {
  const store = new TestStore()
  const other = store.connect()
  const before = store.store.usedMemory
  other.send('MULTI')
  for (let i = 0; i < 20; i++) other.send('SET', 'k', 'x'.repeat(10_000))
  assert.ok(store.store.usedMemory > before + 200_000)
  store.send('CONFIG', 'SET', 'maxmemory', before + 100_000)
  assert.equal(ask(store.client, 'SET k v'), OOM)
  other.send('DISCARD')
  assert.equal(store.send('SET', 'k', 'v'), 'OK')
  const unwatched = store.store.usedMemory
  other.send('WATCH', 'a', 'b', 'c')
  assert.ok(store.store.usedMemory > unwatched + 600)
  other.send('UNWATCH')
  assert.equal(store.store.usedMemory, unwatched)
})
