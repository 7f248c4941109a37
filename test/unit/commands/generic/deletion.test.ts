/** DEL, UNLINK, EXISTS and TOUCH. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyspaceStat } from '../../../../src/keyspace/statistics.js'
import { addChain, ChainOwner, chainLength } from '../../../support/chain-values.js'
import { runTable, wrongArity } from '../../../support/request-table.js'
import { TestStore } from '../../../support/test-store.js'

for (const name of ['DEL', 'UNLINK'] as const) {
  test(`${name} deletes what there is`, () => {
    runTable([
      [name, wrongArity(name.toLowerCase())],
      [`${name} a`, 0],
      ['MSET a 1 b 2 c 3', 'OK'],
      [`${name} a`, 1],
      [`${name} a b a b nothing`, 1],
      ['EXISTS a b c', 1],
      ["SET '' empty", 'OK'],
      [`${name} ''`, 1],
      ['EXISTS c', 1],
    ])
  })

  test(`effects and events of ${name}`, () => {
    const store = new TestStore()
    store.send('MSET', 'a', 1, 'b', 2)
    const effects = store.recordEffects()
    const events = store.recordEvents()
    store.send(name, 'none')
    assert.deepEqual(effects, [])
    store.send(name, 'a', 'none', 'b')
    assert.deepEqual(effects, [`0: ${name} a none b`])
    assert.deepEqual(events, ['del a@0', 'del b@0'])
    assert.equal(store.store.dirty, 4)
  })

  test(`${name} does not count keys past their time, which it deletes`, () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v', 'PX', 10)
    store.time.advance(1)
    const effects = store.recordEffects()
    const events = store.recordEvents()
    store.store.keyspace.expiresActively = false
    store.time.advance(100)
    assert.equal(store.send(name, 'k'), 0)
    assert.deepEqual(effects, ['0: DEL k'])
    assert.deepEqual(events, ['expired k@0'])
    assert.equal(store.store.keyspace.statistics[KeyspaceStat.expired], 1)
    store.validate()
  })

  test(`${name} deletes and counts keys past their time where those stay`, () => {
    const store = new TestStore()
    store.send('SET', 'k', 'v', 'PX', 10)
    store.store.keyspace.deletesExpired = false
    store.time.advance(100)
    assert.equal(store.send('GET', 'k'), null)
    assert.equal(store.send('DBSIZE'), 1)
    assert.equal(store.send(name, 'k'), 1)
    assert.equal(store.send('DBSIZE'), 0)
  })
}

test('large values go at once with DEL, in slices with UNLINK and with lazyfree-lazy-user-del', () => {
  const store = new TestStore()
  const { keyspace } = store.store
  const owner = new ChainOwner(keyspace)
  const database = keyspace.databases[0]!
  const empty = store.store.usedMemory
  addChain(database, owner, 'k', 1000)
  store.send('DEL', 'k')
  assert.equal(owner.freedAtOnce, 1)
  assert.equal(store.store.usedMemory, empty)

  for (const name of ['UNLINK', 'DEL']) {
    store.send('CONFIG', 'SET', 'lazyfree-lazy-user-del', 'yes')
    addChain(database, owner, 'k', 1000)
    assert.equal(store.send(name, 'k'), 1)
    assert.equal(store.send('EXISTS', 'k'), 0)
    assert.ok(store.store.usedMemory > empty)
    assert.equal(keyspace.reclaimer.pendingObjects, 1)
    store.time.advance(10)
    assert.equal(store.store.usedMemory, empty)
  }
  assert.equal(keyspace.statistics[KeyspaceStat.lazyFreed], 2)
  assert.equal(owner.freedAtOnce, 1)
})

test('small values go at once even with UNLINK, and do not count as freed lazily', () => {
  const store = new TestStore()
  const { keyspace } = store.store
  const owner = new ChainOwner(keyspace)
  addChain(keyspace.databases[0]!, owner, 'k', 64)
  store.send('UNLINK', 'k')
  assert.equal(owner.freedAtOnce, 1)
  assert.equal(keyspace.statistics[KeyspaceStat.lazyFreed], 0)
  assert.equal(chainLength(keyspace.databases[0]!, owner, 'k'), -1)
})

test('EXISTS counts each mention, TOUCH too', () => {
  runTable([
    ['EXISTS', wrongArity('exists')],
    ['TOUCH', wrongArity('touch')],
    ['MSET a 1 b 2', 'OK'],
    ['EXISTS a', 1],
    ['EXISTS none', 0],
    ['EXISTS a a b none a', 4],
    ['TOUCH a none b a', 3],
    ['TOUCH none', 0],
  ])
})

test('EXISTS leaves the access clock alone, TOUCH sets it even for clients that do not touch', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  store.send('CLIENT', 'NO-TOUCH', 'on')
  store.time.advance(50_000)
  store.send('EXISTS', 'k')
  store.send('GET', 'k')
  assert.equal(store.send('OBJECT', 'IDLETIME', 'k'), 50)
  store.send('TOUCH', 'k')
  assert.equal(store.send('OBJECT', 'IDLETIME', 'k'), 0)
})

test('EXISTS and TOUCH count hits and misses, and announce misses', () => {
  const store = new TestStore()
  store.send('SET', 'k', 'v')
  const events = store.recordEvents()
  store.send('EXISTS', 'k', 'none')
  store.send('TOUCH', 'none', 'k', 'k')
  const { statistics } = store.store.keyspace
  assert.equal(statistics[KeyspaceStat.hits], 3)
  assert.equal(statistics[KeyspaceStat.misses], 2)
  assert.deepEqual(events, ['keymiss none@0', 'keymiss none@0'])
})
