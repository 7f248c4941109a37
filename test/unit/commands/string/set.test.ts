import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'

test('SET stores, replaces and reports', () => {
  const store = new TestStore()
  assert.equal(store.send('SET', 'k', 'v'), 'OK')
  assert.equal(store.send('GET', 'k'), 'v')
  assert.equal(store.send('SET', 'k', '12345'), 'OK')
  assert.equal(store.send('INCR', 'k'), 12346)
  store.validate()
})

test('SET with a time propagates the moment', () => {
  const store = new TestStore()
  const effects = store.recordEffects()
  const events = store.recordEvents()
  assert.equal(store.send('SET', 'k', 'v', 'EX', 10), 'OK')
  assert.deepEqual(effects, [`0: SET k v PXAT ${store.time.nowMs + 10000}`])
  assert.deepEqual(events, ['new k@0', 'set k@0', 'expire k@0'])
  store.time.advance(10001)
  assert.equal(store.send('GET', 'k'), null)
  assert.deepEqual(effects.slice(1), ['0: DEL k'])
})
