/** Every allocation of every changing command fails once: the command then says so, and nothing has changed. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestStore } from '../../../support/test-store.js'
import { dataSet, OUT_OF_MEMORY, send, words } from './table.js'

const LONG = 'x'.repeat(3000)

/** What the keys hold before: every way in which a string is kept, with and without an expiry time. */
const SETTINGS: readonly string[] = [
  'SET int 41', 'SET short abc', 'SET middle ' + 'y'.repeat(100), 'SET long ' + LONG,
  'SET intX 41 EX 100', 'SET shortX abc EX 100', 'SET longX ' + LONG + ' EX 100',
] // prettier-ignore

const KEYS: readonly string[] = ['missing', 'int', 'short', 'middle', 'long', 'intX', 'shortX', 'longX']

/** Requests in which K stands for the key. */
const REQUESTS: readonly string[] = [
  'SET K v', 'SET K 12', `SET K ${LONG}`, 'SET K v EX 5', 'SET K v GET KEEPTTL', `SET K ${LONG} GET`, 'SETNX K v', 'SETEX K 5 v',
  `PSETEX K 5 ${LONG}`, `GETSET K ${LONG}`, 'GETSET K v', 'INCR K', 'DECRBY K 9223372036854775807', 'INCRBYFLOAT K 0.5',
  'APPEND K v', `APPEND K ${LONG}`, `APPEND K ${'z'.repeat(250)}`, 'SETRANGE K 5 v', 'SETRANGE K 300 v', 'SETRANGE K 40000 v',
  'SETBIT K 3 0', 'SETBIT K 3 1', 'SETBIT K 5000 1', 'BITFIELD K SET u8 0 255', 'BITFIELD K SET u8 5000 255',
  'BITFIELD K OVERFLOW FAIL SET u8 5000 256', 'BITOP NOT K short', 'BITOP AND K long middle', 'BITOP OR K long longX',
  'BITOP XOR K K',
] // prettier-ignore

for (const request of REQUESTS) {
  test(`out of memory: ${request.slice(0, 40)}`, () => {
    for (const key of KEYS) failEachAllocation(words(request.replaceAll(/\bK\b/g, key)))
  })
}

test('out of memory between the pairs of MSET: the feed is told of those that were stored', () => {
  const { store } = prepared()
  const effects = store.recordEffects()
  failFrom(store, 1) // the first pair fits where it is
  assert.equal(send(store, 'MSET', 'short', 'abd', 'missing', 'v', 'int', '3'), OUT_OF_MEMORY)
  assert.deepEqual(effects, ['0: MSET short abd'])
  assert.equal(send(store, 'GET', 'int'), '41')
  store.validate()
})

function failEachAllocation(request: string[]): void {
  for (let allowed = 0; ; allowed++) {
    const { before, store } = prepared()
    const effects = store.recordEffects()
    const watcher = failFrom(store, allowed + 1)
    const reply = send(store, ...request)
    store.validate()
    if (!watcher.hasFailed) return
    const label = `${request.join(' ').slice(0, 60)}, allocation ${allowed + 1}`
    // A command may do with less than it asked for at first, and then it succeeds.
    if (reply !== OUT_OF_MEMORY) continue
    assert.deepEqual(dataSet(store), before, label)
    assert.deepEqual(effects, [], label)
    assert.equal(store.store.dirty, SETTINGS.length, label)
  }
}

function prepared(): { store: TestStore; before: ReturnType<typeof dataSet> } {
  const store = new TestStore()
  for (const setting of SETTINGS) assert.equal(send(store, ...words(setting)), 'OK')
  return { store, before: dataSet(store) }
}

/** From the n-th allocation on, there is no memory. */
function failFrom(store: TestStore, n: number): { hasFailed: boolean } {
  const watcher = { hasFailed: false }
  const { arena } = store.store.keyspace
  const allocate = arena.allocate.bind(arena)
  let count = 0
  let isInside = false // the arena calls itself for the first block of a slab
  arena.allocate = (bytes) => {
    if (isInside) return allocate(bytes)
    if (++count >= n) {
      watcher.hasFailed = true
      return 0
    }
    isInside = true
    const pointer = allocate(bytes)
    isInside = false
    return pointer
  }
  return watcher
}
