import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1Bytes } from '../../../src/base/bytes.js'
import { Keyspace } from '../../../src/keyspace/keyspace.js'
import { KeyspaceStat } from '../../../src/keyspace/statistics.js'
import { setString } from '../../../src/keyspace/types/string.js'
import { Arena } from '../../../src/memory/arena.js'
import { addChain, ChainOwner } from '../../support/chain-values.js'
import { SeededRandom } from '../../support/test-store.js'

function keyspace(): Keyspace {
  return new Keyspace(new Arena({ poison: true }), new SeededRandom(1), 3)
}

function fill(space: Keyspace, index: number, count: number): void {
  const database = space.databases[index]!
  for (let i = 0; i < count; i++) {
    const key = latin1Bytes(`key:${i}`)
    database.find(key, 0, key.length)
    setString(database, 0, key, 0, key.length, key, 0, key.length, i % 2 === 0 ? -1 : 1e12)
  }
}

test('a flushed database is empty at once, and freed in slices', () => {
  const space = keyspace()
  const { reclaimer } = space
  let asked = 0
  reclaimer.onWork = () => asked++
  fill(space, 0, 5000)
  fill(space, 1, 10)
  assert.equal(space.flush(0, true), 5000)
  assert.ok(asked > 0)
  assert.equal(space.databases[0]!.size, 0)
  assert.equal(reclaimer.pendingObjects, 5000)
  assert.equal(reclaimer.runSlice(100), true)
  // What is written meanwhile is not touched.
  fill(space, 0, 7)
  for (let before = reclaimer.pendingObjects; reclaimer.runSlice(100); before = reclaimer.pendingObjects) {
    assert.ok(before - reclaimer.pendingObjects < 120)
  }
  assert.equal(reclaimer.pendingObjects, 0)
  assert.equal(reclaimer.hasWork, false)
  assert.equal(space.statistics[KeyspaceStat.lazyFreed], 5000)
  assert.equal(space.databases[0]!.size, 7)
  assert.equal(space.databases[1]!.size, 10)
  for (const database of space.databases) {
    database.keys.validate()
    database.volatile.validate()
  }
  space.flush(-1, false)
  assert.equal(space.arena.usedBytes, 0)
})

test('flushing at once frees at once, and does not count as lazy', () => {
  for (const index of [-1, 0]) {
    const space = keyspace()
    const owner = new ChainOwner(space)
    fill(space, 0, 1000)
    if (index === 0) fill(space, 1, 5)
    addChain(space.databases[0]!, owner, 'chain', 500)
    assert.equal(space.flush(index, false), 1001)
    assert.equal(space.reclaimer.hasWork, false)
    assert.equal(space.statistics[KeyspaceStat.lazyFreed], 0)
    assert.equal(space.keyCount, index === 0 ? 5 : 0)
    space.flush(-1, false)
    assert.equal(space.arena.usedBytes, 0)
    space.arena.validate()
  }
})

test('large values among the keys of a flushed database have slices of their own', () => {
  const space = keyspace()
  const owner = new ChainOwner(space)
  for (let i = 0; i < 20; i++) addChain(space.databases[0]!, owner, `chain:${i}`, 1000)
  addChain(space.databases[0]!, owner, 'small', 3)
  space.flush(0, true)
  let slices = 0
  for (let before = space.arena.usedBytes; space.reclaimer.runSlice(100); before = space.arena.usedBytes) {
    assert.ok(before - space.arena.usedBytes <= 150 * 64)
    slices++
  }
  assert.ok(slices >= 200)
  assert.equal(space.arena.usedBytes, 0)
  assert.equal(owner.freedAtOnce, 1)
  assert.equal(space.statistics[KeyspaceStat.lazyFreed], 21)
})

test('a large value is freed some elements at a time', () => {
  const space = keyspace()
  const owner = new ChainOwner(space)
  const database = space.databases[0]!
  addChain(database, owner, 'chain', 1000)
  database.remove(database.find(latin1Bytes('chain'), 0, 5), true)
  assert.equal(space.reclaimer.pendingObjects, 1)
  const before = space.arena.usedBytes
  assert.equal(space.reclaimer.runSlice(10), true)
  assert.equal(before - space.arena.usedBytes, 10 * 24)
  space.reclaimer.runAll()
  assert.equal(space.arena.usedBytes, 0)
  assert.equal(space.statistics[KeyspaceStat.lazyFreed], 1)
})

test('emptying everything forgets what was waiting', () => {
  const space = keyspace()
  const owner = new ChainOwner(space)
  addChain(space.databases[1]!, owner, 'chain', 1000)
  fill(space, 0, 100)
  space.flush(1, true)
  space.flush(-1, false)
  assert.equal(space.reclaimer.hasWork, false)
  assert.equal(space.arena.usedBytes, 0)
  fill(space, 0, 100)
  space.databases[0]!.keys.validate()
})
